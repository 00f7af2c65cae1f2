import assert from "node:assert/strict";
import { test } from "node:test";
import { linkType } from "../../src/model/capture.js";
import { isOfInterest } from "../../src/wire/interest.js";
import { concat, hex } from "./bytes.js";
import { ethernet, healthyFrames, icmp, ipv4, udp } from "./packets.js";

const echo = ipv4(icmp("08 00 0000 1234 0007"));
const dns = ipv4(udp("0035 1234", hex("00")), { protocol: "udp" });
const discover = ipv4(udp("0044 0043", hex("00")), { protocol: "udp" });
const tcp = ipv4(hex("0044 0043 00000000"), { protocol: "tcp" });

function isInteresting(bytes: Uint8Array, link: number = linkType.ethernet) {
	return isOfInterest(bytes, 0, bytes.length, link);
}

test("isOfInterest() takes every kind of frame that vmpath traces", () => {
	for (const bytes of healthyFrames) {
		assert.equal(isInteresting(bytes), true);
	}
	assert.equal(isInteresting(ethernet("8035")), true);
});

test("isOfInterest() leaves everything else", () => {
	const others = [
		ethernet("86dd", hex("60000000")),
		ethernet("88b5", hex("7b7d")),
		ethernet("0026", hex("424203 0000000000")),
		ethernet("0024", hex("aaaa03 00000c 2000")),
		ethernet("0800", dns),
		ethernet("0800", tcp),
	];
	for (const bytes of others) {
		assert.equal(isInteresting(bytes), false);
	}
});

test("isOfInterest() looks behind eight tags, and no more", () => {
	const tag = "0001 8100";
	const tags = (count: number) => hex(`${tag.repeat(count - 1)} 0001 0806`);
	assert.equal(isInteresting(ethernet("8100", tags(8))), true);
	assert.equal(isInteresting(ethernet("9100", tags(9))), false);
});

test("isOfInterest() looks behind SNAP, tagged or not", () => {
	const snap = hex("aaaa03 000000 0806");
	assert.equal(isInteresting(ethernet("0024", snap)), true);
	assert.equal(isInteresting(ethernet("8100", hex("0001 0024"), snap)), true);
});

test("isOfInterest() takes any fragment of ICMP, but only the first of DHCP", () => {
	const flagsAndOffset = "00b9";
	const fragment = hex("00440043 00000000");
	const later = (protocol: "icmp" | "udp") =>
		isInteresting(
			ethernet("0800", ipv4(fragment, { protocol, flagsAndOffset })),
		);
	assert.equal(later("icmp"), true);
	assert.equal(later("udp"), false);
});

test("isOfInterest() takes what is cut before it can be told", () => {
	const frame = ethernet("0800", dns);
	const taken = Array.from({ length: frame.length + 1 }, (_, length) =>
		isOfInterest(frame, 0, length, linkType.ethernet),
	);
	// From the end of the Ethernet header to the byte before both ports are there.
	assert.equal(taken.indexOf(true), 14);
	assert.equal(taken.lastIndexOf(true), 37);
	assert.ok(taken.slice(14, 38).every(Boolean));
});

test("isOfInterest() takes a malformed header whose protocol is ICMP, not UDP", () => {
	for (const versionAndLength of ["44", "65"]) {
		const of = (protocol: "icmp" | "udp") =>
			ethernet("0800", ipv4(hex("00440043"), { protocol, versionAndLength }));
		assert.equal(isInteresting(of("icmp")), true);
		assert.equal(isInteresting(of("udp")), false);
	}
});

test("isOfInterest() finds the ports behind options", () => {
	const packet = ipv4(udp("1234 0044", hex("00")), {
		protocol: "udp",
		options: hex("94040000"),
	});
	assert.equal(isInteresting(ethernet("0800", packet)), true);
});

test("isOfInterest() knows every link type", () => {
	const sll = "0000 0001 0006 525400000001 0000 0800";
	const sll2 = "0800 0000 00000003 0001 00 06 525400000001 0000";
	const headers: readonly (readonly [number, string])[] = [
		[linkType.raw, ""],
		[linkType.rawBsd, ""],
		[linkType.rawOpenBsd, ""],
		[linkType.ipv4, ""],
		[linkType.null, "02000000"],
		[linkType.null, "00000002"],
		[linkType.loop, "00000002"],
		[linkType.sll, sll],
		[linkType.sll2, sll2],
	];
	for (const [link, header] of headers) {
		assert.equal(isInteresting(concat(hex(header), echo), link), true);
		assert.equal(isInteresting(concat(hex(header), discover), link), true);
		assert.equal(isInteresting(concat(hex(header), tcp), link), false);
	}
	assert.equal(isInteresting(hex("60000000"), linkType.raw), false);
	assert.equal(
		isInteresting(concat(hex("1e000000"), echo), linkType.null),
		false,
	);
	assert.equal(isInteresting(echo, 147), false);
});

test("isOfInterest() reads nothing before the start and beyond the end", () => {
	const frame = ethernet("0800", echo);
	const bytes = concat(hex("ffff"), frame, hex("ffff"));
	const { ethernet: link } = linkType;
	assert.equal(isOfInterest(bytes, 2, 2 + frame.length, link), true);
	assert.equal(isOfInterest(bytes, 2, 2 + 13, link), false);
	assert.equal(isOfInterest(bytes, 0, frame.length, link), false);
});
