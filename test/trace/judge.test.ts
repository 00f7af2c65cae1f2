import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type TraceOptions, trace } from "./notation.js";

const known = { isKnown: true };

/** A frame that was not seen at ens3, with the reason why it need not be lost. */
function expectDoubt(
	text: string,
	reason: string,
	options: TraceOptions = known,
): void {
	const [first] = trace(text, options);
	assert.ok(first?.endsWith(`inconclusive: ${reason}`), first);
}

const missing = "echo: vnet0<0 br0<0";

describe("judge() says lost only if (rule 10)", () => {
	test("nothing excuses it", () => {
		assert.deepEqual(trace(missing, known), [
			"echo-request vnet0< br0< lost br0..ens3",
		]);
		assert.deepEqual(trace("echo: vnet0<0", known), [
			"echo-request vnet0< lost vnet0..ens3",
		]);
	});

	test("the next port was captured then", () => {
		const gaps = { ens3: "ens3.pcap begins 3 ms later" };
		expectDoubt(missing, gaps.ens3, { ...known, gaps });
	});

	test("the bridge's copy is not all that is missing", () => {
		expectDoubt(
			"echo(from=gw,to=host): ens3<0",
			"br0 did not see it, and whether it must is not known (its capture may not be promiscuous)",
		);
		assert.deepEqual(trace("echo: vnet0<0 ens3>37", known), [
			"echo-request vnet0< ens3> delivered",
		]);
	});

	test("its path is certain", () => {
		expectDoubt(
			"echo(to=nobody): vnet0<0 br0<0",
			"where its destination lives is not known",
		);
		expectDoubt(
			"echo(to=group): vnet0<0 br0<0",
			"a bridge may send multicast only where someone asked for it",
		);
		expectDoubt(missing, "where its destination lives is not known", {
			ports: ["ens3"],
		});
	});

	test("frames were seen to get from the one port to the other", () => {
		const lines = trace(`who-has(from=vm2,to=lan): vnet1<-9s br0<-9s ens3>-8.9s
			who-has(from=vm1,to=lan): vnet0<-7s br0<-7s ens3>-6.9s
			echo(from=vm1,to=vm2): vnet0<0 br0<0`);
		assert.equal(
			lines.at(-1),
			"echo-request vnet0< br0< inconclusive: no frame in this capture crosses between vnet0 and vnet1: they may not be on one bridge",
		);
	});

	test("its destination did not move meanwhile", () => {
		expectDoubt(
			`echo(from=gw,to=vm1): ens3<0 br0<0
			who-has(from=vm1,to=gw): vnet5<500ms br0<500ms ens3>500.03ms`,
			"the address moved from vnet0 to vnet5 at that time",
		);
		const [, , last] = trace(
			`who-has(from=vm1,to=lan): vnet5<0 br0<0 ens3>30
			who-has(from=vm1,to=gw): vnet0<2s br0<2s ens3>2.001s
			echo(from=gw,to=vm1): ens3<3s br0<3s`,
			known,
		);
		assert.match(last ?? "", /two cards have the address/);
	});

	test("it is proven where it came in", () => {
		expectDoubt(
			"who-has(from=lan,to=nobody): vnet7?0",
			"the capture tells no directions, and nothing proves that it came in by vnet7",
			{ ports: ["ens3"] },
		);
		expectDoubt(
			"who-has(from=lan,to=gw): br0<0",
			"where it came in was not captured",
		);
	});

	test("frames are not cut at different lengths", () => {
		expectDoubt(
			missing,
			"frames are cut at 48 bytes at ens3 and may not be recognised there",
			{
				...known,
				prepare: (port) => {
					port.snapLength = port.name === "ens3" ? 48 : 0;
				},
			},
		);
		expectDoubt(
			"echo(data=6162636465666768616263646566676861626364): vnet0<0{cut=60} br0<0{cut=60}",
			"frames are cut at 60 bytes at vnet0 and may not be recognised elsewhere",
		);
	});

	test("the port did not see the same bytes out of order", () => {
		const [, inbound] = trace(
			"reply(from=gw,to=vm1): vnet0>0 ens3<5ms br0<5ms",
			known,
		);
		assert.match(inbound ?? "", /vnet0 saw the same bytes at a time/);
	});

	test("nobody answered it", () => {
		const answered =
			"it was answered at vnet0: by someone in the place of others, or the capture missed it";
		expectDoubt(
			`who-has(from=vm1,to=gw): vnet0<0 br0<0
			is-at(from=gw,to=vm1): vnet0>30`,
			answered,
		);
		assert.deepEqual(
			trace(
				`who-has(from=vm1,to=lan): vnet0<0 br0<0
				is-at(from=host,as=lan,to=vm1): br0>20 vnet0>30`,
				known,
			),
			["request vnet0< br0< delivered", "reply br0> vnet0> delivered"],
		);
		expectDoubt(
			`${missing}
			reply(from=gw,to=vm1): ens3<200 br0<200 vnet0>204`,
			answered,
		);
		expectDoubt(
			`discover: vnet0<0 br0<0
			offer: br0>300 vnet0>310`,
			answered,
		);
	});
});

describe("judge() says delivered (rule 9)", () => {
	test("when the frame was handed to the tap", () => {
		assert.deepEqual(trace("offer: ens3<0 br0<0 vnet0>9", known), [
			"offer ens3< br0< vnet0> delivered",
		]);
	});

	test("when the port where it went saw it, wherever it came from", () => {
		assert.deepEqual(trace("offer: vnet0>9", known), [
			"offer vnet0> delivered",
		]);
	});

	test("not of a broadcast whose way out was not captured", () => {
		expectDoubt(
			"discover: vnet0<0 br0<0",
			"none of the captured ports is known to be the uplink of br0",
			{},
		);
	});
});

describe("a VM is named by the tap its frame came in by (rule 8)", () => {
	test("not by where its address was seen elsewhere", async () => {
		const { traceJourneys } = await import("./notation.js");
		const [journey] = traceJourneys(
			"who-has(from=gw,to=nobody): vnet0<0 br0<0 ens3>30",
			known,
		);
		assert.equal(journey?.source, "vm");
	});
});
