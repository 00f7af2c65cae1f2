import assert from "node:assert/strict";
import { test } from "node:test";
import { createFrameDraft } from "../../src/wire/draft.js";
import { decodeEthernet } from "../../src/wire/ethernet.js";
import { ByteReader } from "../../src/wire/reader.js";
import {
	decodeHex,
	expectDecodeError,
	expectOnlyDecodeErrors,
	hex,
} from "./bytes.js";

const addresses = "525400000002 525400000001";

/** The type that decodeEthernet() says follows. */
function typeOf(text: string): number | null {
	return decodeEthernet(new ByteReader(hex(text)), createFrameDraft());
}

test("decodeEthernet() reads the addresses and the type", () => {
	const frame = decodeHex(decodeEthernet, `${addresses} 0806`);
	assert.deepEqual(frame.ethernet, {
		source: "52:54:00:00:00:01",
		destination: "52:54:00:00:00:02",
	});
	assert.deepEqual(frame.vlans, []);
	assert.equal(typeOf(`${addresses} 0806`), 0x0806);
});

test("decodeEthernet() reads tags of 802.1ad, 802.1Q and 0x9100, outermost first", () => {
	const text = `${addresses}
		88a8 6064       # priority 3, id 100
		9100 1002       # drop eligible, id 2
		8100 effe       # priority 7, id 4094
		0800`;
	assert.deepEqual(decodeHex(decodeEthernet, text).vlans, [
		{ id: 100, priority: 3 },
		{ id: 2, priority: 0 },
		{ id: 4094, priority: 7 },
	]);
	assert.equal(typeOf(text), 0x0800);
});

test("decodeEthernet() reads the type behind LLC and SNAP (RFC 1042)", () => {
	assert.equal(typeOf(`${addresses} 0024 aaaa03 000000 0806`), 0x0806);
	assert.equal(
		typeOf(`${addresses} 8100 0005 0024 aaaa03 000000 0806`),
		0x0806,
	);
});

test("decodeEthernet() gives no type to other LLC and other organizations", () => {
	assert.equal(typeOf(`${addresses} 0026 424203 0000000000`), null);
	assert.equal(typeOf(`${addresses} 0024 aaaa03 00000c 2000`), null);
});

const malformed = [
	{
		text: "525400",
		message: "ethernet destination: 6 bytes wanted at offset 0, 3 left",
	},
	{
		text: "525400000002 5254",
		message: "ethernet source: 6 bytes wanted at offset 6, 2 left",
	},
	{
		text: addresses,
		message: "ethernet type: 2 bytes wanted at offset 12, 0 left",
	},
	{
		text: `${addresses} 8100 00`,
		message:
			"vlan tag control information: 2 bytes wanted at offset 14, 1 left",
	},
	{
		text: `${addresses} 8100 0001 08`,
		message: "vlan type: 2 bytes wanted at offset 16, 1 left",
	},
	{
		text: `${addresses} 8100 ${"0001 8100".repeat(8)} 0001 0800`,
		message: "more than 8 vlan tags",
	},
	{
		text: `${addresses} 0024 aaaa03 0000`,
		message: "snap organization code: 3 bytes wanted at offset 17, 2 left",
	},
];

for (const { text, message } of malformed) {
	test(`decodeEthernet() fails: ${message}`, () => {
		expectDecodeError(decodeEthernet, text, message);
	});
}

test("decodeEthernet() keeps the tags before the one that is cut", () => {
	const frame = createFrameDraft();
	const reader = new ByteReader(hex(`${addresses} 8100 0001 8100 00`));
	assert.throws(() => decodeEthernet(reader, frame));
	assert.deepEqual(frame.vlans, [{ id: 1, priority: 0 }]);
});

test("decodeEthernet() fails only with DecodeError", () => {
	expectOnlyDecodeErrors(decodeEthernet);
});
