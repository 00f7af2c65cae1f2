import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeArp } from "../../src/wire/arp.js";
import {
	decodeHex,
	expectDecodeError,
	expectOnlyDecodeErrors,
} from "./bytes.js";

const reply = `
	0001 0800 06 04          # Ethernet, IPv4
	0002                     # operation: reply
	525400000002 0a000002    # sender
	525400000001 0a000001    # target
`;

test("decodeArp() reads a reply", () => {
	assert.deepEqual(decodeHex(decodeArp, reply).arp, {
		operation: 2,
		senderMac: "52:54:00:00:00:02",
		senderIp: "10.0.0.2",
		targetMac: "52:54:00:00:00:01",
		targetIp: "10.0.0.1",
	});
});

test("decodeArp() leaves padding out of the body", () => {
	const frame = decodeHex(decodeArp, `${reply} 000000000000`);
	assert.deepEqual([frame.bodyStart, frame.bodyEnd], [0, 28]);
});

test("decodeArp() takes hardware type 6, as Linux does", () => {
	const frame = decodeHex(decodeArp, reply.replace("0001", "0006"));
	assert.equal(frame.arp?.operation, 2);
});

const malformed = [
	{
		text: "0001 08",
		message: "arp protocol type: 2 bytes wanted at offset 2, 1 left",
	},
	{
		text: "0001 0800 06 04 0001 525400000001 0a00",
		message: "arp sender protocol address: 4 bytes wanted at offset 14, 2 left",
	},
	{
		text: "0018 0800 08 04",
		message: "arp hardware type 24 with addresses of 8 bytes is not Ethernet",
	},
	{
		text: "0001 0800 07 04",
		message: "arp hardware type 1 with addresses of 7 bytes is not Ethernet",
	},
	{
		text: "0001 0806 06 04",
		message: "arp protocol type 0x0806 with addresses of 4 bytes is not IPv4",
	},
	{
		text: "0001 0800 06 10",
		message: "arp protocol type 0x0800 with addresses of 16 bytes is not IPv4",
	},
];

for (const { text, message } of malformed) {
	test(`decodeArp() fails: ${message}`, () => {
		expectDecodeError(decodeArp, text, message);
	});
}

test("decodeArp() fails only with DecodeError", () => {
	expectOnlyDecodeErrors(decodeArp);
});
