import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { linkType } from "../../src/model/capture.js";
import { decodeFrame } from "../../src/wire/frame.js";
import { isOfInterest } from "../../src/wire/interest.js";
import { hex } from "./bytes.js";
import {
	arpRequest,
	dhcp,
	dhcpOffer,
	echoRequest,
	ethernet,
	healthyFrames,
	hex16,
	icmp,
	ipv4,
	taggedFragment,
	udp,
	unreachable,
} from "./packets.js";

const { ethernet: link } = linkType;

/** Decodes a frame of which only so many bytes were captured. */
function decode(bytes: Uint8Array, captured = bytes.length) {
	return decodeFrame(bytes.subarray(0, captured), bytes.length, link);
}

test("decodeFrame() names the protocol of every kind of frame", () => {
	assert.deepEqual(
		healthyFrames.map((bytes) => decode(bytes).protocol),
		["arp", "icmp", "icmp", "dhcp", "icmp"],
	);
	assert.deepEqual(
		healthyFrames.map((bytes) => decode(bytes).problem),
		[null, null, null, null, null],
	);
});

test("decodeFrame() decodes an ARP request whole", () => {
	assert.deepEqual(decode(arpRequest), {
		protocol: "arp",
		direction: null,
		interfaceIndex: null,
		ethernet: {
			source: "52:54:00:00:00:01",
			destination: "ff:ff:ff:ff:ff:ff",
		},
		vlans: [],
		arp: {
			operation: 1,
			senderMac: "52:54:00:00:00:01",
			senderIp: "10.0.0.1",
			targetMac: "00:00:00:00:00:00",
			targetIp: "10.0.0.2",
		},
		ipv4: null,
		udp: null,
		icmp: null,
		dhcp: null,
		bodyStart: 14,
		bodyEnd: 42,
		problem: null,
	});
});

test("decodeFrame() sets the body to what stays equal along the path", () => {
	const padded = ethernet(
		"0800",
		ipv4(icmp("00 00 0000 1234 0007")),
		hex("0000"),
	);
	const bodies = [padded, dhcpOffer, taggedFragment].map((bytes) => {
		const { bodyStart, bodyEnd } = decode(bytes);
		return [bodyStart, bodyEnd];
	});
	assert.deepEqual(bodies, [
		[34, 42],
		[42, dhcpOffer.length],
		[42, 45],
	]);
});

test("decodeFrame() decodes no upper layer of a later fragment", () => {
	const frame = decode(taggedFragment);
	assert.equal(frame.ipv4?.fragmentOffset, 1480);
	assert.equal(frame.icmp, null);
	assert.deepEqual(frame.vlans, [
		{ id: 100, priority: 0 },
		{ id: 10, priority: 7 },
	]);
});

test("decodeFrame() decodes what the first of several fragments has of DHCP", () => {
	const datagram = udp("0043 0044", dhcp("35 01 02 0c 08 766d"), hex16(600));
	const frame = decode(
		ethernet(
			"0800",
			ipv4(datagram, { protocol: "udp", flagsAndOffset: "2000" }),
		),
	);
	assert.equal(frame.protocol, "dhcp");
	assert.equal(frame.dhcp?.messageType, 2);
	assert.equal(frame.udp?.checksum, "absent");
	assert.equal(
		frame.problem,
		"dhcp option 12: 8 bytes wanted at offset 287, 2 left",
	);
});

test("decodeFrame() keeps what it read of a snapped frame", () => {
	const frame = decode(echoRequest, 40);
	assert.equal(frame.icmp?.identifier, 0x1234);
	assert.equal(frame.icmp?.sequence, null);
	assert.equal(frame.icmp?.checksum, "unverified");
	assert.equal(
		frame.problem,
		"icmp sequence number: 2 bytes wanted at offset 40, 0 left (captured 40 of 47 bytes)",
	);
});

test("decodeFrame() has no problem with a quoted packet that was cut off", () => {
	const frame = decode(unreachable, 50);
	assert.equal(frame.icmp?.mtu, 1500);
	assert.equal(frame.icmp?.quoted, null);
	assert.equal(frame.problem, null);
});

test("decodeFrame() gives other frames no protocol and no problem", () => {
	const others = [
		ethernet("86dd", hex("60")),
		ethernet("88b5", hex("7b7d")),
		ethernet("0026", hex("424203")),
		ethernet("0800", ipv4(hex("0050"), { protocol: "tcp" })),
		ethernet("0800", ipv4(udp("0035 1234", hex("00")), { protocol: "udp" })),
	];
	for (const bytes of others) {
		const frame = decode(bytes);
		assert.equal(frame.protocol, null);
		assert.equal(frame.problem, null);
	}
});

test("decodeFrame() says which link type it does not know", () => {
	assert.equal(
		decodeFrame(echoRequest, echoRequest.length, 147).problem,
		"link type 147 is not supported",
	);
});

const linkTypes = fc.constantFrom(...Object.values(linkType), 147);

/** Bytes of healthy frames with some changed, so that decoding gets far. */
const damagedFrames = fc
	.tuple(
		fc.constantFrom(...healthyFrames),
		fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
		fc.nat(),
	)
	.map(([healthy, edits, cut]) => {
		const bytes = Uint8Array.from(healthy);
		for (const [index, byte] of edits) {
			bytes[index % bytes.length] = byte;
		}
		return bytes.subarray(0, cut % (bytes.length + 1));
	});

test("decodeFrame() returns a frame for any bytes, and agrees with isOfInterest()", () => {
	const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 400 }), damagedFrames);
	fc.assert(
		fc.property(anyBytes, fc.nat(70_000), linkTypes, (bytes, length, type) => {
			const frame = decodeFrame(bytes, length, type);
			assert.ok(frame.bodyStart <= frame.bodyEnd);
			assert.ok(frame.bodyEnd <= bytes.length);
			const isInteresting = isOfInterest(bytes, 0, bytes.length, type);
			assert.ok(frame.protocol === null || isInteresting);
		}),
		{ numRuns: 2000 },
	);
});

test("decodeFrame() decodes every prefix of a frame to a part of the same", () => {
	for (const bytes of healthyFrames) {
		const whole = decode(bytes);
		for (let captured = 0; captured < bytes.length; captured++) {
			const frame = decode(bytes, captured);
			assert.ok([null, whole.protocol].includes(frame.protocol));
			assert.deepEqual(frame.arp ?? whole.arp, whole.arp);
			assert.deepEqual(frame.ethernet ?? whole.ethernet, whole.ethernet);
			assert.equal(frame.icmp?.type ?? whole.icmp?.type, whole.icmp?.type);
		}
	}
});

test("decodeFrame() keeps no reference to the bytes", () => {
	const bytes = Uint8Array.from(dhcpOffer);
	const frame = decode(bytes);
	const before = JSON.stringify(frame);
	bytes.fill(0);
	assert.equal(JSON.stringify(frame), before);
});
