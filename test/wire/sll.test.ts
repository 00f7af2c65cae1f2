import assert from "node:assert/strict";
import { test } from "node:test";
import { createFrameDraft } from "../../src/wire/draft.js";
import { ByteReader } from "../../src/wire/reader.js";
import { decodeSll, decodeSll2 } from "../../src/wire/sll.js";
import {
	decodeHex,
	expectDecodeError,
	expectOnlyDecodeErrors,
	hex,
} from "./bytes.js";

const received = "0001 0001 0006 525400000001 0000 0806";
const sent = "0800 0000 0000001a 0001 04 06 525400000001 0000";

test("decodeSll() reads direction and source, and knows no destination", () => {
	const frame = decodeHex(decodeSll, received);
	assert.equal(frame.direction, "in");
	assert.equal(frame.interfaceIndex, null);
	assert.deepEqual(frame.ethernet, {
		source: "52:54:00:00:00:01",
		destination: null,
	});
});

test("decodeSll() takes packet type 4 alone for outgoing", () => {
	for (const [packetType, direction] of [
		["0000", "in"],
		["0003", "in"],
		["0004", "out"],
	] as const) {
		const text = `${packetType} 0001 0006 525400000001 0000 0800`;
		assert.equal(decodeHex(decodeSll, text).direction, direction);
	}
});

test("decodeSll() reads no source from an address that is not six bytes long", () => {
	const text = "0000 fffe 0000 0000000000000000 0800";
	assert.equal(decodeHex(decodeSll, text).ethernet, null);
});

test("decodeSll() follows a protocol that is a VLAN tag", () => {
	const frame = createFrameDraft();
	const reader = new ByteReader(
		hex("0000 0001 0006 525400000001 0000 8100 600a 0806"),
	);
	assert.equal(decodeSll(reader, frame), 0x0806);
	assert.deepEqual(frame.vlans, [{ id: 10, priority: 3 }]);
});

test("decodeSll() follows protocol 4, which is LLC, to SNAP", () => {
	const reader = new ByteReader(
		hex("0000 0001 0006 525400000001 0000 0004 aaaa03 000000 0800"),
	);
	assert.equal(decodeSll(reader, createFrameDraft()), 0x0800);
});

test("decodeSll2() reads interface index, direction and source", () => {
	const frame = createFrameDraft();
	assert.equal(decodeSll2(new ByteReader(hex(sent)), frame), 0x0800);
	assert.equal(frame.interfaceIndex, 26);
	assert.equal(frame.direction, "out");
	assert.equal(frame.ethernet?.source, "52:54:00:00:00:01");
});

const malformed = [
	{
		decode: decodeSll,
		text: "00",
		message: "sll packet type: 2 bytes wanted at offset 0, 1 left",
	},
	{
		decode: decodeSll,
		text: "0000 0001 0006 5254",
		message: "sll address: 6 bytes wanted at offset 6, 2 left",
	},
	{
		decode: decodeSll,
		text: "0000 0001 0006 525400000001 0000",
		message: "sll protocol: 2 bytes wanted at offset 14, 0 left",
	},
	{
		decode: decodeSll2,
		text: "0800 0000 0000",
		message: "sll2 interface index: 4 bytes wanted at offset 4, 2 left",
	},
	{
		decode: decodeSll2,
		text: "0800 0000 0000001a 0001 04 00 52540000",
		message: "sll address: 8 bytes wanted at offset 12, 4 left",
	},
];

for (const { decode, text, message } of malformed) {
	test(`${decode.name}() fails: ${message}`, () => {
		expectDecodeError(decode, text, message);
	});
}

test("decodeSll() and decodeSll2() fail only with DecodeError", () => {
	expectOnlyDecodeErrors(decodeSll);
	expectOnlyDecodeErrors(decodeSll2);
});
