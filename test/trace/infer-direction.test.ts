import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { trace } from "./notation.js";

const known = { isKnown: true };

/** What is told, what is known before, what is found. */
const cases: readonly (readonly [
	string,
	string,
	boolean,
	readonly string[],
])[] = [
	[
		"the first port is the ingress, and the bridge shares its stamp",
		"discover: vnet0?0 br0?0 vnet1?30 ens3?37",
		false,
		["discover vnet0< br0< ens3> + vnet1> delivered"],
	],
	[
		"the first port is the ingress, without a bridge as well",
		"discover: vnet0?0 ens3?37",
		false,
		["discover vnet0< ens3> delivered"],
	],
	[
		"nothing where the bridge contradicts the first port: clocks do not agree",
		"discover: ens3?0 vnet0?100 br0?100",
		false,
		[
			"discover ens3? br0? + vnet0? inconclusive: its time stamps do not tell by which port it came in: they are too coarse, or the clocks of the captures do not agree",
		],
	],
	[
		"nothing where all have one stamp: too coarse",
		"discover: ens3?0 br0?0 vnet0?0",
		false,
		[
			"discover ens3? vnet0? br0? inconclusive: its time stamps do not tell by which port it came in: they are too coarse, or the clocks of the captures do not agree",
		],
	],
	[
		"in where the sender lives, out elsewhere",
		"echo(from=gw,to=vm1): ens3?0 br0?0 vnet0?4",
		true,
		["echo-request ens3< br0< vnet0> delivered"],
	],
	[
		"out where the ingress was not seen and the sender lives elsewhere",
		"echo(from=vm1,to=gw): ens3?0",
		true,
		["echo-request ens3> delivered"],
	],
	[
		"the host's own frame: out at its bridge",
		"echo(from=host,to=gw): br0?0 ens3?20",
		true,
		["echo-request br0> ens3> delivered"],
	],
	[
		"null at a bridge that sees a frame first, when the sender is not known",
		"who-has(from=lan,to=gw): br0?0 ens3?20",
		false,
		["request br0? ens3> delivered"],
	],
	[
		"the DHCP server of a libvirt network is the host",
		"offer(from=nat,to=vm3): virbr0?0 vnet2?20",
		true,
		["offer virbr0> vnet2> delivered"],
	],
	[
		"in where the bridge's stamp says so, wherever the sender lived before",
		"who-has(from=vm1,to=gw): vnet5?0 br0?0 ens3?30",
		true,
		["request vnet5< br0< ens3> delivered"],
	],
	[
		"null at a port whose name does not tell that it is no bridge",
		"who-has(from=lan,to=gw): lan0?0",
		false,
		[
			"request lan0? inconclusive: none of the captured ports is known to be the uplink of lan0",
		],
	],
	[
		"in again where a frame comes back",
		`who-has(from=vm1,to=nobody): vnet0?0 br0?0 ens3?30
			who-has(from=vm1,to=nobody): ens3?60`,
		true,
		[
			"request vnet0< br0< ens3> delivered",
			"request ens3< inconclusive: the capture tells no directions, and nothing proves that it came in by ens3",
		],
	],
];

describe("follow() infers a direction that is not told (rule 7)", () => {
	for (const [what, text, isKnown, expected] of cases) {
		test(what, () => {
			assert.deepEqual(trace(text, isKnown ? known : {}), expected);
		});
	}
});

test("a port between two others that share stamps with it is a bridge", () => {
	const text = `who-has(from=vm1,to=lan): web-lan?-9s x?-9s outside?-8.99s
		is-at(from=lan,to=vm1): outside?-8s x?-8s web-lan?-7.99s
		echo(from=vm1,to=lan): web-lan?0 x?0 outside?30`;
	const lines = trace(text);
	assert.equal(lines.at(-1), "echo-request web-lan< x< outside> delivered");
});
