import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addNs } from "../../src/model/capture.js";
import type { Exchange } from "../../src/model/exchange.js";
import { AddressChecks } from "../../src/trace/address-checks.js";
import type { Message, OpenExchange } from "../../src/trace/open-exchange.js";
import {
	check,
	converse,
	dhcp,
	router,
	type Said,
	start,
	vm,
} from "./conversation.js";

const lan = { mac: "00:0d:b9:00:00:33", ip: "10.0.0.33" };
const neighbor = { mac: "52:54:00:00:00:02", ip: "10.0.0.12" };

/** dnsmasq's check: three who-has, and the echo request that then finds its way. */
const dnsmasq = [
	...[0, 1000, 2000].map((atMs) => check("who-has", atMs + 0.3)),
	check("echo", 3020),
];

/** A client that asks twice, and is given its lease after three seconds. */
const patient: readonly Said[] = [
	dhcp("discover", 0),
	dhcp("discover", 2000),
	...granted(3021),
];

function granted(atMs: number): Said[] {
	return [
		dhcp("offer", atMs),
		dhcp("request", atMs + 20),
		dhcp("ack", atMs + 21),
	];
}

/** The DHCP exchange as it was last told. */
function judge(said: readonly Said[], untilMs = 30_000): Exchange {
	const inOrder = [...said].sort((a, b) => a.atMs - b.atMs);
	const told = converse(inOrder, untilMs).filter(
		({ protocol }) => protocol === "dhcp",
	);
	const last = told.at(-1);
	assert.ok(last, "no exchange was told");
	assert.equal(new Set(told.map(({ id }) => id)).size, 1);
	return last;
}

const repeated = "the client sent its discover more than once";

function assertRepeated(said: readonly Said[]): void {
	const { outcome, reason } = judge(said);
	assert.deepEqual([outcome, reason], ["degraded", repeated]);
}

describe("a client that asks again while the server checks the address", () => {
	test("is given its lease as it should be", () => {
		const exchange = judge([...patient, ...dnsmasq]);
		assert.equal(exchange.outcome, "delivered");
		assert.equal(
			exchange.reason,
			"the server checked the address for 3.0 s first",
		);
		assert.equal(exchange.lease?.address, vm.ip);
	});

	test("is so whether the server asks by ARP alone or by echo alone", () => {
		for (const kind of ["who-has", "echo"] as const) {
			const { outcome } = judge([...patient, check(kind, 1)]);
			assert.equal(outcome, "delivered", kind);
		}
	});

	test("is so behind a relay, where the router asks with an address of its own", () => {
		const by = { mac: router.mac, ip: "10.0.0.254" };
		const relayed = patient.map((said) => ({ ...said }));
		const { outcome } = judge([...relayed, check("who-has", 1, { by })]);
		assert.equal(outcome, "delivered");
	});

	test("is so when all its DISCOVERs are answered, and what it was given is pinged at once", () => {
		const offers = [3022, 3023].map((atMs) => dhcp("offer", atMs));
		const pings = Array.from({ length: 40 }, (_, at) => [
			check("echo", 3100 + 20 * at),
			check("reply", 3105 + 20 * at, { by: vm, isFromTap: true }),
		]);
		const exchange = judge([
			...patient,
			...offers,
			...dnsmasq,
			...pings.flat(),
		]);
		assert.equal(exchange.outcome, "delivered");
	});

	test("is not late where the check took until then", () => {
		const said = [dhcp("discover", 0), ...granted(4500)];
		assert.equal(judge(said).reason, "it took 4.5 s");
		const checked = judge([...said, check("who-has", 1400)]);
		assert.equal(checked.outcome, "delivered");
		assert.equal(
			checked.reason,
			"the server checked the address for 3.1 s first",
		);
	});

	test("needs no excuse where it did not ask again", () => {
		const [first, , ...rest] = patient;
		assert.ok(first);
		const exchange = judge([first, ...rest, ...dnsmasq]);
		assert.deepEqual([exchange.outcome, exchange.reason], ["delivered", null]);
	});
});

describe("a client that asks again is degraded", () => {
	test("where no check was seen", () => {
		assertRepeated(patient);
	});

	test("where another address was checked, or the check came before or after", () => {
		assertRepeated([...patient, check("who-has", 1, { of: "10.0.0.10" })]);
		assertRepeated([...patient, check("who-has", 3030)]);
		const early = [-4000, -3000].map((atMs) => check("who-has", atMs + 5000));
		const later = patient.map((said) => ({ ...said, atMs: said.atMs + 5000 }));
		assertRepeated([...later, ...early]);
	});

	test("where it was asked for all the time, by whom it was not offered, or by a VM", () => {
		const always = Array.from({ length: 9 }, (_, at) =>
			check("who-has", 1000 * at),
		);
		const later = patient.map((said) => ({ ...said, atMs: said.atMs + 5000 }));
		assertRepeated([...later, ...always]);
		assertRepeated([...patient, check("who-has", 1, { by: lan })]);
		const tap = { by: neighbor, isFromTap: true };
		assertRepeated([...patient, check("who-has", 1, tap)]);
	});

	test("where a question just before the OFFER kept nobody waiting", () => {
		assertRepeated([...patient, check("echo", 3020)]);
	});

	test("where the check was answered: the address is in use", () => {
		for (const kind of ["is-at", "reply"] as const) {
			const answer = check(kind, 1500, { by: lan });
			assertRepeated([...patient, ...dnsmasq, answer]);
		}
		// Who announces it uses it, too.
		const announced = check("who-has", 1500, {
			by: { mac: lan.mac, ip: vm.ip },
		});
		assertRepeated([...patient, ...dnsmasq, announced]);
	});

	test("where the OFFER took more than five seconds", () => {
		const said = [dhcp("discover", 0), dhcp("discover", 2000)];
		assertRepeated([...said, ...granted(5100), check("who-has", 2100)]);
		const inTime = judge([...said, ...granted(4900), check("who-has", 2100)]);
		assert.equal(inTime.outcome, "delivered");
	});

	test("where its REQUEST was sent again", () => {
		const exchange = judge([
			...patient.slice(0, 3),
			...dnsmasq,
			dhcp("request", 3040),
			dhcp("request", 4040),
			dhcp("ack", 4041),
		]);
		assert.equal(exchange.outcome, "degraded");
		assert.equal(exchange.reason, "the client sent its request more than once");
	});

	test("where it came late after the check", () => {
		const exchange = judge([
			...patient.slice(0, 3),
			...dnsmasq,
			dhcp("request", 7000),
			dhcp("ack", 7100),
		]);
		assert.equal(exchange.reason, "it took 7.1 s");
	});

	test("where a DISCOVER was lost, a server refused, or two answered", () => {
		const lost = judge([
			dhcp("discover", 0),
			dhcp("discover", 2000, "lost"),
			...granted(3021),
			...dnsmasq,
		]);
		assert.match(lost.reason ?? "", /^the discover was lost between br0/);
		const foreign = { server: "10.0.0.66" };
		const refused = [...patient, ...dnsmasq, dhcp("nak", 3041.5)];
		assert.equal(judge(refused).outcome, "refused");
		const rogue = [
			...patient,
			...dnsmasq,
			dhcp("offer", 2500, "arrives", foreign),
		];
		assert.equal(
			judge(rogue).reason,
			"2 servers answered: 10.0.0.66, 10.0.0.1",
		);
	});
});

describe("AddressChecks", () => {
	const message = ({ frame, atMs, way }: Said): Message =>
		({
			kind: "question",
			frame,
			time: addNs(start, atMs * 1e6),
			journey: { source: way === "up" ? "vm" : "lan", outcome: "delivered" },
		}) as Message;
	const exchange = {
		protocol: "dhcp",
		messages: patient.map((said) => ({
			...message(said),
			kind: said.way === "up" ? "question" : "answer",
		})),
	} as unknown as OpenExchange;

	test("find() knows a check until too many other addresses came up", () => {
		const checks = new AddressChecks();
		checks.note(message(check("who-has", 1)));
		assert.equal(checks.find(exchange)?.tookNs, 3_020_000_000);
		for (let at = 0; at < 5000; at += 1) {
			const of = `172.16.${at >> 8}.${at & 255}`;
			checks.note(message(check("who-has", 2, { of })));
		}
		assert.equal(checks.find(exchange), null);
	});

	test("find() knows a check among few askers, not among many", () => {
		const checks = new AddressChecks();
		checks.note(message(check("who-has", 1)));
		for (let at = 0; at < 100; at += 1) {
			const by = { mac: `00:00:00:00:00:${at}`, ip: "10.0.0.200" };
			checks.note(message(check("who-has", 2, { by })));
		}
		assert.equal(checks.find(exchange), null);
	});

	test("clear() forgets", () => {
		const checks = new AddressChecks();
		checks.note(message(check("who-has", 1)));
		checks.clear();
		assert.equal(checks.find(exchange), null);
	});
});
