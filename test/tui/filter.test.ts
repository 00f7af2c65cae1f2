import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFilter } from "../../src/tui/filter.js";
import type { ListRow } from "../../src/tui/world.js";
import { makeExchange, makeJourney } from "./made.js";

function rowOf(journey: Parameters<typeof makeJourney>[0]): ListRow {
	return { kind: "journey", journey: makeJourney(journey), key: "x" };
}

const offer = rowOf({
	id: 1,
	vm: "VM1",
	protocol: "dhcp",
	outcome: "lost",
	path: ["ens3", "br0", "vnet0"],
	summary: "DHCP OFFER 192.168.100.99 from 192.168.100.1",
});
const ping = rowOf({ id: 2, vm: "VM10", mac: "52:54:00:1f:0b:92" });
const unanswered: ListRow = {
	kind: "exchange",
	key: "y",
	exchange: makeExchange({
		id: 3,
		outcome: "unanswered",
		vm: "web lan",
		causes: ["dhcp-server-down"],
		protocol: "dhcp",
		lastSeen: "ens3",
		server: "10.0.0.1",
	}),
};
const rows = [offer, ping, unanswered];

/** Numbers of the rows that pass. */
const passing: readonly (readonly [filter: string, passes: number[]])[] = [
	["", [0, 1, 2]],
	["  ", [0, 1, 2]],
	["vm:vm1", [0]],
	["vm:VM1*", [0, 1]],
	['vm:"web lan"', [2]],
	["vm:52-54-00-1F-0B-92", [1]],
	["vm:VM1 vm:VM10", [0, 1]],
	["-vm:vm1", [1, 2]],
	["!vm:VM1 !vm:VM10", [2]],
	["proto:DHCP", [0, 2]],
	["proto:dhcp proto:icmp outcome:bad", [0, 2]],
	["proto:dhcp -outcome:lost", [2]],
	["outcome:delivered", [1]],
	["outcome:lost", [0]],
	["mac:52:54:00:1f", [1]],
	["mac:5254001f0b92", [1]],
	["52:54:00:1f", [1]],
	["mac:1f:0b:92", [1]],
	["mac:1F-0B", [1]],
	["mac:1f0b92", [1]],
	["mac:001f.0b92", [1]],
	["mac:52:54:00:1f:0b:92", [1]],
	["mac:52:54:00:1f:0b:93", []],
	["mac:f:0b", [1]],
	["mac:f0b", []],
	["vm:1f:0b:92", [1]],
	["vm:52:54:00:1f", [1]],
	["vm:52:54:00:1f:0b:92", [1]],
	["vm:1f", []],
	["vm:zz:00", []],
	["-vm:1f:0b:92", [0, 2]],
	["ip:192.168.100.99", [0]],
	["ip:192.168.100.9", []],
	["ip:192.168.100.", [0, 1, 2]],
	["ip:192.168", [0, 1, 2]],
	["ip:10.0.0.0/8", [2]],
	["ip:192.168.100.96/30", [0]],
	["ip:0.0.0.0/0", [0, 1, 2]],
	["iface:vnet0", [0, 1]],
	["iface:ens*", [0, 1, 2]],
	["iface:ens", []],
	["offer", [0]],
	["OFFER from", [0]],
	['"offer from"', []],
	['"echo request"', [1, 2]],
	["server-down", [2]],
	["vnet0 -offer", [1]],
	["a.c", []],
	["(", []],
	["192.168.100.57", [1, 2]],
];

for (const [text, passes] of passing) {
	test(`parseFilter() reads ${JSON.stringify(text)}`, () => {
		const filter = parseFilter(text);
		assert.ok(!("problem" in filter), JSON.stringify(filter));
		assert.deepEqual(
			rows.flatMap((row, index) => (filter.matches(row) ? index : [])),
			passes,
		);
	});
}

const problems: readonly (readonly [filter: string, problem: string])[] = [
	["host:a", "there is no host: but vm: proto: mac: ip: iface: outcome:"],
	["proto:tcp", "proto: is arp, dhcp or icmp, not tcp"],
	[
		"outcome:fine",
		"outcome: is delivered, lost, inconclusive, degraded, refused, unanswered or bad, not fine",
	],
	["vm:", "vm: needs something behind it"],
	["a -", "- needs something behind it"],
	['"', 'a quote (") is not closed'],
	["mac:zz", "mac: takes a MAC address or a part of it, not zz"],
	[
		"ip:300.1.1.1",
		"ip: takes 192.168.100.57, 192.168.100. or 192.168.100.0/24, not 300.1.1.1",
	],
	[
		"ip:1.2.3.4/33",
		"ip: takes 192.168.100.57, 192.168.100. or 192.168.100.0/24, not 1.2.3.4/33",
	],
	["proto:\u001b[2J", "proto: is arp, dhcp or icmp, not \\x1b[2J"],
];

for (const [text, problem] of problems) {
	test(`parseFilter() says what is wrong with ${JSON.stringify(text)}`, () => {
		assert.deepEqual(parseFilter(text), { problem });
	});
}

test("parseFilter() refuses what is too long", () => {
	assert.ok("problem" in parseFilter("a ".repeat(600)));
});
