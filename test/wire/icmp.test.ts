import assert from "node:assert/strict";
import { test } from "node:test";
import { createFrameDraft } from "../../src/wire/draft.js";
import { decodeIcmp } from "../../src/wire/icmp.js";
import { isIcmpError, quotesPacket } from "../../src/wire/icmp-types.js";
import { ByteReader, DecodeError } from "../../src/wire/reader.js";
import { concat, expectOnlyDecodeErrors, hex } from "./bytes.js";
import { icmp, ipv4 } from "./packets.js";

function decode(message: Uint8Array, isWhole = true) {
	const frame = createFrameDraft();
	decodeIcmp(new ByteReader(message), frame, isWhole);
	return frame;
}

test("decodeIcmp() reads an echo request", () => {
	const frame = decode(icmp("08 00 0000 1234 0007 616263"));
	assert.deepEqual(frame.icmp, {
		type: 8,
		code: 0,
		identifier: 0x1234,
		sequence: 7,
		checksum: "good",
		quoted: null,
		mtu: null,
		gateway: null,
	});
	assert.deepEqual([frame.bodyStart, frame.bodyEnd], [0, 11]);
});

test("decodeIcmp() reads identifiers of echo, timestamp, information and mask only", () => {
	const withIdentifier = Array.from({ length: 256 }, (_, type) => type).filter(
		(type) =>
			decode(Uint8Array.of(type, 0, 0, 0, 0, 1, 0, 2)).icmp?.identifier === 1,
	);
	assert.deepEqual(withIdentifier, [0, 8, 13, 14, 15, 16, 17, 18]);
});

test("decodeIcmp() finds a bad checksum, and verifies none of a part", () => {
	const message = icmp("08 00 0000 1234 0007");
	assert.equal(decode(message, false).icmp?.checksum, "unverified");
	message[7] = 8;
	assert.equal(decode(message).icmp?.checksum, "bad");
});

test("decodeIcmp() reads the next-hop MTU of 'fragmentation needed' (RFC 1191)", () => {
	assert.equal(decode(icmp("03 04 0000 0000 05dc")).icmp?.mtu, 1500);
	assert.equal(decode(icmp("03 01 0000 0000 05dc")).icmp?.mtu, null);
});

test("decodeIcmp() reads the gateway of a redirect", () => {
	assert.equal(decode(icmp("05 01 0000 0a0000fe")).icmp?.gateway, "10.0.0.254");
});

test("decodeIcmp() quotes the packet of every kind of error", () => {
	const quoted = ipv4(hex("08 00 0000 1234 0007"));
	const quoting = [3, 4, 5, 11, 12, 10].filter((type) => {
		const message = concat(Uint8Array.of(type, 0, 0, 0, 0, 0, 0, 0), quoted);
		return decode(message).icmp?.quoted?.icmp?.identifier === 0x1234;
	});
	assert.deepEqual(quoting, [3, 4, 5, 11, 12]);
});

const malformed = [
	{ text: "", message: "icmp type: 1 byte wanted at offset 0, 0 left" },
	{ text: "08", message: "icmp code: 1 byte wanted at offset 1, 0 left" },
	{
		text: "08 00 00",
		message: "icmp checksum: 2 bytes wanted at offset 2, 1 left",
	},
	{
		text: "08 00 0000 12",
		message: "icmp identifier: 2 bytes wanted at offset 4, 1 left",
	},
	{
		text: "08 00 0000 1234 00",
		message: "icmp sequence number: 2 bytes wanted at offset 6, 1 left",
	},
	{
		text: "05 00 0000 0a0000",
		message: "icmp gateway address: 4 bytes wanted at offset 4, 3 left",
	},
	{
		text: "03 04 0000 0000 05",
		message: "icmp next-hop mtu: 2 bytes wanted at offset 6, 1 left",
	},
	{
		text: "0b 00 0000",
		message: "icmp unused: 4 bytes wanted at offset 4, 0 left",
	},
];

for (const { text, message } of malformed) {
	test(`decodeIcmp() fails: ${message}`, () => {
		assert.throws(() => decode(hex(text)), new DecodeError(message));
	});
}

test("decodeIcmp() keeps the identifier when the sequence number is cut", () => {
	const frame = createFrameDraft();
	const reader = new ByteReader(hex("08 00 0000 1234"));
	assert.throws(() => decodeIcmp(reader, frame, false));
	assert.equal(frame.icmp?.identifier, 0x1234);
	assert.equal(frame.icmp?.sequence, null);
});

test("decodeIcmp() fails only with DecodeError", () => {
	expectOnlyDecodeErrors((reader, frame) => decodeIcmp(reader, frame, true));
});

test("isIcmpError() is false of a redirect, which is advice (RFC 1812 section 5.2.7.2)", () => {
	const types = Array.from({ length: 256 }, (_, type) => type);
	assert.deepEqual(types.filter(quotesPacket), [3, 4, 5, 11, 12]);
	assert.deepEqual(types.filter(isIcmpError), [3, 4, 11, 12]);
});
