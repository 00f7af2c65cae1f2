import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Exchange } from "../../src/model/exchange.js";
import type { Frame } from "../../src/model/frame.js";
import { makeSafe } from "../../src/model/safe-text.js";
import type { Verdict } from "../../src/model/verdict.js";
import type { LogState, TracedExchange } from "../../src/verify/evidence.js";
import { verifyGateway } from "../../src/verify/judge-gateway.js";
import { vm3Mac } from "../topology/hosts.js";
import {
	dora,
	evidenceOf,
	exchangeOf,
	hostTopology,
	options,
	router,
	type Said,
	stateOf,
	vm1,
	vmIp,
} from "./build.js";

const world = "203.0.113.9";
const vm3 = {
	name: makeSafe("VM3"),
	domain: null,
	cards: [{ mac: vm3Mac, tap: makeSafe("vnet2") }],
};
const virbr0 = "192.168.122.1";

function judge(
	exchanges: readonly TracedExchange[],
	state: Partial<LogState> = {},
	subject = vm1,
	given: string | null = router,
): Verdict {
	const evidence = evidenceOf(exchanges);
	return verifyGateway(subject, evidence, stateOf(state), {
		...options,
		gateway: given,
	});
}

function told({ exit, outcome, sentence }: Verdict) {
	return [exit, outcome, sentence];
}

const question: Readonly<Record<string, string>> = {
	arp: "request",
	icmp: "echo-request",
};
const answer: Readonly<Record<string, string>> = {
	arp: "reply",
	icmp: "echo-reply",
};

/** A question of the VM, answered unless something else came of it. */
function ask(
	protocol: "arp" | "icmp",
	atMs: number,
	changes: Partial<Exchange> = {},
	said: Partial<Said> = {},
	count = 1,
): TracedExchange {
	const outcome = changes.outcome ?? "delivered";
	const isLost = outcome === "lost";
	const asked = Array.from({ length: count }, (_, index): Said => {
		const at = atMs + index * 1000;
		const fate = isLost ? "lost" : "delivered";
		const message = question[protocol] ?? "";
		return { message, atMs: at, outcome: fate, ...said };
	});
	const path = said.path?.toReversed();
	const reply: Said[] =
		outcome === "delivered" || outcome === "degraded"
			? [
					{
						message: answer[protocol] ?? "",
						atMs: atMs + 0.07,
						...(path ? { path } : {}),
					},
				]
			: [];
	return exchangeOf([...asked, ...reply], { protocol, ...changes });
}

const lost: Partial<Exchange> = { outcome: "lost" };
const silent: Partial<Exchange> = { outcome: "unanswered" };

describe("verifyGateway() of a bridged VM", () => {
	test("is delivered by who-has and ping, with their times", () => {
		const verdict = judge([ask("arp", 0), ask("icmp", 1)]);
		assert.deepEqual(told(verdict), [
			0,
			"delivered",
			`VM1 reaches its gateway ${router}: who-has answered in 0.07 ms, ping answered in 0.07 ms`,
		]);
		assert.equal(verdict.roundTripNs, 70_000);
	});

	test("is delivered by one of them alone, or by what goes beyond", () => {
		const beyond = ask("icmp", 5, {}, { destination: world, to: "router" });
		for (const one of [ask("arp", 0), ask("icmp", 0), beyond]) {
			assert.equal(judge([one]).outcome, "delivered");
		}
	});

	test("is lost when pings are, though who-has passes, before or after", () => {
		const orders = [
			[ask("arp", 0), ask("icmp", 10, lost)],
			[ask("icmp", 0, lost), ask("arp", 10)],
		];
		for (const exchanges of orders) {
			assert.deepEqual(told(judge(exchanges)), [
				2,
				"lost",
				`VM1's echo request to ${router} entered at vnet0 and never reached ens3: it was last seen at br0`,
			]);
		}
	});

	test("is degraded when it was lost, and works since", () => {
		const verdict = judge([ask("icmp", 0, lost), ask("icmp", 9000)]);
		assert.equal(verdict.outcome, "degraded");
		assert.match(verdict.sentence, /, but before it worked, .* was lost$/);
		const arpFirst = judge([ask("arp", 0, lost), ask("icmp", 9000)]);
		assert.equal(arpFirst.outcome, "degraded");
	});

	test("is unanswered when who-has left by the uplink three times", () => {
		const verdict = judge([ask("arp", 0, silent, {}, 3)]);
		assert.deepEqual(told(verdict), [
			2,
			"unanswered",
			`VM1's who-has ${router} left by ens3 three times in 2 s and no answer came back: the trouble is beyond ens3`,
		]);
		const inside = { path: ["vnet0", "br0"] };
		assert.equal(judge([ask("arp", 0, silent, inside, 3)]).exit, 3);
	});

	test("is degraded when the gateway answers who-has and not pings", () => {
		const pings = [1, 2, 3].map((at) => ask("icmp", at * 1000, silent));
		const verdict = judge([ask("arp", 0), ...pings]);
		assert.equal(verdict.outcome, "degraded");
		assert.match(verdict.sentence, /answers who-has and not pings/);
		assert.equal(judge(pings).outcome, "unanswered");
		assert.equal(judge(pings.slice(1)).outcome, "inconclusive");
	});

	test("takes no notice of what beyond the gateway does not answer", () => {
		const away = { destination: world, to: "router" } as const;
		const silences = [1, 2, 3, 4].map((at) =>
			ask("icmp", at * 1000, silent, away),
		);
		assert.equal(judge([ask("arp", 0), ...silences]).outcome, "delivered");
	});

	test("is inconclusive when what it asked last cannot be told of", () => {
		const unclear = ask("arp", 9000, {
			outcome: "inconclusive",
			reason: "vnet0 is in no bridge",
		});
		const verdict = judge([ask("arp", 0), unclear]);
		assert.equal(verdict.exit, 3);
		assert.match(
			verdict.sentence,
			/cannot be told: vnet0 is in no bridge; yet who-has/,
		);
		const cut = ask("arp", 29_000, { outcome: "inconclusive" });
		assert.equal(judge([ask("arp", 0), cut]).exit, 0);
	});

	test("is degraded when the VM does not answer its gateway any more", () => {
		const gateways: Partial<Said> = {
			from: "router",
			source: router,
			path: ["ens3", "br0", "vnet0"],
		};
		const called = ask("arp", 9000, silent, gateways, 3);
		assert.deepEqual(told(judge([ask("arp", 0), called])), [
			1,
			"degraded",
			`The who-has ${router} of the gateway ${router} reached vnet0 three times and VM1 did not answer`,
		]);
		const spoke = [ask("arp", 0), called, ask("icmp", 20_000)];
		assert.equal(judge(spoke).outcome, "delivered");
		const open: Partial<Exchange> = { outcome: "inconclusive" };
		const cut = ask("arp", 29_000, open, gateways);
		assert.equal(judge([ask("arp", 0), called, cut]).outcome, "degraded");
		const unclear = ask("arp", 20_000, open, gateways);
		assert.equal(judge([called, unclear]).outcome, "inconclusive");
	});

	test("is degraded when two answer for the gateway", () => {
		const exchange = ask("arp", 0, { outcome: "degraded", reason: "two" });
		assert.equal(judge([exchange]).outcome, "degraded");
	});

	test("is degraded when two answer the gateway for the VM, also when a ping goes well", () => {
		const gateways: Partial<Said> = { from: "router", source: router };
		const two: Partial<Exchange> = { outcome: "degraded", reason: "two" };
		const called = ask("arp", 0, two, gateways);
		const pinged = ask("icmp", 2000, {}, gateways);
		assert.equal(judge([called, pinged]).outcome, "degraded");
		const again = ask("arp", 4000, {}, gateways);
		assert.equal(judge([called, pinged, again]).outcome, "delivered");
	});

	test("knows the gateway by the lease, the host, or what it sends through", () => {
		const noone = judge([ask("arp", 0)], {}, vm1, null);
		assert.equal(noone.exit, 3);
		assert.match(noone.sentence, /^The gateway of VM1 is not known/);
		assert.match(noone.advice.join(), /--gateway/);
		const known = [
			judge([dora(), ask("arp", 50)], {}, vm1, null),
			judge([ask("arp", 0)], { topology: hostTopology() }, vm1, null),
			judge([ask("arp", 0, {}, { to: "router" })], {}, vm1, null),
		];
		assert.deepEqual(
			known.map(({ outcome }) => outcome),
			["delivered", "delivered", "delivered"],
		);
	});

	test("takes no gateway of the host's for a VM that is in another network", () => {
		const topology = hostTopology();
		const said: Partial<Said> = { source: "10.20.0.12" };
		const next = { ...said, destination: "10.20.0.1" };
		const pings = { ...said, destination: world };
		const asked = ask("arp", 0, {}, next);
		const through = ask("icmp", 5, {}, pings);
		const unsent = judge([asked], { topology }, vm1, null);
		assert.equal(unsent.exit, 3);
		assert.match(unsent.sentence, /^The gateway of VM1 is not known/);
		const [question, ...others] = through.journeys;
		assert.ok(question);
		const mac = asked.journeys.at(-1)?.ethernet?.source ?? "";
		const ethernet = { source: vm1.cards[0]?.mac ?? "", destination: mac };
		const sent = {
			...through,
			journeys: [{ ...question, ethernet }, ...others],
		};
		const verdict = judge([asked, sent], { topology }, vm1, null);
		assert.deepEqual(told(verdict), [
			0,
			"delivered",
			`VM1 reaches its gateway 10.20.0.1: who-has answered in 0.07 ms, ${world} beyond it answered in 0.07 ms`,
		]);
	});

	test("goes by what came in by its own tap, where two VMs have one MAC address", () => {
		const topology = hostTopology();
		const twin = ask(
			"arp",
			0,
			{},
			{ source: "10.20.0.12", path: ["vnet1", "br0", "ens3"] },
		);
		const ports = stateOf().ports.map((port) =>
			port.name === "vnet2" ? { ...port, name: makeSafe("vnet1") } : port,
		);
		assert.equal(judge([twin], { topology, ports }, vm1, null).exit, 0);
	});

	test("takes the host's gateway for a VM without lease, which has a link-local address", () => {
		const said = { source: "169.254.7.7" };
		const silentArp = ask("arp", 0, silent, said, 3);
		const state = { topology: hostTopology() };
		assert.equal(judge([silentArp], state, vm1, null).outcome, "unanswered");
	});

	test("tells what is known when nothing was seen", () => {
		const [card] = vm1.cards;
		const held = {
			address: vmIp,
			mac: card?.mac ?? "",
			vm: null,
			source: "arp" as const,
			since: { seconds: 1_795_355_000, nanos: 0 },
			seen: { seconds: 1_795_355_042, nanos: 0 },
			leaseSeconds: null,
		};
		const verdict = judge([], { addresses: [held] });
		assert.deepEqual(told(verdict), [
			3,
			"inconclusive",
			`Nothing passed between VM1 and its gateway ${router}: it has ${vmIp} (ARP seen, 30 s ago)`,
		]);
	});
});

describe("verifyGateway() of a VM behind NAT", () => {
	const topology = hostTopology();
	const inside = { path: ["vnet2", "virbr0"], destination: virbr0 };
	const outside = {
		path: ["vnet2", "virbr0", "br0", "ens3"],
		destination: world,
	};
	const own = { mac: vm3Mac, roundTrip: { vnet2: 70_000 } };
	const judgeNat = (exchanges: readonly TracedExchange[]) =>
		judge(exchanges, { topology }, vm3, null);

	test("is delivered when the gateway answers, and something beyond it", () => {
		const verdict = judgeNat([
			ask("arp", 0, own, inside),
			ask("icmp", 1, own, outside),
		]);
		assert.deepEqual(told(verdict), [
			0,
			"delivered",
			`VM3 reaches its gateway ${virbr0}: who-has answered in 0.07 ms, ${world} beyond it answered in 0.07 ms`,
		]);
	});

	test("is inconclusive until something was seen to go out", () => {
		const verdict = judgeNat([ask("icmp", 0, own, inside)]);
		assert.equal(verdict.exit, 3);
		assert.match(
			verdict.sentence,
			/nothing of it was seen to go out by an uplink; yet ping/,
		);
	});

	test("is lost when what goes out is, though the gateway answers", () => {
		const verdict = judgeNat([
			ask("icmp", 0, own, inside),
			ask("icmp", 10, { ...own, ...lost }, { ...outside, to: "host" }),
			ask("icmp", 20, own, inside),
		]);
		assert.equal(verdict.outcome, "lost");
		assert.match(
			verdict.sentence,
			/^VM3's echo request to 203\.0\.113\.9 entered at vnet2 and never reached ens3/,
		);
	});

	test("is unanswered when three pings went out and none came back", () => {
		const pings = [0, 1, 2].map((at) =>
			ask("icmp", at * 1000, { ...own, ...silent }, outside),
		);
		const arp = ask("arp", 0, own, inside);
		assert.equal(judgeNat([arp, ...pings]).outcome, "unanswered");
		assert.equal(judgeNat([arp, ...pings.slice(1)]).outcome, "inconclusive");
	});

	test("is refused when this host forbids the way, not when one host is down", () => {
		const refusals = [13, 1].map((code) => {
			const refused = exchangeOf(
				[
					{ message: "echo-request", atMs: 0, ...outside, to: "host" },
					{ message: "unreachable", atMs: 1, from: "host" },
				],
				{ ...own, protocol: "icmp", outcome: "refused", server: virbr0 },
			);
			const evidence = evidenceOf([refused]);
			evidence.noteFrame(errorFrame(code), null);
			// A redirect that came as well is advice, and does not take its place.
			evidence.noteFrame(errorFrame(1, 5), null);
			const state = stateOf({ topology });
			return verifyGateway(vm3, evidence, state, options).outcome;
		});
		assert.deepEqual(refusals, ["refused", "inconclusive"]);
	});
});

/** An error of the host's about a ping of the VM's, as far as it counts here. */
function errorFrame(code: number, type = 3): Frame {
	const quoted = {
		ipv4: { source: vmIp, destination: world },
		icmp: { type: 8, code: 0, identifier: null, sequence: null },
		ports: null,
	};
	return {
		icmp: { type, code, quoted },
		ipv4: { source: virbr0 },
		dhcp: null,
		ethernet: null,
		udp: null,
	} as unknown as Frame;
}
