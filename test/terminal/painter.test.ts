import assert from "node:assert/strict";
import { test } from "node:test";
import { Painter } from "../../src/terminal/painter.js";

const esc = "\u001b";

test("paint() writes every row at first, each at its place, and clears nothing", () => {
	const painter = new Painter();
	const text = painter.paint(["one", "two"]);
	assert.equal(
		text,
		`${esc}[?2026h${esc}[1;1H${esc}[Kone${esc}[0m${esc}[2;1H${esc}[Ktwo${esc}[0m${esc}[3;1H${esc}[J${esc}[?2026l`,
	);
});

test("paint() writes the rows that changed, and nothing where none did", () => {
	const painter = new Painter();
	painter.paint(["one", "two", "three"]);
	assert.equal(painter.paint(["one", "two", "three"]), "");
	assert.equal(
		painter.paint(["one", "2", "three"]),
		`${esc}[?2026h${esc}[2;1H${esc}[K2${esc}[0m${esc}[?2026l`,
	);
});

test("paint() erases what is below when there are fewer rows", () => {
	const painter = new Painter();
	painter.paint(["one", "two", "three"]);
	assert.equal(
		painter.paint(["one"]),
		`${esc}[?2026h${esc}[2;1H${esc}[J${esc}[?2026l`,
	);
});

test("forget() has every row written again", () => {
	const painter = new Painter();
	const first = painter.paint(["one", "two"]);
	painter.forget();
	assert.equal(painter.paint(["one", "two"]), first);
});
