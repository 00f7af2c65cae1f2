import assert from "node:assert/strict";
import { test } from "node:test";
import stringWidth from "string-width";
import { paintColors } from "../../src/show/style.js";
import { wrap } from "../../src/show/wrap.js";

test("wrap() fills lines up to the last column", () => {
	assert.deepEqual(wrap(["abc", "de", "f", "ghi"], 6), ["abc de", "f ghi"]);
});

test("wrap() leaves a piece alone that is longer than a line", () => {
	assert.deepEqual(wrap(["a", "bcdefgh", "i"], 4), ["a", "bcdefgh", "i"]);
});

test("wrap() of nothing is no line", () => {
	assert.deepEqual(wrap([], 10), []);
});

test("wrap() counts columns: two for a wide character, none for a colour", () => {
	assert.deepEqual(wrap(["網路", "a"], 5), ["網路", "a"]);
	const painted = [paintColors("bad", "abc"), paintColors("good", "de")];
	const [line, ...others] = wrap(painted, 6);
	assert.deepEqual(others, []);
	assert.equal(stringWidth(line ?? ""), 6);
});
