import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Action } from "../../src/tui/action.js";
import { actionOf } from "../../src/tui/keys.js";
import { reduce } from "../../src/tui/reduce.js";
import { createView, type View } from "../../src/tui/view.js";
import { start } from "../show/journeys.js";
import { world } from "./worlds.js";

const size = { columns: 80, rows: 24 };
const end = { seconds: start.seconds + 10, nanos: start.nanos };
const all = world({ begin: start, end, now: end, isOpen: false });
const replay = createView({ isPlaying: false, speed: 1, positionNs: null });

/** Presses keys, as they are named; a text of several characters is typed. */
function press(view: View, ...names: readonly string[]): View {
	return names.reduce((before, name) => {
		const isTyped = [...name].length === 1;
		const action = actionOf({ name, text: isTyped ? name : "" }, before);
		assert.ok(action, name);
		return reduce(before, action, all, size).view;
	}, view);
}

function type(view: View, text: string): View {
	return press(view, ...text);
}

test("a time that is refused is replaced by what is typed next", () => {
	const refused = press(type(press(replay, "t"), "soon"), "enter");
	assert.equal(refused.prompt?.text, "soon");
	assert.equal(refused.prompt?.isSelected, true);
	assert.match(refused.prompt?.problem ?? "", /^a time like/);
	const again = type(refused, "50%");
	assert.equal(again.prompt?.text, "50%");
	assert.equal(again.prompt?.problem, null);
	const there = press(again, "enter");
	assert.equal(there.prompt, null);
	assert.equal(there.player?.positionNs, 5e9);
});

test("a time that is refused can be mended: keys that edit leave it there", () => {
	const refused = press(type(press(replay, "t"), "50%x"), "enter");
	const mended = press(refused, "backspace");
	assert.equal(mended.prompt?.text, "50%");
	assert.equal(mended.prompt?.problem, null);
	const moved = press(refused, "left");
	assert.equal(moved.prompt?.text, "50%x");
	assert.notEqual(moved.prompt?.problem, null, "it is as wrong as before");
	assert.equal(press(moved, "delete", "enter").player?.positionNs, 5e9);
	assert.equal(type(press(refused, "end"), "y").prompt?.text, "50%xy");
	assert.equal(press(refused, "esc").prompt, null);
});

test("a line is edited where the caret is", () => {
	const typed = type(press(replay, "/"), "vm:VM1");
	const text = (...names: readonly string[]) =>
		press(typed, ...names).prompt?.text;
	assert.equal(text("home", "-"), "-vm:VM1");
	assert.equal(text("ctrl-a", "-", "x"), "-xvm:VM1");
	assert.equal(text("left", "backspace", "P"), "vm:VP1");
	assert.equal(text("left", "delete", "2"), "vm:VM2");
	assert.equal(text("left", "left", "ctrl-e", "0"), "vm:VM10");
	assert.equal(text("left", "ctrl-w"), "1");
	assert.equal(text("left", "ctrl-u"), "");
	assert.equal(text("right", "right", "right", "0"), "vm:VM10");
});

test("a name that is offered for a file is replaced, or edited", () => {
	const open = press(replay, "w");
	assert.equal(open.prompt?.text, "vmpath.pcapng");
	assert.equal(type(open, "x.pcapng").prompt?.text, "x.pcapng");
	assert.equal(press(open, "home", "a").prompt?.text, "avmpath.pcapng");
});

test("a filter that holds is there to be refined", () => {
	const filtered = { ...replay, filter: "proto:dhcp" };
	const typed = type(press(filtered, "/"), " x");
	assert.equal(typed.prompt?.text, "proto:dhcp x");
});

const edit: fc.Arbitrary<Action> = fc.oneof(
	fc
		.string({ unit: "grapheme", maxLength: 30 })
		.map((text) => ({ kind: "type", text }) as const),
	fc
		.constantFrom("left" as const, "right" as const, "begin" as const)
		.map((to) => ({ kind: "caret", to }) as const),
	fc
		.constantFrom("erase" as const, "erase next" as const)
		.map((kind) => ({ kind })),
);

test("a line never is too long, nor its caret outside of it", () => {
	fc.assert(
		fc.property(fc.array(edit, { maxLength: 40 }), (actions) => {
			let view = press(replay, "t");
			for (const action of actions) {
				view = reduce(view, action, all, size).view;
				const { text = "", caret = 0 } = view.prompt ?? {};
				assert.ok(text.length <= 200);
				assert.ok(caret >= 0 && caret <= text.length);
				assert.doesNotMatch(text, /\p{Cs}/u);
			}
		}),
	);
});
