import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { render } from "ink";
import { createElement } from "react";
import { drawScreen, Screen } from "../../src/tui/screen.js";
import { createLook } from "../../src/tui/theme.js";
import { scenes } from "./scenes.js";
import { detailsOf, pings, world } from "./worlds.js";

const size = { columns: 80, rows: 24 };
const look = createLook(true, true);

/** A terminal that remembers what is written to it. */
class FakeTerminal extends EventEmitter {
	readonly columns = size.columns;
	readonly rows = size.rows;
	readonly isTTY = true;
	readonly frames: string[] = [];
	readonly write = (text: string): boolean => {
		this.frames.push(text);
		return true;
	};
}

function show(name: string) {
	const scene = scenes[name];
	assert.ok(scene);
	const details = detailsOf(scene.world);
	const terminal = new FakeTerminal();
	const props = { ...scene, details, size, look };
	const instance = render(createElement(Screen, props), {
		stdout: terminal as unknown as NodeJS.WriteStream,
		debug: true,
		exitOnCtrlC: false,
		patchConsole: false,
	});
	return { scene, details, terminal, instance, props };
}

/** As ink writes rows: without blanks at their ends. */
function trimmed(rows: readonly string[]): string[] {
	return rows.map((row) => row.trimEnd());
}

const codes = new RegExp(`${"\u001b"}\\[[0-9;]*m`, "g");

test("Screen draws the rows of drawScreen(), with their tones, and nothing else", () => {
	const { scene, details, terminal, instance } = show("offer-lost");
	const drawn = terminal.frames.at(-1) ?? "";
	instance.unmount();
	const rows = drawScreen(scene.world, scene.view, details, size, look);
	const bare = (text: string) => text.replace(codes, "");
	assert.deepEqual(trimmed(bare(drawn).split("\n")), trimmed(rows.map(bare)));
	assert.ok(drawn.includes("\u001b[31m✗"), "red marks");
	assert.ok(drawn.includes("\u001b[7m▸"), "the selected row is inverse");
	assert.ok(drawn.includes("\u001b[36m"), "what is lit up");
});

test("Screen draws anew when only the world is another one", () => {
	const { terminal, instance, props } = show("healthy-bridged");
	const rows = pings(3);
	instance.rerender(
		createElement(Screen, { ...props, world: world({ rows, version: 2 }) }),
	);
	const drawn = terminal.frames.at(-1) ?? "";
	instance.unmount();
	assert.match(drawn, /1-3\/3/);
	assert.doesNotMatch(drawn, /DISCOVER/);
});
