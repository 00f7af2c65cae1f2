import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeQuotedPacket } from "../../src/wire/quoted-packet.js";
import { ByteReader } from "../../src/wire/reader.js";
import { hex } from "./bytes.js";
import { type Ipv4Fields, ipv4 } from "./packets.js";

/** Decodes what an error quotes of a packet: its first bytes. */
function decode(
	payload: string,
	fields: Ipv4Fields = {},
	length = Number.POSITIVE_INFINITY,
) {
	const bytes = ipv4(hex(payload), fields).subarray(0, length);
	return decodeQuotedPacket(new ByteReader(bytes));
}

test("decodeQuotedPacket() reads a quoted echo request", () => {
	const quoted = decode("08 00 f7fd 1234 0007", { totalLength: "0054" });
	assert.equal(quoted?.ipv4.destination, "10.0.0.2");
	assert.equal(quoted?.ipv4.totalLength, 84);
	assert.equal(quoted?.ipv4.checksum, "good");
	assert.deepEqual(quoted?.icmp, {
		type: 8,
		code: 0,
		identifier: 0x1234,
		sequence: 7,
	});
	assert.equal(quoted?.ports, null);
});

test("decodeQuotedPacket() reads ports of quoted UDP and TCP", () => {
	for (const protocol of ["udp", "tcp"] as const) {
		const quoted = decode("0035 1234 0020 0000", { protocol });
		assert.deepEqual(quoted?.ports, { source: 53, destination: 4660 });
		assert.equal(quoted?.icmp, null);
	}
});

test("decodeQuotedPacket() finds the upper layer behind options", () => {
	const quoted = decode("0035 1234 0020 0000", {
		protocol: "udp",
		options: hex("94040000"),
	});
	assert.equal(quoted?.ports?.destination, 4660);
});

test("decodeQuotedPacket() reads no upper layer of a later fragment", () => {
	const quoted = decode("08 00 f7fd 1234 0007", { flagsAndOffset: "00b9" });
	assert.equal(quoted?.ipv4.fragmentOffset, 1480);
	assert.equal(quoted?.icmp, null);
});

test("decodeQuotedPacket() gives null for what was cut off", () => {
	const echo = "08 00 f7fd 1234 0007";
	const icmp = { type: 8, code: 0 };
	const none = { identifier: null, sequence: null };
	assert.equal(decode(echo, {}, 19), null);
	assert.equal(decode(echo, {}, 21)?.icmp, null);
	assert.deepEqual(decode(echo, {}, 22)?.icmp, { ...icmp, ...none });
	assert.deepEqual(decode(echo, {}, 26)?.icmp, {
		...icmp,
		...none,
		identifier: 0x1234,
	});
	assert.equal(decode("0035 1234", { protocol: "udp" }, 23)?.ports, null);
});

test("decodeQuotedPacket() gives null for what is no IPv4 header", () => {
	assert.equal(decode("", { versionAndLength: "65" }), null);
	assert.equal(decode("", { versionAndLength: "44" }), null);
});

test("decodeQuotedPacket() never throws", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
			decodeQuotedPacket(new ByteReader(bytes));
			decodeQuotedPacket(new ByteReader(Uint8Array.of(0x46, ...bytes)));
		}),
	);
});
