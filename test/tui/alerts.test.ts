import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action } from "../../src/tui/action.js";
import { countAlerts, drawAlert, nothingRead } from "../../src/tui/alerts.js";
import { drawHealth } from "../../src/tui/draw-health.js";
import { drawScreen } from "../../src/tui/draw-screen.js";
import { drawTabs } from "../../src/tui/draw-tabs.js";
import { reduce } from "../../src/tui/reduce.js";
import { Store } from "../../src/tui/store.js";
import { createLook, plainLook } from "../../src/tui/theme.js";
import { createView, pages, type View } from "../../src/tui/view.js";
import type { CaptureHealth, World } from "../../src/tui/world.js";
import { start } from "../show/journeys.js";
import { detailsOf, world } from "./worlds.js";

const small = { columns: 80, rows: 24 };
const live = createView(null);
const replay = createView({ isPlaying: false, speed: 1, positionNs: null });
const damage =
	"vm.pcap: byte 1234: the file ends inside record 37: 12 bytes of it are there";

function withHealth(changes: Partial<CaptureHealth>): World {
	return world({ health: { ...world().health, ...changes } });
}

const damaged = withHealth({
	notices: [{ time: start, message: damage }],
	said: 1,
});

function after(view: View, all: World, ...actions: readonly Action[]): View {
	return actions.reduce(
		(before, action) => reduce(before, action, all, small, detailsOf(all)).view,
		view,
	);
}

test("drawScreen() tells of a damaged file on every page, above all else", () => {
	for (const page of pages.filter((name) => name !== "health")) {
		const view = { ...replay, page };
		const rows = drawScreen(
			damaged,
			view,
			detailsOf(damaged),
			small,
			plainLook,
		);
		assert.equal(rows.length, 23);
		assert.equal(
			`${rows[1]?.trim()} ${rows[2]?.trim()}`,
			`! ${damage} (5: health)`,
			page,
		);
		assert.ok(rows.some((row) => row.includes("health 1!")));
	}
});

test("drawAlert() tells the gravest first, and how much more there is", () => {
	const all = withHealth({
		dropped: 12,
		ending: "the recorder was ended by SIGKILL",
		notices: [{ time: start, message: damage }],
		said: 1,
	});
	const tell = (one: World, view = live) =>
		drawAlert(one, view, { columns: 120, rows: 40 }, plainLook);
	assert.deepEqual(tell(all), [
		" ! the recorder was ended by SIGKILL (2 more, 5: health)",
	]);
	assert.deepEqual(tell(withHealth({ dropped: 1200 })), [
		" ! 1,200 frames lost by the capture: verdicts of that time are inconclusive (5: health)",
	]);
	assert.deepEqual(tell(world()), []);
	assert.equal(countAlerts(all.health, nothingRead), 3);
});

test("drawAlert() takes one row of a small screen, and says where the rest is", () => {
	const [row, ...more] = drawAlert(
		damaged,
		live,
		{ columns: 60, rows: 15 },
		plainLook,
	);
	assert.deepEqual(more, []);
	assert.match(row ?? "", /^ ! vm\.pcap: byte 1234: .*… \(5\)$/);
	assert.ok((row ?? "").length <= 60);
});

test("reduce() takes what the health page shows for read, until there is more", () => {
	const seen = after(live, damaged, { kind: "page", page: "health" });
	const back = after(seen, damaged, { kind: "page", page: "journeys" });
	assert.deepEqual(drawAlert(damaged, back, small, plainLook), []);
	const more = withHealth({
		dropped: 3,
		notices: [...damaged.health.notices, { time: null, message: "second" }],
		said: 2,
	});
	assert.equal(countAlerts(more.health, back.read), 2);
	const [row = ""] = drawAlert(more, back, small, plainLook);
	assert.match(row, /^ ! 3 frames lost by the capture/);
	const second = withHealth({ ...more.health, dropped: 0 });
	assert.deepEqual(drawAlert(second, back, small, plainLook), [
		" ! second (5: health)",
	]);
});

test("drawTabs() marks what was not read, by more than its colour", () => {
	const draw = (view: View, look = plainLook) =>
		drawTabs(damaged, view, 9, 80, look);
	assert.match(draw(live), / health 1! /);
	const read = after(
		live,
		damaged,
		{ kind: "page", page: "health" },
		{ kind: "page", page: "dhcp" },
	);
	assert.match(draw(read), / health 1 /);
	const bad = createLook(true, true).paint("bad", "health 1!");
	assert.ok(draw(live, createLook(true, true)).includes(bad));
});

test("drawHealth() begins with what is wrong with the capture", () => {
	const all = withHealth({
		dropped: 2,
		ending: "the recorder is gone",
		notices: Array.from({ length: 6 }, (_, at) => ({
			time: start,
			message: `notice ${at}`,
		})),
		said: 300,
	});
	const rows = drawHealth(all, 80, plainLook).map((row) =>
		row.replace(/\d\d:\d\d:\d\d\.\d+ {2}/, "").trim(),
	);
	assert.deepEqual(rows.slice(0, 9), [
		"! the recorder is gone",
		"! 2 frames lost by the capture: verdicts of that time are inconclusive",
		"… 296 before these, below",
		"! notice 2",
		"! notice 3",
		"! notice 4",
		"! notice 5",
		"",
		"engine       packet, capturing",
	]);
	assert.deepEqual(rows.slice(-7), [
		"… 200 before these",
		...[0, 1, 2, 3, 4, 5].map((at) => `! notice ${at}`),
	]);
	const [first = ""] = drawHealth(world(), 80, plainLook);
	assert.match(first, /^ engine /);
});

test("Store tells of the capture while the screen is frozen", () => {
	const store = new Store();
	const frozen = { ...live, frozen: { rows: 0 } };
	assert.equal(store.look(frozen).health.said, 0);
	store.addNotice(damage, null);
	store.setCapture({
		engine: "packet",
		framesRead: 9,
		framesRelevant: 9,
		ports: [],
		end: null,
		isOpen: false,
		ending: "the recorder is gone",
	});
	const { health } = store.look(frozen);
	assert.deepEqual(
		[health.said, health.ending, health.framesRead],
		[1, "the recorder is gone", 0],
	);
});
