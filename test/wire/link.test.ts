import assert from "node:assert/strict";
import { test } from "node:test";
import { linkType } from "../../src/model/capture.js";
import { createFrameDraft } from "../../src/wire/draft.js";
import { decodeLink, isKnownLinkType } from "../../src/wire/link.js";
import { ByteReader, DecodeError } from "../../src/wire/reader.js";
import { expectOnlyDecodeErrors, hex } from "./bytes.js";

function typeOf(text: string, link: number): number | null {
	return decodeLink(new ByteReader(hex(text)), link, createFrameDraft());
}

test("isKnownLinkType() knows those of the model and no other", () => {
	assert.deepEqual(
		[0, 1, 12, 14, 101, 107, 108, 113, 147, 228, 229, 276].filter(
			isKnownLinkType,
		),
		[0, 1, 12, 14, 101, 108, 113, 228, 276],
	);
});

test("decodeLink() takes the type of raw IP from the version", () => {
	for (const link of [linkType.raw, linkType.rawBsd, linkType.rawOpenBsd]) {
		assert.equal(typeOf("45", link), 0x0800);
		assert.equal(typeOf("60", link), null);
	}
});

test("decodeLink() takes LINKTYPE_IPV4 at its word", () => {
	assert.equal(typeOf("", linkType.ipv4), 0x0800);
});

test("decodeLink() reads the family of LINKTYPE_NULL in either byte order", () => {
	assert.equal(typeOf("00000002", linkType.null), 0x0800);
	assert.equal(typeOf("02000000", linkType.null), 0x0800);
	assert.equal(typeOf("1e000000", linkType.null), null);
});

test("decodeLink() reads the family of LINKTYPE_LOOP in the order of the network", () => {
	assert.equal(typeOf("00000002", linkType.loop), 0x0800);
	assert.equal(typeOf("02000000", linkType.loop), null);
});

const malformed = [
	{ text: "", link: 147, message: "link type 147 is not supported" },
	{
		text: "",
		link: linkType.raw,
		message: "ip version: 1 byte wanted at offset 0, 0 left",
	},
	{
		text: "f0",
		link: linkType.raw,
		message: "ip version is 15, neither 4 nor 6",
	},
	{
		text: "0200",
		link: linkType.null,
		message: "loopback family: 4 bytes wanted at offset 0, 2 left",
	},
];

for (const { text, link, message } of malformed) {
	test(`decodeLink() fails: ${message}`, () => {
		assert.throws(() => typeOf(text, link), new DecodeError(message));
	});
}

test("decodeLink() fails only with DecodeError", () => {
	for (const link of [...Object.values(linkType), 147]) {
		expectOnlyDecodeErrors((reader, frame) => decodeLink(reader, link, frame));
	}
});
