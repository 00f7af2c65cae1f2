import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sumWords, verifyChecksum } from "../../src/wire/checksum.js";
import { concat, hex } from "./bytes.js";

/** The example of RFC 1071 section 3: its words sum up to ddf2, folded. */
const example = hex("0001 f203 f4f5 f6f7");

test("sumWords() sums up the example of RFC 1071", () => {
	assert.equal(sumWords(example, 0, example.length), 0x2ddf0);
});

test("sumWords() takes an odd last byte for the high half of a word", () => {
	assert.equal(sumWords(hex("0102 03"), 0, 3), 0x0102 + 0x0300);
});

test("verifyChecksum() finds bytes good that contain their checksum", () => {
	const whole = concat(example, hex("220d"));
	assert.equal(verifyChecksum(whole, 0, whole.length), "good");
});

test("verifyChecksum() counts what a pseudo-header adds", () => {
	const whole = concat(example, hex("220c"));
	assert.equal(verifyChecksum(whole, 0, whole.length), "bad");
	assert.equal(verifyChecksum(whole, 0, whole.length, 1), "good");
});

test("verifyChecksum() finds any one changed bit", () => {
	const whole = concat(example, hex("220d"));
	fc.assert(
		fc.property(fc.nat(whole.length * 8 - 1), (bit) => {
			const changed = Uint8Array.from(whole);
			changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			assert.equal(verifyChecksum(changed, 0, changed.length), "bad");
		}),
	);
});
