import assert from "node:assert/strict";
import { test } from "node:test";
import { createFrameDraft, type FrameDraft } from "../../src/wire/draft.js";
import { decodeIpv4 } from "../../src/wire/ipv4.js";
import { ByteReader, DecodeError } from "../../src/wire/reader.js";
import { concat, expectOnlyDecodeErrors, hex } from "./bytes.js";
import { type Ipv4Fields, ipv4 } from "./packets.js";

const payload = hex("08 00 0000 1234 0007");

/** Decodes a packet and what may follow it in the frame. */
function decode(
	fields: Ipv4Fields,
	padding: Uint8Array = hex(""),
): { frame: FrameDraft; reader: ByteReader } {
	const frame = createFrameDraft();
	const reader = new ByteReader(concat(ipv4(payload, fields), padding));
	decodeIpv4(reader, frame);
	return { frame, reader };
}

test("decodeIpv4() reads every field", () => {
	assert.deepEqual(decode({}).frame.ipv4, {
		source: "10.0.0.1",
		destination: "10.0.0.2",
		ttl: 64,
		id: 0xabcd,
		protocol: 1,
		totalLength: 28,
		fragmentOffset: 0,
		moreFragments: false,
		dontFragment: true,
		checksum: "good",
	});
});

test("decodeIpv4() gives the fragment offset in bytes", () => {
	const { ipv4: header } = decode({ flagsAndOffset: "20b9" }).frame;
	assert.equal(header?.fragmentOffset, 1480);
	assert.equal(header?.moreFragments, true);
	assert.equal(header?.dontFragment, false);
});

test("decodeIpv4() skips options, which the checksum covers", () => {
	const { frame, reader } = decode({ options: hex("94040000") });
	assert.equal(frame.ipv4?.checksum, "good");
	assert.equal(reader.position, 24);
});

test("decodeIpv4() leaves padding behind the total length unread", () => {
	const { frame, reader } = decode({}, hex("0000000000"));
	assert.equal(reader.remaining, payload.length);
	assert.equal(reader.isCut, false);
	assert.equal(frame.problem, null);
});

test("decodeIpv4() takes all bytes when the total length is 0 (segmentation offload)", () => {
	const { frame, reader } = decode({ totalLength: "0000" }, hex("61626364"));
	assert.equal(reader.remaining, payload.length + 4);
	assert.equal(frame.problem, null);
});

test("decodeIpv4() finds a bad checksum, which is no problem of the frame", () => {
	const bytes = ipv4(payload);
	bytes[8] = 1;
	const frame = createFrameDraft();
	decodeIpv4(new ByteReader(bytes), frame);
	assert.equal(frame.ipv4?.checksum, "bad");
	assert.equal(frame.problem, null);
});

test("decodeIpv4() notes a packet that was too short on the wire already", () => {
	const { frame, reader } = decode({ totalLength: "0064" });
	assert.equal(
		frame.problem,
		"ipv4 total length is 100 bytes, 28 were on the wire",
	);
	assert.equal(reader.isCut, true);
});

test("decodeIpv4() does not blame a packet for having been snapped", () => {
	const frame = createFrameDraft();
	const bytes = ipv4(payload).subarray(0, 24);
	const reader = new ByteReader(bytes, 28);
	decodeIpv4(reader, frame);
	assert.equal(frame.problem, null);
	assert.equal(reader.isCut, true);
});

test("decodeIpv4() keeps the fields of a header with a wrong length", () => {
	const frame = createFrameDraft();
	const bytes = ipv4(payload, { versionAndLength: "44" });
	assert.throws(() => decodeIpv4(new ByteReader(bytes), frame));
	assert.equal(frame.protocol, "icmp");
	assert.equal(frame.ipv4?.source, "10.0.0.1");
	assert.equal(frame.ipv4?.checksum, "unverified");
});

test("decodeIpv4() knows the protocol of a header that is cut behind it", () => {
	const frame = createFrameDraft();
	const bytes = ipv4(payload).subarray(0, 10);
	assert.throws(() => decodeIpv4(new ByteReader(bytes), frame));
	assert.equal(frame.protocol, "icmp");
	assert.equal(frame.ipv4, null);
});

const malformed: { bytes: Uint8Array; message: string }[] = [
	{
		bytes: hex(""),
		message:
			"ipv4 version, header length, type of service: 2 bytes wanted at offset 0, 0 left",
	},
	{
		bytes: ipv4(payload).subarray(0, 18),
		message: "ipv4 destination: 4 bytes wanted at offset 16, 2 left",
	},
	{
		bytes: ipv4(payload, { versionAndLength: "65" }),
		message: "ipv4 version is 6, not 4",
	},
	{
		bytes: ipv4(payload, { versionAndLength: "44" }),
		message: "ipv4 header length is 16 bytes, below 20",
	},
	{
		bytes: ipv4(payload, { totalLength: "0013" }),
		message: "ipv4 total length is 19 bytes, below the header's 20",
	},
	{
		bytes: ipv4(hex("00"), { versionAndLength: "46", totalLength: "0018" }),
		message: "ipv4 options: 4 bytes wanted at offset 20, 1 left",
	},
];

for (const { bytes, message } of malformed) {
	test(`decodeIpv4() fails: ${message}`, () => {
		assert.throws(
			() => decodeIpv4(new ByteReader(bytes), createFrameDraft()),
			new DecodeError(message),
		);
	});
}

test("decodeIpv4() fails only with DecodeError", () => {
	expectOnlyDecodeErrors(decodeIpv4);
});
