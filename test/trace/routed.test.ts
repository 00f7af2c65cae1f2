import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { trace } from "./notation.js";

const known = { isKnown: true };
const alike =
	"inconclusive: 2 packets that look alike were routed at once: which is which cannot be told";

function expectTrace(text: string, ...expected: string[]): void {
	assert.deepEqual(trace(text, known), expected);
}

describe("findRouted() joins what the host routed (rule 6)", () => {
	test("masqueraded, and its reply", () => {
		expectTrace(
			`echo(from=vm3,to=world,via=nat): vnet2<0 virbr0<0 br0>90{by=host,as=host,via=gw,ttl=63} ens3>95{by=host,as=host,via=gw,ttl=63}
			reply(from=world,to=host): ens3<200 br0<200 virbr0>220{by=nat,of=vm3,ttl=63,via=vm3} vnet2>221{by=nat,of=vm3,ttl=63,via=vm3}`,
			"echo-request vnet2< virbr0< br0> ens3> delivered",
			"echo-reply ens3< br0< virbr0> vnet2> delivered",
		);
	});

	test("routed without a change of addresses", () => {
		expectTrace(
			"echo(from=vm3,to=world,via=nat): vnet2<0 virbr0<0 br0>90{by=host,via=gw,ttl=63} ens3>95{by=host,via=gw,ttl=63}",
			"echo-request vnet2< virbr0< br0> ens3> delivered",
		);
	});

	test("with another ICMP identifier, as its own was taken", () => {
		expectTrace(
			"echo(from=vm3,to=world,via=nat): vnet2<0 virbr0<0 br0>90{by=host,as=host,via=gw,ttl=63,id=21234} ens3>95{by=host,as=host,via=gw,ttl=63,id=21234}",
			"echo-request vnet2< virbr0< br0> ens3> delivered",
		);
	});

	test("two guests whose packets are all alike: in doubt, and never lost", () => {
		const text = `echo(from=vm3,to=world,via=nat): vnet2<0 virbr0<0
			echo(from=vm4,to=world,via=nat): vnet3<10 virbr0<10
			echo(from=host,to=world,via=gw,ttl=63): br0>90 ens3>95
			echo(from=host,to=world,via=gw,ttl=63,id=999): br0>96 ens3>99`;
		const expected = [
			`echo-request vnet2< virbr0< ${alike}`,
			`echo-request vnet3< virbr0< ${alike}`,
			"echo-request br0> ens3> delivered",
			"echo-request br0> ens3> delivered",
		];
		expectTrace(text, ...expected);
		expectTrace(text.replaceAll(/[<>](?=-?\d)/g, "?"), ...expected);
	});

	test("two such guests one after the other: each its own", () => {
		expectTrace(
			`echo(from=vm3,to=world,via=nat): vnet2<0 virbr0<0 br0>5{by=host,as=host,via=gw,ttl=63} ens3>6{by=host,as=host,via=gw,ttl=63}
			echo(from=vm4,to=world,via=nat): vnet3<10 virbr0<10 br0>15{by=host,as=host,via=gw,ttl=63,id=999} ens3>16{by=host,as=host,via=gw,ttl=63,id=999}`,
			"echo-request vnet2< virbr0< br0> ens3> delivered",
			"echo-request vnet3< virbr0< br0> ens3> delivered",
		);
	});

	test("an ICMP error whose quoted packet is translated back", () => {
		expectTrace(
			"expired(from=gw,to=host,quotes=host): ens3<0 br0<0 virbr0>30{by=nat,of=vm3,quotes=vm3,ttl=63,via=vm3} vnet2>33{by=nat,of=vm3,quotes=vm3,ttl=63,via=vm3}",
			"time-exceeded ens3< br0< virbr0> vnet2> delivered",
		);
	});

	test("lost in the host, where its route is known", () => {
		expectTrace(
			"echo(from=vm3,to=world,via=nat): vnet2<0 virbr0<0",
			"echo-request vnet2< virbr0< lost virbr0..ens3",
		);
	});

	test("not lost where its time to live ends", () => {
		expectTrace(
			`echo(from=vm3,to=world,via=nat,ttl=1): vnet2<0 virbr0<0
			expired(from=nat,to=vm3,ipid=5): virbr0>30 vnet2>33`,
			"echo-request vnet2< virbr0< delivered",
			"time-exceeded virbr0> vnet2> delivered",
		);
	});
});

describe("findTranslated() joins what a bridge shows translated (bridge-nf-call-iptables)", () => {
	const reply = "reply(from=world,to=host): ens3<200 br0<200{of=vm3}";
	const back =
		"virbr0>220{by=nat,of=vm3,ttl=63,via=vm3} vnet2>221{by=nat,of=vm3,ttl=63,via=vm3}";

	test("a reply, whichever was written first", () => {
		const asked =
			"echo(from=vm3,to=world,via=nat): vnet2<0 virbr0<0 br0>90{by=host,as=host,via=gw,ttl=63} ens3>95{by=host,as=host,via=gw,ttl=63}";
		const swapped = "reply(from=world,to=host): br0<200{of=vm3} ens3<200";
		for (const seen of [reply, swapped]) {
			expectTrace(
				`${asked}\n${seen} ${back}`,
				"echo-request vnet2< virbr0< br0> ens3> delivered",
				"echo-reply ens3< br0< virbr0> vnet2> delivered",
			);
		}
	});

	test("an ICMP error, and the packet that it quotes", () => {
		expectTrace(
			"expired(from=gw,to=host,quotes=host): ens3<0 br0<0{of=vm3,quotes=vm3} virbr0>30{by=nat,of=vm3,quotes=vm3,ttl=63,via=vm3} vnet2>33{by=nat,of=vm3,quotes=vm3,ttl=63,via=vm3}",
			"time-exceeded ens3< br0< virbr0> vnet2> delivered",
		);
	});

	test("where the capture tells no directions", () => {
		expectTrace(
			`${reply} ${back}`.replaceAll(/[<>](?=-?\d)/g, "?"),
			"echo-reply ens3< br0< virbr0> vnet2> delivered",
		);
	});

	test("not another frame: of another stamp, sender, TTL, source or packet", () => {
		const others = [
			"br0<201{of=vm3}",
			"br0<200{of=vm3,by=lan}",
			"br0<200{of=vm3,ttl=63}",
			"br0<200{of=vm3,as=gw}",
			"br0<200{of=vm3,ipid=78}",
			"br0<200{of=vm3,seq=2}",
		];
		for (const other of others) {
			const told = trace(`reply(from=world,to=host): ens3<200 ${other}`, known);
			assert.equal(told.length, 2, other);
			assert.ok(!told.some((line) => line.includes(" lost ")), told.join());
		}
	});

	test("none of two that look alike and came at once: in doubt, and never lost", () => {
		const told = trace(
			`reply(from=world,to=host): ens3<200 br0<200{of=vm3}
			reply(from=world,to=host,id=999): ens3<200 br0<200{of=vm4}`,
			known,
		);
		assert.ok(!told.some((line) => line.includes(" lost ")), told.join("\n"));
	});

	test("lost behind the bridge, as any other", () => {
		const [plain] = trace(reply.replace("{of=vm3}", ""), known);
		const [translated, ...others] = trace(reply, known);
		assert.deepEqual([translated, others], [plain, []]);
	});
});
