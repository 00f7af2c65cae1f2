import assert from "node:assert/strict";
import { test } from "node:test";
import { linkType } from "../../src/model/capture.js";
import { decodeFrame } from "../../src/wire/frame.js";
import { decodeUdp } from "../../src/wire/udp.js";
import { concat, expectOnlyDecodeErrors, hex } from "./bytes.js";
import { type Ipv4Fields, ipv4, udp } from "./packets.js";

/** Decodes the IPv4 packet around a datagram, of which fewer bytes may be captured. */
function decode(
	datagram: Uint8Array,
	fields: Ipv4Fields = {},
	captured = Number.POSITIVE_INFINITY,
) {
	const packet = ipv4(datagram, { protocol: "udp", ...fields });
	return decodeFrame(packet.subarray(0, captured), packet.length, linkType.raw);
}

/** 10.0.0.1:53 to 10.0.0.2:4660; the checksum is the one tshark expects. */
const checked = hex("0035 1234 000b 150a 616263");

test("decodeUdp() reads ports and length", () => {
	assert.deepEqual(decode(udp("0035 1234", hex("616263"))).udp, {
		sourcePort: 53,
		destinationPort: 4660,
		length: 11,
		checksum: "absent",
	});
});

test("decodeUdp() checks the checksum with the pseudo-header", () => {
	assert.equal(decode(checked).udp?.checksum, "good");
	const changed = Uint8Array.from(checked);
	changed[9] = 0;
	assert.equal(decode(changed).udp?.checksum, "bad");
});

test("decodeUdp() finds the addresses before options, too", () => {
	const { udp: header } = decode(checked, { options: hex("94040000") });
	assert.equal(header?.checksum, "good");
});

test("decodeUdp() verifies no checksum of a datagram that is cut or in fragments", () => {
	assert.equal(decode(checked, {}, 30).udp?.checksum, "unverified");
	const fragment = decode(hex("0035 1234 0100 150a 616263"), {
		flagsAndOffset: "2000",
	});
	assert.equal(fragment.udp?.checksum, "unverified");
	assert.equal(fragment.problem, null);
});

test("decodeUdp() takes a packet that is longer than its datagram", () => {
	const frame = decode(concat(checked, hex("00000000")));
	assert.equal(frame.udp?.checksum, "good");
	assert.equal(frame.problem, null);
});

test("decodeUdp() calls what goes to or comes from port 67 or 68 DHCP", () => {
	const protocols = ["0043 1234", "1234 0044", "0044 0043", "0045 0042"].map(
		(ports) => decode(udp(ports, new Uint8Array())).protocol,
	);
	assert.deepEqual(protocols, ["dhcp", "dhcp", "dhcp", null]);
});

const malformed = [
	{
		datagram: hex("0035"),
		message: "udp destination port: 2 bytes wanted at offset 22, 0 left",
	},
	{
		datagram: hex("0035 1234 0008"),
		message: "udp checksum: 2 bytes wanted at offset 26, 0 left",
	},
	{
		datagram: udp("0035 1234", hex("616263"), "0007"),
		message: "udp length is 7 bytes, below the header's 8",
	},
	{
		datagram: udp("0035 1234", hex("616263"), "0010"),
		message: "udp length is 16 bytes, 11 are in the packet",
	},
];

for (const { datagram, message } of malformed) {
	test(`decodeUdp() fails: ${message}`, () => {
		assert.equal(decode(datagram).problem, message);
	});
}

test("decodeUdp() knows DHCP by the port that was not cut off", () => {
	const frame = decode(udp("0044 0043", new Uint8Array()), {}, 22);
	assert.equal(frame.protocol, "dhcp");
	assert.equal(frame.udp, null);
});

test("decodeUdp() fails only with DecodeError", () => {
	expectOnlyDecodeErrors((reader, frame) => decodeUdp(reader, frame, 0, true));
});
