import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { linkType } from "../../src/model/capture.js";
import { bpf } from "../../src/recorder/bpf.js";
import {
	builtinFilter,
	captureProgram,
	isCapturedLinkType,
} from "../../src/recorder/bpf-capture.js";
import { isOfInterest } from "../../src/wire/interest.js";
import { runBpf } from "./bpf-machine.js";

const macs = "ffffffffffff525400cd763a";
const arp = "0001080006040001525400cd763ac0a8643d000000000000c0a86401";

interface Ipv4Parts {
	readonly protocol?: number;
	readonly fragment?: number;
	readonly ports?: readonly [number, number];
	/** Of the header, in 32-bit words. */
	readonly words?: number;
	readonly version?: number;
}

/** An IPv4 packet with eight bytes behind its header. */
function ipv4({
	protocol = 17,
	fragment = 0,
	ports = [68, 67],
	words = 5,
	version = 4,
}: Ipv4Parts): string {
	const length = Math.max(words, 5) * 4;
	const bytes = Buffer.alloc(length + 8);
	bytes.writeUInt8(version * 16 + words, 0);
	bytes.writeUInt16BE(bytes.length, 2);
	bytes.writeUInt16BE(fragment, 6);
	bytes.writeUInt8(protocol, 9);
	bytes.writeUInt16BE(ports[0], length);
	bytes.writeUInt16BE(ports[1], length + 2);
	return bytes.toString("hex");
}

const icmp = ipv4({ protocol: 1 });
const snap = "0030aaaa03000000";

const ethernetFrames: readonly (readonly [string, string, boolean])[] = [
	["ARP", `0806${arp}`, true],
	["RARP", `8035${arp}`, true],
	["ICMP", `0800${icmp}`, true],
	[
		"a later fragment of ICMP",
		`0800${ipv4({ protocol: 1, fragment: 185 })}`,
		true,
	],
	["from a DHCP client", `0800${ipv4({ ports: [68, 67] })}`, true],
	["from a relay agent", `0800${ipv4({ ports: [67, 67] })}`, true],
	["to port 67 only", `0800${ipv4({ ports: [40000, 67] })}`, true],
	["from port 68 only", `0800${ipv4({ ports: [68, 9] })}`, true],
	["DHCP with IP options", `0800${ipv4({ words: 15 })}`, true],
	["DHCP with don't-fragment", `0800${ipv4({ fragment: 0x4000 })}`, true],
	["the first fragment of DHCP", `0800${ipv4({ fragment: 0x2000 })}`, true],
	["a later fragment of UDP", `0800${ipv4({ fragment: 0x2001 })}`, false],
	["a header too short for one", `0800${ipv4({ words: 4 })}`, false],
	["version 6 as IPv4", `0800${ipv4({ version: 6 })}`, false],
	["DNS", `0800${ipv4({ ports: [40000, 53] })}`, false],
	["TCP to port 67", `0800${ipv4({ protocol: 6 })}`, false],
	["IPv6", `86dd${ipv4({ version: 6 })}`, false],
	["STP", `0026424203${"00".repeat(40)}`, false],
	["ICMP in 802.1Q", `810000640800${icmp}`, true],
	["ARP in 802.1ad", `88a800640806${arp}`, true],
	["DHCP in QinQ", `88a8006481000065${`0800${ipv4({})}`}`, true],
	[
		"DNS in QinQ",
		`88a8006481000065${`0800${ipv4({ ports: [1, 53] })}`}`,
		false,
	],
	["IPv6 in 802.1Q", `8100006486dd${ipv4({ version: 6 })}`, false],
	["ICMP in the old QinQ", `910000640800${icmp}`, true],
	["ICMP in SNAP", `${snap}0800${icmp}`, true],
	["ARP in SNAP in 802.1Q", `81000064${snap}0806${arp}`, true],
	["DHCP with IP options in SNAP", `${snap}0800${ipv4({ words: 7 })}`, true],
	["DNS in SNAP", `${snap}0800${ipv4({ ports: [1, 53] })}`, false],
	["IPv4 in another organization", `0030aaaa0300000c0800${icmp}`, false],
];

const rawFrames: readonly (readonly [string, string, boolean])[] = [
	["ICMP", icmp, true],
	["DHCP", ipv4({}), true],
	["DNS", ipv4({ ports: [1, 53] }), false],
	["IPv6", ipv4({ version: 6, protocol: 1 }), false],
];

const snapLength = 2048;
const ethernet = captureProgram(linkType.ethernet, snapLength, null);
const raw = captureProgram(linkType.raw, snapLength, null);

for (const [name, body, isKept] of ethernetFrames) {
	test(`captureProgram() ${isKept ? "keeps" : "rejects"} ${name}`, () => {
		const frame = Buffer.from(macs + body, "hex");
		assert.equal(runBpf(ethernet, frame), isKept ? snapLength : 0);
		assert.equal(
			isOfInterest(frame, 0, frame.length, linkType.ethernet),
			isKept,
		);
	});
}

for (const [name, body, isKept] of rawFrames) {
	test(`captureProgram() ${isKept ? "keeps" : "rejects"} ${name} on a tunnel`, () => {
		const frame = Buffer.from(body, "hex");
		assert.equal(runBpf(raw, frame), isKept ? snapLength : 0);
		assert.equal(isOfInterest(frame, 0, frame.length, linkType.raw), isKept);
	});
}

test("captureProgram() decides as isOfInterest() does on whatever is changed in a frame", () => {
	const frames = ethernetFrames.map(([, body]) =>
		Buffer.concat([Buffer.from(macs + body, "hex"), Buffer.alloc(80)]),
	);
	const change = fc.tuple(fc.integer({ min: 12, max: 60 }), fc.nat(255));
	fc.assert(
		fc.property(
			fc.constantFrom(...frames),
			fc.array(change),
			(from, changes) => {
				const frame = Buffer.from(from);
				for (const [at, value] of changes) {
					frame[at] = value;
				}
				// A third tag is beyond the program.
				fc.pre(!isThirdTag(frame));
				const isKept = isOfInterest(frame, 0, frame.length, linkType.ethernet);
				assert.equal(runBpf(ethernet, frame) > 0, isKept);
			},
		),
		{ numRuns: 2000, seed: 1 },
	);
});

function isThirdTag(frame: Buffer): boolean {
	return [12, 16, 20].every((at) =>
		[0x8100, 0x88a8, 0x9100].includes(frame.readUInt16BE(at)),
	);
}

test("captureProgram() keeps, of what it would, only what the other program accepts", () => {
	const icmpOnly = [
		{ code: bpf.ldAbsByte, jt: 0, jf: 0, k: 23 },
		{ code: bpf.jeq, jt: 0, jf: 1, k: 1 },
		{ code: bpf.ret, jt: 0, jf: 0, k: 99 },
		{ code: bpf.jeq, jt: 0, jf: 1, k: 6 },
		{ code: bpf.ret, jt: 0, jf: 0, k: 99 },
		{ code: bpf.ret, jt: 0, jf: 0, k: 0 },
	];
	const program = captureProgram(linkType.ethernet, snapLength, icmpOnly);
	const frame = (rest: string) => Buffer.from(`${macs}0800${rest}`, "hex");
	assert.equal(runBpf(program, frame(icmp)), snapLength);
	const dhcp = frame(ipv4({ ports: [68, 67] }));
	assert.equal(runBpf(ethernet, dhcp), snapLength);
	assert.equal(runBpf(program, dhcp), 0);
	const tcp = frame(ipv4({ protocol: 6 }));
	assert.equal(runBpf(program, tcp), 0);
});

test("captureProgram() refuses more than the kernel takes", () => {
	const one = { code: bpf.ret, jt: 0, jf: 0, k: 0 };
	const room = 4096 - builtinFilter(linkType.ethernet, 96).length;
	const make = (length: number) =>
		captureProgram(
			linkType.ethernet,
			96,
			Array.from({ length }, () => one),
		);
	assert.equal(make(room).length, 4096);
	assert.throws(() => make(room + 1), /too long: it takes 4097 instructions/);
});

test("isCapturedLinkType() knows what a packet socket can tell apart", () => {
	const all = Object.values(linkType).filter(isCapturedLinkType);
	assert.deepEqual(all, [linkType.ethernet, linkType.raw, linkType.ipv4]);
});
