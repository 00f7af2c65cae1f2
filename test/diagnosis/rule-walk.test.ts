import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { readFirewall } from "../../src/diagnosis/firewall.js";
import type { Packet } from "../../src/diagnosis/packet.js";
import {
	findKillers,
	isSourceTranslated,
} from "../../src/diagnosis/rule-walk.js";
import type { Family, Hook, Ruleset } from "../../src/diagnosis/ruleset.js";
import type { HostDocument, Json } from "../../src/model/host-document.js";
import { chain, counter, equal, rule } from "./troubles.js";

/** What the tools print, as the host's document has it. */
function read(
	nft: Json,
	{ iptables = "", ebtables = "" } = {},
): Ruleset | null {
	const said = (source: string, output: Json) => ({
		source,
		output,
		gap: null,
	});
	return readFirewall({
		type: "host-firewall",
		statements: [
			said("nft -j list ruleset", nft),
			said("iptables-save -c", iptables),
			said("ebtables-save -c", ebtables),
		],
	});
}

/** The OFFER on its way from ens3 to vnet0. */
const offer: Packet = {
	iif: "ens3",
	oif: "vnet0",
	etherSource: "00:0d:b9:4a:1c:20",
	etherDestination: "52:54:00:cd:76:3a",
	etherType: "ip",
	packetType: "unicast",
	ipSource: "192.168.100.1",
	ipDestination: "192.168.100.99",
	protocol: "udp",
	sourcePort: "67",
	destinationPort: "68",
	icmpType: null,
	ctState: "new",
	isBridged: "yes",
	physIn: "ens3",
	physOut: "vnet0",
	arpOperation: null,
};

/** `2` is the rule with that handle, `policy` the chain's; `?` behind it: it may be. */
function killers(
	rules: Ruleset | null,
	packet: Packet = offer,
	families: readonly Family[] = ["ip", "inet", "bridge"],
	hook: Hook = "forward",
): string[] {
	assert.ok(rules);
	return findKillers(rules, [{ families, hook, packet }]).map(
		({ rule: one, isCertain }) =>
			`${one === null ? "policy" : (one.handle ?? one.text)}${isCertain ? "" : "?"}`,
	);
}

/** One base chain of bridge filter with a rule that ends in `drop`, and what it must say. */
const nftMatches: readonly (readonly [Json, string])[] = [
	[equal("meta oifname", "vnet0"), "2"],
	[equal("meta oifname", "vnet*"), "2"],
	[equal("meta oifname", "vnet1"), ""],
	[equal("meta oifname", "vnet1", "!="), "2"],
	[equal("meta iifname", { set: ["ens3", "ens4"] }), "2"],
	[equal("ether saddr", "00:0D:B9:4A:1C:20"), "2"],
	[equal("ether saddr", "52:54:00:cd:76:3a", "!="), "2"],
	[equal("ether type", "ip"), "2"],
	[equal("ether type", "arp"), ""],
	[equal("meta protocol", "ip"), "2"],
	[equal("meta nfproto", "ipv4"), "2"],
	[equal("ip saddr", { prefix: { addr: "192.168.0.0", len: 16 } }), "2"],
	[equal("ip saddr", { prefix: { addr: "10.0.0.0", len: 8 } }), ""],
	[equal("ip daddr", { range: ["192.168.100.50", "192.168.100.99"] }), "2"],
	[equal("ip daddr", "@blocked"), "2?"],
	[equal("meta l4proto", { set: ["tcp", "udp"] }), "2"],
	[equal("ip protocol", 17), "2"],
	[equal("udp dport", { range: [67, 68] }), "2"],
	[equal("udp dport", { set: [{ range: [1, 9] }, 68] }), "2"],
	[equal("udp dport", { set: [67, 68] }, "!="), ""],
	[equal("th dport", 68), "2"],
	[equal("tcp dport", 22), ""],
	[equal("tcp dport", 22, "!="), ""],
	[equal("ip6 saddr", "fe80::1", "!="), ""],
	[equal("icmp type", "echo-request"), ""],
	[equal("ct state", ["established", "related"], "in"), ""],
	[equal("ct state", { set: ["new", "invalid"] }), "2"],
	[equal("ct state", "established", "!="), "2"],
	[equal("meta pkttype", { set: ["broadcast", "multicast"] }), ""],
	[equal("meta pkttype", "host"), "2?"],
	[equal("arp operation", "request"), ""],
	[equal("meta mark", 3), "2?"],
	[{ limit: { rate: 5, burst: 5, per: "second" } }, "2?"],
	[{ xt: { type: "match", name: "physdev" } }, "2?"],
	[{ xt: { type: "match", name: "comment" } }, "2"],
];

describe("findKillers() by what nft -j prints", () => {
	for (const [match, expected] of nftMatches) {
		test(`${JSON.stringify(match)}: ${expected || "none"}`, () => {
			const rules = read({
				nftables: [
					chain("bridge", "filter", "c", "forward", "accept"),
					rule("bridge", "filter", "c", 2, [match, counter(0), { drop: null }]),
				],
			});
			assert.equal(killers(rules).join(" "), expected);
		});
	}
});

/** Options of `-A FORWARD … -j DROP`, and whether the OFFER is dropped. */
const iptablesMatches: readonly (readonly [string, string])[] = [
	["-p udp -m udp --sport 67 --dport 68", "yes"],
	["-p udp -m udp --dport 60:70", "yes"],
	["-p udp -m multiport --dports 67,68", "yes"],
	["-p tcp", "no"],
	["! -p tcp", "yes"],
	["-p icmp -m icmp --icmp-type 8", "no"],
	["-i br0 -o br0", "yes"],
	["-i br+", "yes"],
	["! -i br0", "no"],
	["-s 192.168.100.0/24", "yes"],
	["-s 192.168.100.0/255.255.255.0", "yes"],
	["! -d 192.168.100.99/32", "no"],
	["-m iprange --src-range 192.168.100.1-192.168.100.9", "yes"],
	["-m physdev --physdev-out vnet0 --physdev-is-bridged", "yes"],
	["-m physdev ! --physdev-is-bridged", "no"],
	["-m physdev --physdev-in vnet0", "no"],
	["-m conntrack --ctstate RELATED,ESTABLISHED", "no"],
	["-m state --state NEW", "yes"],
	["-m mac --mac-source 00:0D:B9:4A:1C:20", "yes"],
	['-m comment --comment "no -j ACCEPT here"', "yes"],
	["-m addrtype --dst-type LOCAL", "maybe"],
	["-m set --match-set blocked src", "maybe"],
	["-m socket", "maybe"],
];

describe("findKillers() by what iptables-save prints", () => {
	for (const [options, expected] of iptablesMatches) {
		test(`${options}: ${expected}`, () => {
			const iptables = `*filter\n:FORWARD ACCEPT [0:0]\n[3:9] -A FORWARD ${options} -j DROP\nCOMMIT`;
			const packet = { ...offer, iif: "br0", oif: "br0" };
			const [found = "no"] = killers(read(null, { iptables }), packet, ["ip"]);
			const answer =
				found === "no" ? found : found.endsWith("?") ? "maybe" : "yes";
			assert.equal(answer, expected);
		});
	}
});

const ebtablesMatches: readonly (readonly [string, string])[] = [
	["-p IPv4 -o vnet0 --ip-proto udp --ip-sport 67 --ip-dport 68", "yes"],
	["-p ARP", "no"],
	["-p ! ARP", "yes"],
	["-s ! 0:d:b9:4a:1c:20", "no"],
	["-d Broadcast", "no"],
	["-d 52:54:00:00:00:00/ff:ff:00:00:00:00", "maybe"],
	["-i ens3 --ip-src 192.168.100.0/24", "maybe or yes"],
	["-p IPv6", "no"],
	["--among-src-file x", "maybe"],
];

describe("findKillers() by what ebtables-save prints", () => {
	for (const [options, expected] of ebtablesMatches) {
		test(`${options}: ${expected}`, () => {
			const ebtables = `*filter\n:FORWARD ACCEPT\n[3:9] -A FORWARD ${options} -j DROP`;
			const [found = "no"] = killers(read(null, { ebtables }));
			const answer =
				found === "no" ? found : found.endsWith("?") ? "maybe" : "yes";
			assert.ok(expected.includes(answer), `${answer}`);
		});
	}

	test("a chain of a user's own ends in its policy", () => {
		const ebtables = [
			"*nat",
			":PREROUTING ACCEPT",
			":libvirt-I-vnet0 DROP",
			"[9:9] -A PREROUTING -i ens3 -j libvirt-I-vnet0",
			"[0:0] -A libvirt-I-vnet0 -p ARP -j ACCEPT",
		].join("\n");
		const rules = read(null, { ebtables });
		assert.deepEqual(killers(rules, offer, ["bridge"], "prerouting"), [
			"policy of libvirt-I-vnet0: DROP",
		]);
		const arp = { ...offer, etherType: "arp" };
		assert.deepEqual(killers(rules, arp, ["bridge"], "prerouting"), []);
	});
});

describe("findKillers() follows the rules", () => {
	const drop = { drop: null };
	const build = (...rules: readonly (readonly Json[])[]) =>
		read({
			nftables: [
				chain("inet", "f", "forward", "forward", "drop"),
				{ chain: { family: "inet", table: "f", name: "sub", handle: 9 } },
				...rules.map((expr, index) =>
					rule("inet", "f", expr[0] === sub ? "sub" : "forward", index + 1, [
						...expr.filter((one) => one !== sub),
					]),
				),
			],
		});
	const sub: Json = { comment: "in the other chain" };
	const mine = equal("udp dport", 68);
	const other = equal("udp dport", 53);
	const unknown = equal("meta mark", 1);
	const jump = { jump: { target: "sub" } };
	const goto = { goto: { target: "sub" } };
	const accept = { accept: null };
	const back = { return: null };

	const ways: readonly (readonly [string, Ruleset | null, string])[] = [
		["the policy takes what no rule accepts", build([other, accept]), "policy"],
		["what is accepted is let through", build([mine, accept]), ""],
		[
			"what may be accepted may meet the policy",
			build([unknown, accept]),
			"policy?",
		],
		["a jump comes back", build([jump], [sub, other, drop]), "policy"],
		[
			"a jump into what accepts ends there",
			build([jump], [sub, mine, accept]),
			"",
		],
		[
			"a return leaves the rest of its chain",
			build([jump], [sub, back], [sub, drop]),
			"policy",
		],
		["a goto does not come back", build([goto], [mine, accept]), "policy"],
		[
			"a drop that may be comes first",
			build([unknown, drop], [mine, drop]),
			"1? 2?",
		],
		[
			"a rule that only logs goes on",
			build([{ log: { prefix: "x" } }], [mine, drop]),
			"2",
		],
		[
			"a chain that is not there",
			build([{ jump: { target: "gone" } }]),
			"policy?",
		],
		[
			"a verdict map",
			build([
				{
					vmap: {
						key: { ct: { key: "state" } },
						data: {
							set: [
								["established", accept],
								["new", drop],
							],
						},
					},
				},
			]),
			"1",
		],
		[
			"a verdict map by name",
			build([{ vmap: { key: {}, data: "@m" } }]),
			"policy?",
		],
	];
	for (const [what, rules, expected] of ways) {
		test(`${what}: ${expected || "none"}`, () => {
			assert.equal(killers(rules).join(" "), expected);
		});
	}

	test("a base chain that accepts does not keep another from dropping", () => {
		const rules = read({
			nftables: [
				chain("ip", "a", "forward", "forward", "accept"),
				rule("ip", "a", "forward", 1, [accept]),
				chain("inet", "b", "forward", "forward", "drop"),
			],
		});
		assert.deepEqual(killers(rules), ["policy"]);
	});

	test("jumps in a circle end", () => {
		assert.deepEqual(killers(build([jump], [sub, jump])), ["policy?"]);
	});
});

test("readFirewall() takes iptables' words with nft's handles", () => {
	const documents: readonly HostDocument[] = JSON.parse(
		readFileSync("fixtures/host/libvirt-host.json", "utf8"),
	);
	const document = documents.find(({ type }) => type === "host-firewall");
	assert.ok(document);
	const rules = readFirewall(document);
	const forward = rules?.byName.get("ip filter FORWARD");
	assert.equal(rules?.isWhole, true);
	assert.deepEqual(
		forward?.rules.map(({ text, handle, packets }) => [text, handle, packets]),
		[
			[
				"-A FORWARD -p udp -m physdev --physdev-in tap-vm2 --physdev-is-bridged -m udp --dport 67 -j DROP",
				2,
				0,
			],
		],
	);
	// What iptables calls incompatible is nft's alone.
	const nat = rules?.byName.get("ip nat postrouting");
	assert.deepEqual(
		nat?.rules.map(({ text }) => text),
		['ip saddr 192.168.122.0/24 oifname "br0" masquerade'],
	);
	assert.equal(rules?.byName.get("bridge guard forward")?.rules.length, 1);
});

test("readFirewall() reads the rules of a real libvirt host, all of them", () => {
	const file = (name: string) =>
		readFileSync(`fixtures/host/libvirt-9/running/${name}`, "utf8");
	const rules = read(JSON.parse(file("nft.json")), {
		iptables: file("iptables-save.txt"),
	});
	const forward = { ...offer, iif: "virbr0", oif: "br0", isBridged: "no" };
	const fromVm = { ...forward, ipSource: "192.168.122.5" };
	assert.deepEqual(killers(rules, fromVm, ["ip", "inet"]), []);
	const stranger = { ...forward, ipSource: "10.0.0.1" };
	assert.deepEqual(killers(rules, stranger, ["ip", "inet"]), ["22"]);
	const toVm = {
		...forward,
		iif: "br0",
		oif: "virbr0",
		ipDestination: "192.168.122.5",
	};
	assert.deepEqual(killers(rules, toVm, ["ip", "inet"]), ["23"]);
	const answer = { ...toVm, ctState: "established" };
	assert.deepEqual(killers(rules, answer, ["ip", "inet"]), []);
	const point = { families: ["ip"], hook: "postrouting" } as const;
	assert.ok(rules);
	assert.equal(isSourceTranslated(rules, { ...point, packet: fromVm }), "yes");
	assert.equal(isSourceTranslated(rules, { ...point, packet: stranger }), "no");
});

test("readFirewall() does not know all where a tool was not allowed", () => {
	const gap = { reason: "permission denied", fix: null };
	const rules = readFirewall({
		type: "host-firewall",
		statements: [
			{ source: "nft -j list ruleset", output: null, gap },
			{
				source: "iptables-save -c",
				output: "*filter\n:FORWARD ACCEPT",
				gap: null,
			},
		],
	});
	assert.equal(rules?.isWhole, false);
});
