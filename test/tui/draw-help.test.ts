import assert from "node:assert/strict";
import { test } from "node:test";
import { widthOf } from "../../src/show/cell-width.js";
import { drawHelp } from "../../src/tui/draw-help.js";
import { keyTable } from "../../src/tui/keys.js";
import { plainLook } from "../../src/tui/theme.js";
import { createView } from "../../src/tui/view.js";

const live = createView(null);
const replay = createView({ isPlaying: false, speed: 1, positionNs: null });

test("drawHelp() tells every key in full, at any width", () => {
	for (const columns of [60, 80, 120, 156, 250]) {
		const rows = drawHelp(live, columns, plainLook);
		assert.ok(rows.every((row) => widthOf(row) <= columns));
		assert.ok(!rows.some((row) => row.includes("…")), `${columns}`);
		const told = rows.join("\n");
		for (const { keys } of keyTable) {
			assert.ok(told.includes(`  ${keys.join(" ")} `), keys.join(" "));
		}
	}
});

test("drawHelp() begins with what holds now: live, or in a replay", () => {
	const titles = (view = live) =>
		drawHelp(view, 80, plainLook)
			.filter((row) => /^ \S/.test(row))
			.map((row) => row.trim());
	assert.deepEqual(titles().slice(0, 2), ["everywhere on the pages", "live"]);
	assert.deepEqual(titles(replay).slice(0, 2), [
		"everywhere on the pages",
		"in a replay",
	]);
	assert.deepEqual(titles().toSorted(), titles(replay).toSorted());
});

test("drawHelp() stands on two columns of about the same height where they have room", () => {
	const one = drawHelp(live, 120, plainLook).length;
	const two = drawHelp(live, 156, plainLook).length;
	assert.ok(two < one * 0.6, `${two} of ${one}`);
});

test("drawHelp() says how exchanges and paths in short are written in the list", () => {
	for (const columns of [60, 80, 200]) {
		const told = drawHelp(live, columns, plainLook).join("\n");
		assert.match(told, /\[12:34:56\.789\] +an exchange, by the time/);
		assert.match(told, /vnet0→ens3 +a path's first and last port/);
	}
});
