import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { trace, traceJourneys } from "./notation.js";

const known = { isKnown: true };

function expectTrace(text: string, ...expected: string[]): void {
	assert.deepEqual(trace(text, known), expected);
}

describe("follow() opens a journey at every ingress (rule 2)", () => {
	test("of a VM, of the LAN and of the host", () => {
		expectTrace(
			`echo(from=vm1,to=gw): vnet0<0 br0<0 ens3>37
			echo(from=gw,to=vm1): ens3<1ms br0<1ms vnet0>1.004ms
			echo(from=host,to=gw): br0>2ms ens3>2.02ms`,
			"echo-request vnet0< br0< ens3> delivered",
			"echo-request ens3< br0< vnet0> delivered",
			"echo-request br0> ens3> delivered",
		);
	});

	test("of bytes that were sent again", () => {
		expectTrace(
			`who-has(from=vm1,to=lan): vnet0<0 br0<0 ens3>30
			who-has(from=vm1,to=lan): vnet0<10ms br0<10ms ens3>10.03ms
			who-has(from=vm1,to=lan): vnet0<1s br0<1s ens3>1.00003s`,
			...Array(3).fill("request vnet0< br0< ens3> delivered"),
		);
	});

	test("of a frame that comes back after it had left", () => {
		const [first, second] = traceJourneys(
			`who-has(from=vm1,to=nobody): vnet0<0 br0<0 ens3>37
			who-has(from=vm1,to=nobody): ens3<90 br0<90 vnet0>95`,
			known,
		);
		assert.equal(first?.outcome, "delivered");
		assert.equal(first?.reflectionOf, null);
		assert.equal(second?.reflectionOf, first?.id);
		assert.notEqual(second?.outcome, "lost");
	});

	test("of a frame that a router sends back: nothing of it is the first one's", () => {
		expectTrace(
			`echo(from=vm1,to=vm2,via=gw): vnet0<0 br0<0 ens3>37
			echo(from=vm1,to=vm2,by=gw,ttl=63): ens3<90 br0<90 vnet1>99`,
			"echo-request vnet0< br0< ens3> delivered",
			"echo-request ens3< br0< vnet1> delivered",
		);
	});
});

describe("follow() joins by an equal stamp above the ingress (rule 3)", () => {
	const bonded = `is-at(from=lan,to=vm1): eno1<-10s bond0<-10s br0<-10s vnet0>-9.99s
		echo(to=lan): vnet0<0 br0<0 bond0>30 eno2>35
		reply(from=lan,to=vm1): eno2<90 bond0<90 br0<90 vnet0>99
		echo(to=lan,seq=2): vnet0<1s br0<1s bond0>1.00003s eno1>1.00004s`;
	const expected = [
		"reply eno1< bond0< br0< vnet0> delivered",
		"echo-request vnet0< br0< bond0> eno2> delivered",
		"echo-reply eno2< bond0< br0< vnet0> delivered",
		"echo-request vnet0< br0< bond0> eno1> delivered",
	];

	test("a bond, whichever of its cards a frame takes", () => {
		expectTrace(bonded, ...expected);
	});

	test("a bond, when no direction is told", () => {
		expectTrace(bonded.replaceAll(/[<>](?=-?\d)/g, "?"), ...expected);
	});

	test("a VLAN device, where the tag is changed on the way", () => {
		const [, inbound, outbound] = traceJourneys(
			`who-has(to=lan): vnet0<-9s br10<-9s ens3.10>-8.9s ens3>-8.9s{vlan=10}
			is-at(from=lan,to=vm1): ens3<-8s{vlan=10} ens3.10<-8s br10<-8s vnet0>-7.9s
			echo(to=lan): vnet0<0 br10<0 ens3.10>20 ens3>25{vlan=10}`,
			{},
		);
		assert.deepEqual(
			inbound?.hops.map((hop) => hop.interface),
			["ens3", "ens3.10", "br10", "vnet0"],
		);
		assert.deepEqual(outbound?.hops.at(-1)?.changed, [
			{ field: "vlans", from: "", to: "10" },
			{ field: "length", from: 50, to: 54 },
		]);
		assert.equal(outbound?.outcome, "delivered");
	});

	test("a VLAN device of the host upon its bridge", () => {
		expectTrace(
			"echo(from=host,to=gw): br0.10>0 br0>5{vlan=10} ens3>9{vlan=10}",
			"echo-request br0.10> br0> ens3> delivered",
		);
	});

	test("bridges with a cable between them (Proxmox)", () => {
		assert.deepEqual(
			trace(`who-has: tap1i0<0 fwbr1i0<0 fwln1i0>10 fwpr1p0<12 vmbr0<12 eno1>20
				is-at(from=gw,to=vm1): eno1<100 vmbr0<100 fwpr1p0>105 fwln1i0<107 fwbr1i0<107 tap1i0>112`),
			[
				"request tap1i0< fwbr1i0< fwln1i0> fwpr1p0< vmbr0< eno1> delivered",
				"reply eno1< vmbr0< fwpr1p0> fwln1i0< fwbr1i0< tap1i0> delivered",
			],
		);
	});
});

describe("follow() makes identical frames in flight a train (rule 4)", () => {
	const enter = (times: number[]) =>
		times.map((at) => `who-has(to=lan): vnet0<${at} br0<${at}`).join("\n");

	test("all left: delivered", () => {
		const journeys = traceJourneys(
			`${enter([0, 10, 20])}
			who-has(to=lan): ens3>30 ens3>31 ens3>32`,
			known,
		);
		for (const { outcome, train } of journeys) {
			assert.equal(outcome, "delivered");
			assert.deepEqual(train, { entered: 3, left: 3 });
		}
	});

	test("none left: lost", () => {
		expectTrace(
			enter([0, 10, 20]),
			...Array(3).fill("request vnet0< br0< lost br0..ens3"),
		);
	});

	test("some left: which ones cannot be told", () => {
		const journeys = traceJourneys(
			`${enter([0, 10, 20])}
			who-has(to=lan): ens3>30 ens3>31`,
			known,
		);
		for (const { outcome, train } of journeys) {
			assert.equal(outcome, "inconclusive");
			assert.deepEqual(train, { entered: 3, left: 2 });
		}
	});

	test("one that was sent again while the first was waited for", () => {
		const outcomes = traceJourneys(
			`who-has(to=lan): vnet0<0 br0<0
			who-has(to=lan): vnet0<900ms br0<900ms ens3>900.03ms`,
			known,
		).map(({ outcome }) => outcome);
		assert.deepEqual(outcomes, ["inconclusive", "inconclusive"]);
	});
});

describe("follow() takes an egress off the path for a copy (rule 5)", () => {
	test("a broadcast is flooded to every tap", () => {
		expectTrace(
			"discover: vnet0<0 br0<0 vnet1>30 ens3>37 vnet7>40",
			"discover vnet0< br0< ens3> + vnet1> vnet7> delivered",
		);
	});

	test("a flood does not make up for the egress that is missing", () => {
		expectTrace(
			"discover: vnet0<0 br0<0 vnet1>30",
			"discover vnet0< br0< + vnet1> lost br0..ens3",
		);
	});

	test("a hairpin is an egress by the ingress", () => {
		expectTrace(
			"echo(to=vm2): vnet0<0 br0<0 vnet0>20 vnet1>33",
			"echo-request vnet0< vnet0> br0< vnet1> delivered",
		);
	});
});

describe("follow() knows one frame by what stays equal", () => {
	test("padding and cut padding", () => {
		expectTrace(
			"is-at(from=gw,to=vm1): ens3<0{pad=18} br0<0{pad=18} vnet0>9",
			"reply ens3< br0< vnet0> delivered",
		);
	});

	test("fragments, each for itself", () => {
		expectTrace(
			`echo(fragment=8192): vnet0<0 br0<0 ens3>30
			echo(fragment=1,data=414243): vnet0<1 br0<1`,
			"echo-request vnet0< br0< ens3> delivered",
			"fragment vnet0< br0< lost br0..ens3",
		);
	});

	test("without interfaces: one journey, never a loss", () => {
		assert.deepEqual(
			traceJourneys("echo: any<0 any<0 any>37 any>40", {}).map(
				({ outcome, hops, copies }) => [outcome, hops.length + copies.length],
			),
			[["inconclusive", 4]],
		);
	});
});
