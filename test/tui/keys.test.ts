import assert from "node:assert/strict";
import { test } from "node:test";
import {
	actionOf,
	type Key,
	keyTable,
	linesOf,
	scopesOf,
	unseenActionOf,
} from "../../src/tui/keys.js";
import { createView, pages, type View } from "../../src/tui/view.js";

const live = createView(null);
const replay = createView({ isPlaying: false, speed: 1, positionNs: 0 });
const overlays: readonly View["overlay"][] = [
	null,
	{ kind: "help", scroll: 0 },
	{ kind: "details", key: "j1", scroll: 0, hop: 0 },
	{ kind: "vms", index: 0 },
];
const prompt = { kind: "filter", text: "", problem: null } as const;
const modes: readonly View[] = [live, replay].flatMap((view) => [
	...overlays.map((overlay) => ({ ...view, overlay })),
	...pages.map((page) => ({ ...view, page })),
	{ ...view, prompt },
]);

function press(name: string, view: View = live) {
	const text = [...name].length === 1 ? name : name === "space" ? " " : "";
	return actionOf({ name, text }, view);
}

test("keyTable has no key twice for one mode", () => {
	for (const view of modes) {
		const keys = linesOf(view).flatMap((line) => line.keys);
		assert.deepEqual(
			keys.filter((key, at) => keys.indexOf(key) !== at),
			[],
			scopesOf(view).join(", "),
		);
	}
});

test("keyTable is used whole: every line holds in some mode", () => {
	const used = new Set(modes.flatMap((view) => linesOf(view)));
	assert.deepEqual(
		keyTable.filter((line) => !used.has(line)),
		[],
	);
});

test("actionOf() knows every key of the request, live and in a replay", () => {
	const keys =
		"up down left right h j k l g G pgup pgdn tab / n N space enter esc ? q ctrl-c w home end ctrl-b ctrl-f ctrl-d ctrl-u shift-tab 1 2 3 4 5 v ] [ V";
	for (const name of keys.split(" ")) {
		assert.notEqual(press(name), null, name);
		assert.notEqual(press(name, replay), null, name);
	}
	for (const name of ", . < > + - t e E 0 $".split(" ")) {
		assert.notEqual(press(name, replay), null, name);
		assert.equal(press(name), null, name);
	}
});

test("actionOf() freezes live and plays a replay by the same key", () => {
	assert.deepEqual(press("space"), { kind: "freeze" });
	assert.deepEqual(press("space", replay), { kind: "play" });
	const named: Key = { name: " ", text: " " };
	assert.deepEqual(actionOf(named, live), { kind: "freeze" });
});

test("actionOf() types whatever has a picture while a prompt is open", () => {
	const view = { ...live, prompt };
	assert.deepEqual(press("q", view), { kind: "type", text: "q" });
	assert.deepEqual(press("?", view), { kind: "type", text: "?" });
	assert.deepEqual(press("space", view), { kind: "type", text: " " });
	assert.deepEqual(actionOf({ name: "x", text: "\u001b[31mx" }, view), {
		kind: "type",
		text: "[31mx",
	});
	assert.equal(press("f1", view), null);
	assert.equal(press("up", view), null);
	assert.deepEqual(press("ctrl-c", view), { kind: "quit" });
	assert.deepEqual(press("esc", view), { kind: "close" });
});

test("actionOf() quits by q where nothing is open, and closes what is", () => {
	assert.deepEqual(press("q"), { kind: "quit" });
	for (const overlay of overlays.slice(1)) {
		assert.deepEqual(press("q", { ...live, overlay }), { kind: "close" });
		assert.deepEqual(press("ctrl-c", { ...live, overlay }), { kind: "quit" });
	}
});

test("actionOf() ignores keys nobody knows", () => {
	for (const name of ["f12", "ctrl-x", "insert", "x", "é", "alt-a"]) {
		assert.equal(press(name), null, name);
	}
});

test("actionOf() types what is pasted into an open prompt, and ignores it elsewhere", () => {
	const pasted: Key = { name: "paste", text: "q vm:VM1" };
	assert.deepEqual(actionOf(pasted, { ...live, prompt }), {
		kind: "type",
		text: "q vm:VM1",
	});
	for (const overlay of overlays) {
		assert.equal(actionOf(pasted, { ...live, overlay }), null);
		assert.equal(actionOf(pasted, { ...replay, overlay }), null);
	}
	const long = { name: "paste", text: `a${"😀".repeat(200)}` };
	assert.deepEqual(actionOf(long, { ...live, prompt }), {
		kind: "type",
		text: `a${"😀".repeat(99)}`,
	});
	const nothing = { name: "paste", text: "" };
	assert.equal(actionOf(nothing, { ...live, prompt }), null);
});

test("unseenActionOf() leaves by q, ctrl-c and ctrl-z, and does nothing else", () => {
	const names = new Set(keyTable.flatMap(({ keys }) => keys));
	const acting = [...names, "paste", "x"].filter(
		(name) => unseenActionOf({ name, text: name }) !== null,
	);
	assert.deepEqual(acting.sort(), ["ctrl-c", "ctrl-z", "q"]);
	assert.deepEqual(unseenActionOf({ name: "q", text: "q" }), { kind: "quit" });
});

test("keyTable has enter say what it opens on each page, and not where it opens nothing", () => {
	const briefs = pages.map((page) => {
		const lines = linesOf({ ...live, page });
		return lines.find(({ keys }) => keys.includes("enter"))?.brief;
	});
	assert.deepEqual(briefs, [
		"details",
		"details",
		"journeys",
		"details",
		undefined,
	]);
});
