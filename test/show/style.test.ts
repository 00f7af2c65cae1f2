import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { paintColors, paintNothing, type Tone } from "../../src/show/style.js";

const tones: readonly Tone[] = ["good", "bad", "unsure", "quiet", "strong"];

test("paintColors() gives each tone a look of its own, and takes it off again", () => {
	const painted = tones.map((tone) => paintColors(tone, "text"));
	assert.equal(new Set(painted).size, tones.length);
	for (const text of painted) {
		assert.equal(stripVTControlCharacters(text), "text");
		assert.match(text, /text.\[(39|22)m$/);
	}
});

test("paintColors() writes nothing for nothing", () => {
	assert.equal(paintColors("bad", ""), "");
});

test("paintNothing() leaves text as it is", () => {
	assert.equal(paintNothing("bad", "text"), "text");
});
