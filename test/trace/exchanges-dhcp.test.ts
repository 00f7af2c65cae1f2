import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Exchange } from "../../src/model/exchange.js";
import { converse, dhcp, router, type Said, vm } from "./conversation.js";

/** The one exchange of a conversation, as it was last told. */
function judge(said: readonly Said[], untilMs = 30_000): Exchange {
	const told = converse(said, untilMs);
	const last = told.at(-1);
	assert.ok(last, "no exchange was told");
	assert.equal(new Set(told.map(({ id }) => id)).size, 1);
	return last;
}

function verdictOf({ outcome, message, lastSeen, firstMissing }: Exchange) {
	return { outcome, message, lastSeen, firstMissing };
}

const lease = [
	dhcp("discover", 0),
	dhcp("offer", 1),
	dhcp("request", 20),
	dhcp("ack", 21),
];

/** Something that teaches which ports are on one bridge, long before. */
const before = [dhcp("discover", 0, "arrives", { xid: 1 })];

describe("a DHCP exchange", () => {
	test("is delivered when DISCOVER, OFFER, REQUEST and ACK arrive", () => {
		const exchange = judge(lease);
		assert.deepEqual(verdictOf(exchange), {
			outcome: "delivered",
			message: "ack",
			lastSeen: "vnet0",
			firstMissing: null,
		});
		assert.equal(exchange.mac, vm.mac);
		assert.equal(exchange.xid, 0x3903f326);
		assert.equal(exchange.server, router.ip);
		assert.equal(exchange.lease?.address, vm.ip);
		assert.equal(exchange.lease?.seconds, 3600);
		assert.deepEqual(
			exchange.messages.map(({ message, outcome }) => `${message} ${outcome}`),
			[
				"discover delivered",
				"offer delivered",
				"request delivered",
				"ack delivered",
			],
		);
	});

	test("is delivered by INIT-REBOOT, renewal or rebinding: REQUEST and ACK", () => {
		const exchange = judge([dhcp("request", 0), dhcp("ack", 3)]);
		assert.equal(exchange.outcome, "delivered");
	});

	test("is delivered by rapid commit: DISCOVER and ACK", () => {
		assert.equal(
			judge([dhcp("discover", 0), dhcp("ack", 3)]).outcome,
			"delivered",
		);
	});

	test("is delivered by INFORM and ACK, and RELEASE without an answer", () => {
		assert.equal(
			judge([dhcp("inform", 0), dhcp("ack", 3)]).outcome,
			"delivered",
		);
		assert.equal(judge([dhcp("release", 0)]).outcome, "delivered");
	});

	test("is refused by a NAK, or by the client's DECLINE", () => {
		const refused = judge([dhcp("request", 0), dhcp("nak", 3)]);
		assert.equal(refused.outcome, "refused");
		assert.equal(refused.message, "nak");
		const declined = judge([...lease, dhcp("decline", 900)]);
		assert.equal(declined.outcome, "refused");
		assert.equal(declined.message, "decline");
	});

	test("is healthy when the client only asked on with an OFFER in its hands", () => {
		// As iPXE does, which waits for the OFFERs of ProxyDHCP servers.
		const waited = judge([
			dhcp("discover", 0),
			dhcp("offer", 2),
			dhcp("discover", 1000),
			dhcp("offer", 1002),
			dhcp("discover", 3000),
			dhcp("offer", 3002),
			dhcp("request", 6000),
			dhcp("ack", 6003),
		]);
		assert.equal(waited.outcome, "delivered");
		assert.equal(waited.reason, null);
		const unheard = judge([
			dhcp("discover", 0),
			dhcp("discover", 1000),
			dhcp("offer", 1002),
			dhcp("request", 1003),
			dhcp("ack", 1004),
		]);
		assert.equal(unheard.outcome, "degraded");
	});

	test("is degraded when it worked after a NAK, a loss or a repetition", () => {
		const afterLoss = judge([
			dhcp("discover", 0),
			dhcp("offer", 1, "lost"),
			dhcp("discover", 3000),
			dhcp("offer", 3001),
			dhcp("request", 3020),
			dhcp("ack", 3021),
		]);
		assert.equal(afterLoss.outcome, "degraded");
		assert.equal(
			afterLoss.reason,
			"the offer was lost between br0 and vnet0 before it worked",
		);
		const afterRepetition = judge([
			dhcp("discover", 0),
			...lease.map((said) => ({ ...said, atMs: said.atMs + 3000 })),
		]);
		assert.equal(afterRepetition.outcome, "degraded");
		assert.equal(
			afterRepetition.reason,
			"the client sent its discover more than once",
		);
	});

	test("is degraded when it took more than four seconds", () => {
		const exchange = judge([dhcp("discover", 0), dhcp("ack", 4100)]);
		assert.equal(exchange.outcome, "degraded");
		assert.equal(exchange.reason, "it took 4.1 s");
	});

	test("is degraded when two servers answer", () => {
		const [discover, offer, ...rest] = lease as [Said, Said, ...Said[]];
		const second = dhcp("offer", 2, "arrives", { server: "10.0.0.66" });
		const exchange = judge([discover, offer, second, ...rest]);
		assert.equal(exchange.outcome, "degraded");
		assert.equal(exchange.reason, "2 servers answered: 10.0.0.1, 10.0.0.66");
		assert.equal(exchange.server, router.ip);
	});

	test("is degraded when the OFFER arrives and the client goes on asking", () => {
		const exchange = judge([
			dhcp("discover", 0),
			dhcp("offer", 1),
			dhcp("discover", 3000),
			dhcp("offer", 3001),
		]);
		assert.equal(exchange.outcome, "degraded");
		assert.equal(exchange.message, "offer");
	});

	test("is lost where the OFFER, or the ACK, was lost", () => {
		for (const type of ["offer", "ack"] as const) {
			const question = type === "offer" ? "discover" : "request";
			const told = converse(
				[
					...before,
					dhcp(question, 5000),
					dhcp(type, 5001, "lost"),
					dhcp(question, 8000),
					dhcp(type, 8001, "lost"),
				],
				30_000,
			);
			const last = told.findLast(({ xid }) => xid === 0x3903f326);
			assert.deepEqual(last && verdictOf(last), {
				outcome: "lost",
				message: type,
				lastSeen: "br0",
				firstMissing: "vnet0",
			});
		}
	});

	test("stays lost when the log ends while the client asks again", () => {
		const asked = [5000, 8000, 11_500].map((atMs) =>
			dhcp("discover", atMs, "lost"),
		);
		const told = converse([...before, ...asked], 11_600);
		const last = told.findLast(({ xid }) => xid === 0x3903f326);
		assert.deepEqual(last && verdictOf(last), {
			outcome: "lost",
			message: "discover",
			lastSeen: "br0",
			firstMissing: "ens3",
		});
		const first = converse(
			[...before, dhcp("discover", 11_500, "lost")],
			11_600,
		);
		assert.equal(first.at(-1)?.outcome, "inconclusive");
	});

	test("stays lost when the log ends while the client is answered again", () => {
		for (const type of ["offer", "ack"] as const) {
			const question = type === "offer" ? "discover" : "request";
			const said = [5000, 8000, 11_000].flatMap((atMs) => [
				dhcp(question, atMs),
				dhcp(type, atMs + 1, "lost"),
			]);
			const told = converse([...before, ...said], 11_700);
			const last = told.findLast(({ xid }) => xid === 0x3903f326);
			assert.deepEqual(last && verdictOf(last), {
				outcome: "lost",
				message: type,
				lastSeen: "br0",
				firstMissing: "vnet0",
			});
		}
		const asked = [5000, 8000, 11_000].map((atMs) => dhcp("discover", atMs));
		const told = converse(
			[...before, ...asked, dhcp("offer", 11_001, "lost")],
			11_700,
		);
		assert.equal(told.at(-1)?.outcome, "inconclusive");
	});

	test("is lost where the DISCOVER was lost", () => {
		const told = converse(
			[
				...before,
				dhcp("discover", 5000, "lost"),
				dhcp("discover", 8000, "lost"),
			],
			30_000,
		);
		const last = told.findLast(({ xid }) => xid === 0x3903f326);
		assert.deepEqual(last && verdictOf(last), {
			outcome: "lost",
			message: "discover",
			lastSeen: "br0",
			firstMissing: "ens3",
		});
	});

	test("is unanswered after two retransmissions and four seconds, not before", () => {
		const asked = [0, 1000, 2000].map((atMs) => dhcp("discover", atMs));
		assert.deepEqual(verdictOf(judge(asked)), {
			outcome: "unanswered",
			message: "discover",
			lastSeen: "ens3",
			firstMissing: null,
		});
		assert.equal(judge(asked.slice(0, 2)).outcome, "inconclusive");
		assert.equal(judge(asked, 3900).outcome, "inconclusive");
		assert.equal(judge(asked, 4100).outcome, "unanswered");
	});

	test("is told again when an answer comes after it was called unanswered", () => {
		const told = converse(
			[
				...[0, 1000, 2000].map((atMs) => dhcp("discover", atMs)),
				dhcp("offer", 9000),
				dhcp("request", 9020),
				dhcp("ack", 9021),
			],
			30_000,
		);
		assert.deepEqual(
			told.map(({ id, revision, outcome }) => [id, revision, outcome]),
			[
				[1, 0, "unanswered"],
				[1, 1, "degraded"],
			],
		);
	});

	test("with the xid of one that is over is another one", () => {
		const again = lease.map((said) => ({ ...said, atMs: said.atMs + 5000 }));
		const told = converse([...lease, ...again], 30_000);
		assert.deepEqual(
			told.map(({ id, outcome }) => [id, outcome]),
			[
				[1, "delivered"],
				[2, "delivered"],
			],
		);
	});

	test("goes by the ACK that came first: what comes after it is not the client's", () => {
		const foreign = { server: "10.0.0.66" };
		const refused = judge([...lease, dhcp("nak", 22, "arrives", foreign)]);
		assert.equal(refused.lease?.address, vm.ip);
		const repeated = judge([...lease, dhcp("ack", 40, "lost")]);
		assert.equal(repeated.outcome, "delivered");
		assert.equal(repeated.lease?.address, vm.ip);
	});

	test("keeps the answer, however often the client had asked", () => {
		const asked = Array.from({ length: 70 }, (_, at) =>
			dhcp("discover", at * 1000),
		);
		const answered = lease.map((said) => ({
			...said,
			atMs: said.atMs + 70_000,
		}));
		const exchange = judge([...asked, ...answered], 90_000);
		assert.equal(exchange.outcome, "degraded");
		assert.equal(exchange.lease?.address, vm.ip);
		assert.equal(exchange.messages.length, 64);
	});

	test("is told while the client still asks in vain", () => {
		const asked = Array.from({ length: 30 }, (_, at) =>
			dhcp("discover", at * 3000),
		);
		const [first, ...later] = converse(asked, 120_000);
		assert.equal(first?.outcome, "unanswered");
		assert.ok(first !== undefined && first.messages.length < 6);
		assert.equal(later.at(-1)?.messages.length, 30);
	});

	test("is told again of what comes late, before it is forgotten", () => {
		const asked = [0, 1000, 2000, 16_000].map((atMs) => dhcp("discover", atMs));
		const told = converse(
			[...asked, dhcp("discover", 60_000, "arrives", { xid: 2 })],
			90_000,
		);
		const first = told.filter(({ xid }) => xid === 0x3903f326);
		assert.equal(first.at(-1)?.messages.length, 4);
	});

	test("keeps what a relay and a server say apart", () => {
		const relay = "10.0.0.254";
		const told = converse(
			[...lease, dhcp("discover", 1, "arrives", { relay })],
			30_000,
		);
		const outcomes = new Map(told.map(({ id, outcome }) => [id, outcome]));
		assert.equal(outcomes.get(1), "delivered");
		assert.equal(outcomes.size, 2);
	});
});
