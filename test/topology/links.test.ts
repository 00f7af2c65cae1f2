import assert from "node:assert/strict";
import { test } from "node:test";
import {
	LinksError,
	parseBridgeMacs,
	parseLinks,
} from "../../src/topology/links.js";

test("parseLinks() reads index and name of `ip -o link`, without the peer", () => {
	const text = [
		"1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
		"4: vnet0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UP mode DEFAULT group default qlen 1000\\    link/ether fe:54:00:cd:76:3a brd ff:ff:ff:ff:ff:ff link-netns vm1",
		"12: bond0.100@bond0: <BROADCAST> mtu 1500 qdisc noop state DOWN",
		"13: ip6tnl0@NONE: <NOARP> mtu 1452 qdisc noop state DOWN",
		"",
	].join("\n");
	assert.deepEqual(
		[...parseLinks(text)],
		[
			[1, "lo"],
			[4, "vnet0"],
			[12, "bond0.100"],
			[13, "ip6tnl0"],
		],
	);
});

test("parseLinks() reads `ip link` without -o as well", () => {
	const text = `2: ens3: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc fq state UP
    link/ether 00:25:90:5c:2e:10 brd ff:ff:ff:ff:ff:ff
    altname enp0s3
3: br0: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state UP
    link/ether 00:25:90:5c:2e:10 brd ff:ff:ff:ff:ff:ff
`;
	assert.deepEqual(
		[...parseLinks(text)],
		[
			[2, "ens3"],
			[3, "br0"],
		],
	);
});

test("parseLinks() takes ends of line as Windows writes them", () => {
	assert.deepEqual([...parseLinks("1: lo: <UP>\r\n")], [[1, "lo"]]);
});

const wrong: readonly (readonly [text: string, message: string])[] = [
	["", "it names no interface"],
	["\n \n", "it names no interface"],
	["hello", 'line 1 is not from `ip -o link`: "hello"'],
	['[{"ifindex":1}]', 'line 1 is not from `ip -o link`: "[{"ifindex":1}]"'],
	["1: lo: <UP>\nx\u001b[2J", 'line 2 is not from `ip -o link`: "x\\x1b[2J"'],
	["    link/ether", 'line 1 is not from `ip -o link`: "    link/ether"'],
	["1: a/b: <UP>", 'line 1 is not from `ip -o link`: "1: a/b: <UP>"'],
];

test("parseLinks() says which line is not from ip", () => {
	for (const [text, message] of wrong) {
		assert.throws(() => parseLinks(text), new LinksError(message));
	}
});

test("parseLinks() makes names safe", () => {
	assert.deepEqual(
		[...parseLinks("1: a\u001b]0;x: <UP>")],
		[[1, "a\\x1b]0;x"]],
	);
});

test("parseBridgeMacs() reads the addresses of bridges, by name or by their ports", () => {
	const text = [
		"2: ens3: <UP> mtu 1500 master lan0 state UP\\    link/ether 00:25:90:5c:2e:10 brd ff:ff:ff:ff:ff:ff",
		"3: lan0: <UP> mtu 1500 state UP\\    link/ether 00:25:90:5c:2e:10 brd ff:ff:ff:ff:ff:ff",
		"4: virbr0: <UP> mtu 1500 state UP\\    link/ether 52:54:00:F3:6a:05 brd ff:ff:ff:ff:ff:ff",
		"5: eth1: <UP> mtu 1500 master bond0 state UP\\    link/ether 00:25:90:5c:2e:11 brd ff:ff:ff:ff:ff:ff",
		"6: bond0: <UP> mtu 1500 state UP\\    link/ether 00:25:90:5c:2e:11 brd ff:ff:ff:ff:ff:ff",
		"7: br9: <UP> mtu 1500 state UP\\    link/none",
	].join("\n");
	const expected = [
		["lan0", "00:25:90:5c:2e:10"],
		["virbr0", "52:54:00:f3:6a:05"],
	];
	assert.deepEqual([...parseBridgeMacs(text)], expected);
	const further = text.replaceAll("\\    ", "\n    ");
	assert.deepEqual([...parseBridgeMacs(further)], expected);
});
