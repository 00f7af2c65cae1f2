import assert from "node:assert/strict";
import { test } from "node:test";
import { unspecifiedIpv4 } from "../../src/model/address.js";
import type { DhcpMessage } from "../../src/model/dhcp.js";
import {
	describeOption,
	formatDuration,
	formatSeconds,
	listOptions,
	nameOption,
} from "../../src/tui/dhcp-option-values.js";
import { dumpBytes } from "../../src/tui/hex-dump.js";
import { drawSection, hang, wrapWords } from "../../src/tui/page-lines.js";
import { plainLook } from "../../src/tui/theme.js";

const message: DhcpMessage = {
	operation: 2,
	messageType: 5,
	transactionId: 1,
	seconds: 0,
	broadcast: false,
	hops: 0,
	clientMac: null,
	clientIp: unspecifiedIpv4,
	yourIp: unspecifiedIpv4,
	serverIp: unspecifiedIpv4,
	relayIp: unspecifiedIpv4,
	serverIdentifier: null,
	requestedIp: null,
	leaseSeconds: null,
	renewalSeconds: null,
	rebindingSeconds: null,
	subnetMask: null,
	routers: [],
	dns: [],
	hostName: null,
	domainName: null,
	vendorClass: null,
	clientId: null,
	message: null,
	interfaceMtu: null,
	rapidCommit: false,
	classlessRoutes: [{ destination: "10.0.0.0/8", router: "10.1.1.1" }],
	relayAgent: { circuitId: "766c616e", remoteId: null },
};

const options: readonly (readonly [code: number, hex: string, text: string])[] =
	[
		[3, "c0a86401c0a86402", "192.168.100.1, 192.168.100.2"],
		[3, "c0a864", "c0a864"],
		[12, "766d31001b5b324a", '"vm1\\x00\\x1b[2J"'],
		[12, "766d310000", '"vm1"'],
		[26, "05dc", "1500 bytes"],
		[51, "00000e10", "3600 s (1 h)"],
		[51, "ffffffff", "infinite"],
		[51, "0e10", "0e10"],
		[53, "06", "6 (NAK)"],
		[53, "63", "99 (unknown)"],
		[55, "0103fe", "1 Subnet Mask, 3 Router, 254 Option 254"],
		[61, "01525400cd763a", "52:54:00:cd:76:3a (Ethernet)"],
		[61, "ff0001", "ff0001"],
		[80, "", "yes"],
		[82, "0104766c616e", "circuit 766c616e"],
		[121, "080a0a010101", "10.0.0.0/8 via 10.1.1.1"],
		[224, "", "empty"],
		[224, "00".repeat(100), `${"00".repeat(64)}… (100 bytes)`],
	];

for (const [code, hex, text] of options) {
	test(`describeOption() writes option ${code} with ${hex.slice(0, 20)}`, () => {
		const value = Uint8Array.from(Buffer.from(hex, "hex"));
		assert.equal(describeOption({ code, value }, message), text);
	});
}

test("listOptions() keeps the order, skips pads, ends at the end option or a cut", () => {
	const list = (hex: string, missing = 0) => {
		const bytes = Uint8Array.from([
			...new Uint8Array(242),
			...Buffer.from(hex, "hex"),
		]);
		return listOptions(bytes, 2, bytes.length - missing).map(
			({ code, value }) => `${code}:${Buffer.from(value).toString("hex")}`,
		);
	};
	assert.deepEqual(
		list("350105 00 0304c0a86401 ff 0c0141".replaceAll(" ", "")),
		["53:05", "3:c0a86401"],
	);
	assert.deepEqual(list("3501050304c0a864"), ["53:05"]);
	assert.deepEqual(list("35010503"), ["53:05"]);
	assert.deepEqual(list(""), []);
	assert.equal(nameOption(57), "Maximum DHCP Message Size");
});

test("formatDuration() and formatSeconds() have at most two units", () => {
	const texts = [0, 59, 119, 120, 599, 3_540, 3_600, 5_400, 172_800, 360_000];
	assert.deepEqual(texts.map(formatDuration), [
		"0 s",
		"59 s",
		"119 s",
		"2 min",
		"9 min 59 s",
		"59 min",
		"1 h",
		"1 h 30 min",
		"2 d",
		"4 d 4 h",
	]);
	assert.equal(formatSeconds(90), "90 s");
	assert.equal(formatSeconds(5_400), "5400 s (1 h 30 min)");
});

test("dumpBytes() writes offset, bytes and ASCII, and counts equal lines", () => {
	const bytes = new Uint8Array(100);
	bytes.set(Buffer.from("vmpath\u0000~\u007f"), 0);
	assert.deepEqual(dumpBytes(bytes, [0, 100], 80, plainLook), [
		"   0000  76 6d 70 61 74 68 00 7e  7f 00 00 00 00 00 00 00  vmpath.~........",
		"   0010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  ................",
		"   *     4 more lines of the same",
		"   0060  00 00 00 00                                       ....",
	]);
	assert.deepEqual(dumpBytes(bytes.subarray(0, 9), [0, 9], 50, plainLook), [
		"   0000  76 6d 70 61 74 68 00 7e  vmpath.~",
		"   0008  7f                       .",
	]);
	const many = Uint8Array.from({ length: 3_000 }, (_, at) => at % 251);
	const rows = dumpBytes(many, [0, 0], 160, plainLook);
	assert.equal(rows.at(-1), "   … 952 more bytes");
});

test("wrapWords() and hang() break between words, and words that are too long", () => {
	assert.deepEqual(wrapWords("to be or not to be", 9), [
		"to be or",
		"not to be",
	]);
	assert.deepEqual(wrapWords("a 0123456789abc b", 10), [
		"a",
		"0123456789",
		"abc b",
	]);
	assert.deepEqual(wrapWords("虚拟机虚拟机", 8), ["虚拟机虚", "拟机"]);
	assert.deepEqual(hang("  ✗ ", "one two three", 13), [
		"  ✗ one two",
		"    three",
	]);
	assert.deepEqual(hang("  ", "", 20), ["  "]);
	assert.equal(drawSection("ports", 14, plainLook), "─ ports ──────");
});
