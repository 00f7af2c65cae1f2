import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Exchange } from "../../src/model/exchange.js";
import { arp, converse, echo, router, type Said } from "./conversation.js";

/** The exchanges of a conversation, each as it was last told. */
function judgeAll(said: readonly Said[], untilMs = 30_000): Exchange[] {
	const told = converse(said, untilMs);
	return [...new Map(told.map((exchange) => [exchange.id, exchange])).values()];
}

function outcomesOf(exchanges: readonly Exchange[]) {
	return exchanges.map(({ outcome }) => outcome);
}

describe("an ARP exchange", () => {
	test("is delivered when the answer arrives, with the round trip at each port", () => {
		const [exchange] = judgeAll([arp("request", 0), arp("reply", 1)]);
		assert.equal(exchange?.outcome, "delivered");
		assert.deepEqual(exchange?.roundTrip, {
			ens3: 1_000_000 - 20_000,
			br0: 1_000_000,
			vnet0: 1_000_000 + 20_000,
		});
	});

	test("is lost where the answer was lost", () => {
		const crossing = [arp("request", 0), arp("reply", 1)];
		const [, exchange] = judgeAll([
			...crossing,
			arp("request", 5000),
			arp("reply", 5001, router.ip, "lost"),
		]);
		assert.equal(exchange?.outcome, "lost");
		assert.equal(exchange?.message, "reply");
		assert.equal(exchange?.firstMissing, "vnet0");
	});

	test("stays lost when the log ends while it is asked, or answered, again", () => {
		const crossing = [arp("request", 0), arp("reply", 1)];
		const answered = [5000, 6000, 7000].flatMap((atMs) => [
			arp("request", atMs),
			arp("reply", atMs + 1, router.ip, "lost"),
		]);
		const [, answer] = judgeAll([...crossing, ...answered], 7500);
		assert.equal(answer?.outcome, "lost");
		assert.equal(answer?.message, "reply");
		const asked = [5000, 6000, 7000].map((atMs) =>
			arp("request", atMs, router.ip, "lost"),
		);
		const [, question] = judgeAll([...crossing, ...asked], 7500);
		assert.equal(question?.outcome, "lost");
		assert.equal(question?.message, "request");
	});

	test("is unanswered after two repeats, not before", () => {
		const asked = [0, 1000, 2000].map((atMs) =>
			arp("request", atMs, "10.0.0.254"),
		);
		const [exchange] = judgeAll(asked);
		assert.equal(exchange?.outcome, "unanswered");
		assert.equal(exchange?.lastSeen, "ens3");
		assert.equal(exchange?.firstMissing, null);
		assert.deepEqual(outcomesOf(judgeAll(asked.slice(0, 2))), ["inconclusive"]);
		assert.deepEqual(outcomesOf(judgeAll(asked, 2100)), ["inconclusive"]);
	});

	test("stays unanswered while it goes on being asked", () => {
		const asked = [0, 1000, 2000, 4500].map((atMs) =>
			arp("request", atMs, "10.0.0.254"),
		);
		const [exchange] = judgeAll(asked, 4520);
		assert.equal(exchange?.outcome, "unanswered");
		assert.equal(exchange?.lastSeen, "ens3");
	});

	test("of a sweep is never unanswered", () => {
		const addresses = [1, 2, 3, 4, 5, 6, 7, 8].map(
			(host) => `10.0.0.10${host}`,
		);
		const sweep = addresses.flatMap((address, at) =>
			[0, 1000, 2000].map((atMs) => arp("request", atMs + at * 10, address)),
		);
		const inOrder = sweep.sort((a, b) => a.atMs - b.atMs);
		const outcomes = outcomesOf(judgeAll(inOrder));
		assert.equal(outcomes.length, addresses.length);
		assert.ok(!outcomes.slice(3).includes("unanswered"), outcomes.join(" "));
	});
});

describe("an echo exchange", () => {
	test("is delivered when the reply arrives", () => {
		const [exchange] = judgeAll([echo("request", 0), echo("reply", 2)]);
		assert.equal(exchange?.outcome, "delivered");
		assert.equal(exchange?.roundTrip?.vnet0, 2_020_000);
		assert.equal(exchange?.roundTrip?.ens3, 1_980_000);
	});

	test("is refused by an ICMP error that quotes the request", () => {
		const [exchange] = judgeAll([echo("request", 0), echo("unreachable", 2)]);
		assert.equal(exchange?.outcome, "refused");
		assert.equal(exchange?.message, "unreachable");
		assert.equal(exchange?.server, router.ip);
	});

	test("takes no redirect for an answer: it is advice (RFC 1812 section 5.2.7.2)", () => {
		const [answered, ...others] = judgeAll([
			echo("request", 0),
			echo("redirect", 1),
			echo("reply", 2),
		]);
		assert.equal(answered?.outcome, "delivered");
		assert.equal(answered?.server, null);
		assert.equal(answered?.roundTrip?.vnet0, 2_020_000);
		assert.deepEqual(others, []);
		const before = [echo("request", 0, 1), echo("reply", 1, 1)];
		const advised = [echo("request", 1000, 2), echo("redirect", 1001, 2)];
		assert.deepEqual(outcomesOf(judgeAll([...before, ...advised])), [
			"delivered",
			"unanswered",
		]);
	});

	test("is lost behind a redirect: it does not say that the request arrived", () => {
		const before = [echo("request", 0, 1), echo("reply", 1, 1)];
		const lost = [echo("request", 1000, 2, "lost"), echo("redirect", 1001, 2)];
		assert.deepEqual(outcomesOf(judgeAll([...before, ...lost])), [
			"delivered",
			"lost",
		]);
	});

	test("is degraded, not refused, when a reply arrives beside an error", () => {
		for (const [first, second] of [
			["unreachable", "reply"],
			["reply", "unreachable"],
		] as const) {
			const [exchange, ...others] = judgeAll([
				echo("request", 0),
				echo(first, 1),
				echo(second, 2),
			]);
			assert.equal(exchange?.outcome, "degraded");
			assert.equal(exchange?.message, "echo-reply");
			assert.match(
				exchange?.reason ?? "",
				/^it was answered, and ICMP unreachable from 10\.0\.0\.1, .* came as well$/,
			);
			assert.deepEqual(others, []);
		}
	});

	test("is unanswered after two seconds of log, not before", () => {
		// The router's place is known from the ping before.
		const first = [echo("request", 0, 1), echo("reply", 1, 1)];
		const asked = [...first, echo("request", 1000, 2)];
		assert.deepEqual(outcomesOf(judgeAll(asked)), ["delivered", "unanswered"]);
		assert.deepEqual(outcomesOf(judgeAll(asked, 2900)), [
			"delivered",
			"inconclusive",
		]);
	});

	test("is not unanswered where the asker's capture had ended", () => {
		const said = [
			echo("request", 0, 1),
			echo("reply", 1, 1),
			echo("request", 1000, 2),
		];
		const told = converse(said, 30_000, "vnet0");
		assert.equal(told.at(-1)?.outcome, "inconclusive");
		assert.equal(told.at(-1)?.reason, "vnet0 was not captured");
	});

	test("keeps pings of one identifier apart by their sequence", () => {
		const said = [
			echo("request", 0, 1),
			echo("request", 1, 2),
			echo("reply", 2, 2),
			echo("reply", 3, 1),
		];
		assert.deepEqual(outcomesOf(judgeAll(said)), ["delivered", "delivered"]);
	});
});
