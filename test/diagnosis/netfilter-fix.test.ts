import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../../src/model/host-document.js";
import {
	causesOf,
	chain,
	counter,
	equal,
	type HostChanges,
	rule,
	trip,
	troubleOf,
} from "./troubles.js";

const calls = { "net/bridge/bridge-nf-call-iptables": "1" };
const unfiltered = "no iptables rule holds for bridged frames then";
const free = `sysctl -w net.bridge.bridge-nf-call-iptables=0 (and in /etc/sysctl.d, to keep it; ${unfiltered})`;
const lostDiscover = [trip(1, "discover", "vnet0< br0<", "ens3")];
const lostOffer = [
	trip(1, "discover", "vnet0< br0< ens3>"),
	trip(2, "offer", "ens3< br0<", "vnet0"),
];

/** The one cause, and its fix. */
function mend(journeys: typeof lostOffer, host: HostChanges): string[] {
	const exchange = troubleOf(journeys, "lost");
	return causesOf(exchange, journeys, { host }).flatMap(({ id, fix }) => [
		id,
		fix,
	]);
}

const drops = (first: Json): Json[] => [
	chain("ip", "filter", "FORWARD", "forward", "accept"),
	rule("ip", "filter", "FORWARD", 7, [first, counter(2), { drop: null }]),
];

test("a rule of nft that takes bridged frames goes first, then what frees all of them", () => {
	assert.deepEqual(
		mend(lostOffer, { sysctls: calls, nft: drops(equal("udp dport", 68)) }),
		[
			"bridge-netfilter-half-open",
			`nft delete rule ip filter FORWARD handle 7, or ${free}`,
		],
	);
});

test("a rule of iptables that takes bridged frames is deleted by iptables", () => {
	const iptables =
		"*filter\n:FORWARD ACCEPT [0:0]\n[2:684] -A FORWARD -p udp -m udp --dport 67 -j DROP\nCOMMIT";
	assert.deepEqual(mend(lostDiscover, { sysctls: calls, iptables }), [
		"bridge-netfilter-forward-drop",
		`iptables -D FORWARD -p udp -m udp --dport 67 -j DROP, or ${free}`,
	]);
});

test("a rule as long as the fix may be is deleted, and no command is cut", () => {
	const comment = "x".repeat(150);
	const iptables = `*filter\n:FORWARD ACCEPT [0:0]\n[2:684] -A FORWARD -p udp -m comment --comment ${comment} -j DROP\nCOMMIT`;
	const [, fix] = mend(lostDiscover, { sysctls: calls, iptables });
	assert.equal(
		fix,
		`iptables -D FORWARD -p udp -m comment --comment ${comment} -j DROP`,
	);
});

test("of a policy, all bridged frames are freed, and what that means is said", () => {
	const iptables = "*filter\n:FORWARD DROP [0:0]\nCOMMIT";
	assert.deepEqual(mend(lostDiscover, { sysctls: calls, iptables }), [
		"bridge-netfilter-forward-drop",
		free,
	]);
});

test("where one bridge alone calls iptables, that bridge is told not to", () => {
	const iptables = "*filter\n:FORWARD DROP [0:0]\nCOMMIT";
	const setting = { info_kind: "bridge", info_data: { nf_call_iptables: 1 } };
	assert.deepEqual(
		mend(lostDiscover, { iptables, links: { br0: { linkinfo: setting } } }),
		[
			"bridge-netfilter-forward-drop",
			`ip link set br0 type bridge nf_call_iptables 0 (${unfiltered})`,
		],
	);
});
