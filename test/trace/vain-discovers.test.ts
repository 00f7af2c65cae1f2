import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elapsedNs } from "../../src/model/capture.js";
import type { Exchange } from "../../src/model/exchange.js";
import type { FindGap } from "../../src/trace/judge-exchange.js";
import { converse, dhcp, type Said, start } from "./conversation.js";

/** Each DISCOVER has an xid of its own: 1, 2, 3, … */
function askAnew(...timesMs: readonly number[]): Said[] {
	return timesMs.map((atMs, at) =>
		dhcp("discover", atMs, "arrives", { xid: at + 1 }),
	);
}

/** Each exchange as it was last told, in order of their first messages. */
function judge(
	said: readonly Said[],
	untilMs = 60_000,
	gapAt: FindGap | null = null,
): Exchange[] {
	const inOrder = [...said].sort((a, b) => a.atMs - b.atMs);
	const told = converse(inOrder, untilMs, gapAt);
	const latest = new Map(told.map((exchange) => [exchange.id, exchange]));
	return [...latest.values()].sort((a, b) => elapsedNs(b.since, a.since));
}

function outcomesOf(exchanges: readonly Exchange[]): string {
	return exchanges.map(({ outcome }) => outcome).join(" ");
}

describe("a client that takes another xid each time it asks", () => {
	test("is unanswered after two retransmissions and four seconds", () => {
		const told = judge(askAnew(0, 3000, 6000));
		assert.equal(outcomesOf(told), "inconclusive inconclusive unanswered");
		assert.equal(told[2]?.lastSeen, "ens3");
		assert.equal(told[2]?.firstMissing, null);
		assert.equal(
			told[2]?.reason,
			"there was no answer to 3 DISCOVERs in 6.0 s, each in a transaction of its own",
		);
		assert.equal(
			told[0]?.reason,
			"discover seen once in 5.1 s without an answer, which is too little to call it unanswered",
		);
	});

	test("is not yet after one retransmission, or in less time", () => {
		assert.equal(
			outcomesOf(judge(askAnew(0, 3000))),
			"inconclusive inconclusive",
		);
		assert.equal(
			outcomesOf(judge(askAnew(0, 1000, 2000), 3900)),
			"inconclusive inconclusive inconclusive",
		);
	});

	test("stays so while it goes on", () => {
		const told = judge(askAnew(0, 20_000, 40_000, 60_000), 90_000);
		assert.equal(
			outcomesOf(told),
			"inconclusive inconclusive unanswered unanswered",
		);
		assert.match(
			told[3]?.reason ?? "",
			/^there was no answer to 4 DISCOVERs in 60\.0 s/,
		);
	});

	test("counts those of one transaction as well", () => {
		const again = dhcp("discover", 2000, "arrives", { xid: 1 });
		const told = judge([...askAnew(0, 5000), again]);
		assert.equal(outcomesOf(told), "inconclusive unanswered");
	});

	test("is not unanswered where an answer to one of them came, however late", () => {
		const late = dhcp("offer", 7000, "arrives", { xid: 1 });
		const told = judge([...askAnew(0, 3000, 6000), late]);
		assert.equal(told[2]?.outcome, "inconclusive");
		assert.match(told[2]?.reason ?? "", /^discover seen once in/);
	});

	test("nor where one of them was answered, and the answer was lost", () => {
		const crossing = askAnew(-60_000).map((said) => ({ ...said, atMs: 0 }));
		const asked = [20_000, 23_000, 26_000].map((atMs, at) =>
			dhcp("discover", atMs, "arrives", { xid: at + 2 }),
		);
		const answer = dhcp("offer", 23_001, "lost", { xid: 3 });
		const told = judge([...crossing, ...asked, answer]);
		assert.deepEqual(
			told.map(({ outcome }) => outcome),
			["inconclusive", "inconclusive", "lost", "inconclusive"],
		);
	});

	test("counts only what got out, and after it got a lease anew", () => {
		const [first, , third] = askAnew(0, 3000, 6000);
		const lost = dhcp("discover", 3000, "lost", { xid: 2 });
		assert.ok(first && third);
		assert.equal(judge([first, lost, third]).at(-1)?.outcome, "inconclusive");
		const lease = (["offer", "request", "ack"] as const).map((type, at) =>
			dhcp(type, 3100 + at, "arrives", { xid: 2 }),
		);
		const told = judge([...askAnew(0, 3000, 6000, 9000), ...lease]);
		assert.equal(
			outcomesOf(told),
			"inconclusive delivered inconclusive inconclusive",
		);
	});

	test("cannot be told where the capture of any of them had a gap", () => {
		const hasGap: FindGap = (port, time) =>
			port === "vnet0" && elapsedNs(start, time) === 3e9
				? "frames were lost"
				: null;
		const told = judge(askAnew(0, 3000, 6000), 60_000, hasGap);
		assert.equal(outcomesOf(told), "inconclusive inconclusive inconclusive");
		const more = judge(askAnew(0, 3000, 6000, 9000, 12_000), 60_000, hasGap);
		assert.equal(more.at(-1)?.outcome, "unanswered");
		assert.match(
			more.at(-1)?.reason ?? "",
			/no answer to 3 DISCOVERs in 6\.0 s/,
		);
	});

	test("is unanswered when the log ends while it goes on, not when frames were lost", () => {
		const endsAt = (endMs: number): FindGap => {
			return (_, time, withinNs) =>
				elapsedNs(start, time) + withinNs > endMs * 1e6
					? "the log ended"
					: null;
		};
		const asked = askAnew(0, 3000, 6000, 9000, 12_000);
		const told = judge(asked, 13_000, endsAt(13_000));
		assert.equal(told.at(-1)?.outcome, "unanswered");
		const same = asked.map(({ atMs }) => dhcp("discover", atMs));
		const repeated = judge(same, 13_000, endsAt(13_000));
		assert.deepEqual(outcomesOf(repeated), "unanswered");
		const early = judge(asked.slice(0, 4), 9500, endsAt(9500));
		assert.equal(early.at(-1)?.outcome, "inconclusive");
		const cut = judge(asked, 13_000, endsAt(12_500));
		assert.equal(cut.at(-1)?.outcome, "inconclusive");
	});

	test("begins anew after a quarter of an hour", () => {
		const told = judge(askAnew(0, 3000, 903_001), 930_000);
		assert.equal(told.at(-1)?.outcome, "inconclusive");
	});

	test("is told of one relay and another apart", () => {
		const asked = [0, 3000, 6000].map((atMs, at) =>
			dhcp("discover", atMs, "arrives", { xid: at + 1, relay: `10.0.0.${at}` }),
		);
		assert.equal(judge(asked).at(-1)?.outcome, "inconclusive");
	});
});
