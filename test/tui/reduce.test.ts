import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action } from "../../src/tui/action.js";
import { findCursor } from "../../src/tui/list-cursor.js";
import { reduce } from "../../src/tui/reduce.js";
import { planScreen } from "../../src/tui/screen-plan.js";
import { createView, type View } from "../../src/tui/view.js";
import type { Timeline, World } from "../../src/tui/world.js";
import { start } from "../show/journeys.js";
import {
	detailsOf,
	exchangeRow,
	handshakes,
	lostOffers,
	path,
	pings,
	port,
	vm,
	world,
} from "./worlds.js";

const size = { columns: 80, rows: 24 };
const live = createView(null);
const replay = createView({ isPlaying: true, speed: 1, positionNs: null });
const bridged = path([port("vnet0", "tap"), port("br0", "bridge")]);

function withPings(count: number): World {
	return world({
		rows: pings(count),
		vms: [vm("VM1"), vm("VM2")],
		path: bridged,
	});
}

/** The view after these actions, one after the other. */
function after(view: View, all: World, ...actions: readonly Action[]): View {
	return actions.reduce(
		(before, action) => reduce(before, action, all, size, detailsOf(all)).view,
		view,
	);
}

const up: Action = { kind: "move", by: -1 };
const down: Action = { kind: "move", by: 1 };

function type(text: string): Action {
	return { kind: "type", text };
}

test("reduce() follows until one moves up, and again past the last row or at the end", () => {
	const all = withPings(50);
	assert.equal(live.cursor.key, null);
	const scrolled = after(live, all, up);
	assert.equal(scrolled.cursor.key, all.rows[48]?.key);
	assert.equal(after(scrolled, all, down).cursor.key, all.rows[49]?.key);
	assert.equal(after(scrolled, all, down, down).cursor.key, null);
	assert.equal(after(scrolled, all, { kind: "to last" }).cursor.key, null);
	assert.equal(after(scrolled, all, { kind: "close" }).cursor.key, null);
});

test("reduce() keeps the selection on its row while new ones come and old ones go", () => {
	const all = withPings(50);
	const { cursor } = after(live, all, up, up);
	assert.equal(findCursor(all.rows, cursor), 47);
	const more = pings(90);
	assert.equal(findCursor(more, cursor), 47);
	assert.equal(findCursor(more.slice(20), cursor), 27);
	const dropped = more.slice(60);
	assert.equal(findCursor(dropped, cursor), 0, "it was dropped at the begin");
	const hidden = more.filter((_, index) => index !== 47);
	assert.equal(hidden[findCursor(hidden, cursor)], more[48]);
	assert.equal(findCursor([], cursor), -1);
});

test("reduce() moves the window only when the selection leaves it", () => {
	const all = withPings(50);
	const { listRows } = planScreen(all, live, size);
	const climbed = after(live, all, ...Array<Action>(listRows - 1).fill(up));
	assert.equal(climbed.cursor.above, 0);
	assert.equal(after(climbed, all, up).cursor.above, 0);
	assert.equal(after(climbed, all, down).cursor.above, 1);
});

test("reduce() moves by the height of the list, by half of it, and to the ends", () => {
	const all = withPings(100);
	const { listRows } = planScreen(all, live, size);
	const index = (...actions: readonly Action[]) =>
		findCursor(all.rows, after(live, all, ...actions).cursor);
	assert.equal(index({ kind: "page move", by: -1 }), 99 - (listRows - 1));
	assert.equal(
		index({ kind: "half page move", by: -1 }),
		99 - Math.floor(listRows / 2),
	);
	assert.equal(index({ kind: "to first" }), 0);
	assert.equal(
		index({ kind: "to first" }, { kind: "page move", by: 1 }),
		listRows - 1,
	);
	assert.equal(index({ kind: "to first" }, up), 0);
});

test("reduce() takes a filter with enter, and says at once what is wrong with it", () => {
	const all = withPings(3);
	const typing = after(
		live,
		all,
		{ kind: "prompt", for: "filter" },
		type("outcome:nonsense"),
	);
	assert.notEqual(typing.prompt?.problem, null);
	const refused = after(typing, all, { kind: "enter" });
	assert.notEqual(refused.prompt, null);
	assert.equal(refused.filter, "");
	const mended = after(typing, all, { kind: "erase word" }, type("proto:dhcp"));
	assert.equal(mended.prompt?.problem, null);
	const taken = after(mended, all, { kind: "enter" });
	assert.equal(taken.filter, "proto:dhcp");
	assert.equal(taken.prompt, null);
	assert.equal(after(taken, all, { kind: "close" }).filter, "");
});

test("reduce() edits a prompt by character, by word and whole; esc leaves all as it was", () => {
	const all = withPings(1);
	const open = after(
		live,
		all,
		{ kind: "prompt", for: "filter" },
		type("vm:a 😀"),
	);
	const text = (...actions: readonly Action[]) =>
		after(open, all, ...actions).prompt?.text;
	assert.equal(text({ kind: "erase" }), "vm:a ");
	assert.equal(text({ kind: "erase word" }), "vm:a ");
	assert.equal(text({ kind: "erase all" }), "");
	assert.equal(text(type("x".repeat(1_000)))?.length, 200);
	const closed = after(open, all, { kind: "close" });
	assert.deepEqual([closed.prompt, closed.filter], [null, ""]);
});

test("reduce() asks for a file to be written, by the name that was typed", () => {
	const all = withPings(1);
	const open = after(live, all, { kind: "prompt", for: "write" });
	assert.equal(open.prompt?.text, "vmpath.pcapng");
	const named = after(open, all, { kind: "erase all" }, type(" a b.pcapng "));
	const { view, effect } = reduce(named, { kind: "enter" }, all, size);
	assert.deepEqual(effect, { kind: "write", file: "a b.pcapng" });
	assert.equal(view.prompt, null);
	const empty = reduce(
		after(open, all, { kind: "erase all" }),
		{ kind: "enter" },
		all,
		size,
	);
	assert.equal(empty.effect, null);
	assert.equal(empty.view.prompt?.problem, "the file needs a name");
});

test("reduce() goes through the VMs, all of them between the last and the first", () => {
	const all = withPings(5);
	const next: Action = { kind: "next vm", by: 1 };
	const scrolled = after(live, all, up);
	const first = after(scrolled, all, next);
	assert.deepEqual([first.vm, first.cursor.key], ["VM1", null]);
	assert.equal(after(first, all, next).vm, "VM2");
	assert.equal(after(first, all, next, next).vm, null);
	assert.equal(after(live, all, { kind: "next vm", by: -1 }).vm, "VM2");
	assert.equal(after({ ...live, vm: "gone" }, all, next).vm, "VM1");
});

test("reduce() chooses a VM from the list", () => {
	const all = withPings(5);
	const list = after({ ...live, vm: "VM1" }, all, { kind: "list vms" });
	assert.deepEqual(list.overlay, { kind: "vms", index: 1 });
	const chosen = after(list, all, down, down, { kind: "open" });
	assert.deepEqual([chosen.vm, chosen.overlay], ["VM2", null]);
	const whole = after(list, all, { kind: "to first" }, { kind: "open" });
	assert.equal(whole.vm, null);
});

test("reduce() freezes with the number of rows, and goes on", () => {
	const all = withPings(7);
	const frozen = after(live, all, { kind: "freeze" });
	assert.deepEqual(frozen.frozen, { rows: 7 });
	assert.equal(after(frozen, all, { kind: "freeze" }).frozen, null);
});

test("reduce() opens details of the selected row, scrolls them and goes through hops", () => {
	const all = world({
		rows: [...handshakes(2, true), exchangeRow(lostOffers(2))],
	});
	const open = after(live, all, { kind: "open" });
	assert.equal(open.overlay?.kind === "details" && open.overlay.key, "x3");
	const hopAfter = (count: number, by: -1 | 1) => {
		const side: Action = { kind: "side", by };
		const { overlay } = after(open, all, ...Array<Action>(count).fill(side));
		return overlay?.kind === "details" ? overlay.hop : null;
	};
	// Two DISCOVERs at three ports, two OFFERs at two: the last of them was lost.
	assert.equal(hopAfter(0, 1), 8);
	assert.equal(hopAfter(1, 1), 9);
	assert.equal(hopAfter(99, 1), 9);
	assert.equal(hopAfter(99, -1), 0);
	assert.equal(after(open, all, { kind: "close" }).overlay, null);
	const nothing = after(live, world(), { kind: "open" });
	assert.equal(nothing.overlay, null);
	assert.notEqual(nothing.message, null);
});

test("reduce() goes to the next problem, past the end with a message", () => {
	const all = world({ rows: [...handshakes(2, true), ...pings(30)] });
	const next: Action = { kind: "problem", by: 1 };
	const first = after(live, all, next);
	assert.equal(findCursor(all.rows, first.cursor), 1);
	assert.equal(first.message, "past the end: the first problem");
	const second = after(first, all, next);
	assert.equal(findCursor(all.rows, second.cursor), 3);
	assert.equal(second.message, null);
	const back = after(second, all, { kind: "problem", by: -1 });
	assert.equal(findCursor(all.rows, back.cursor), 1);
	const around = after(back, all, { kind: "problem", by: -1 });
	assert.equal(around.message, "past the begin: the last problem");
	const well = withPings(9);
	const none = after(live, well, next);
	assert.deepEqual(
		[none.message, none.cursor],
		["everything here was delivered", live.cursor],
	);
	assert.notEqual(after(live, world(), next).message, null);
});

test("reduce() goes to another page from details, which are closed", () => {
	const open = after(live, withPings(3), { kind: "open" });
	assert.notEqual(open.overlay, null);
	const page: Action = { kind: "page", page: "health" };
	const next: Action = { kind: "next page", by: 1 };
	for (const action of [page, next]) {
		const { overlay, page: shown } = after(open, withPings(3), action);
		assert.deepEqual([overlay, shown !== "journeys"], [null, true]);
	}
});

test("reduce() shows the details of the next problem while details are open", () => {
	const all = world({ rows: handshakes(3, true) });
	const open = after(
		live,
		all,
		{ kind: "to first" },
		{ kind: "open" },
		{ kind: "side", by: 1 },
	);
	const { overlay } = after(open, all, { kind: "problem", by: 1 });
	assert.deepEqual(overlay, { kind: "details", key: "j11", scroll: 0, hop: 0 });
});

test("reduce() plays, steps, speeds up and seeks a replay", () => {
	const timeline = {
		lengthNs: 10e9,
		next: (_of: string, positionNs: number, by: -1 | 1) =>
			positionNs + by * 1e9,
	};
	const end = { seconds: start.seconds + 10, nanos: start.nanos };
	const all = world({ ...withPings(5), timeline, begin: start, end });
	const paused = after(replay, all, { kind: "step", of: "frame", by: -1 });
	assert.equal(paused.player?.isPlaying, false);
	assert.equal(paused.player?.positionNs, 9e9 + 1);
	assert.equal(after(paused, all, { kind: "play" }).player?.isPlaying, true);
	const faster = after(replay, all, { kind: "speed", by: 1 });
	assert.deepEqual([faster.player?.speed, faster.message], [2, "speed: 2x"]);
	const there = after(
		paused,
		all,
		{ kind: "prompt", for: "seek" },
		type("50%"),
		{ kind: "enter" },
	);
	assert.equal(there.player?.positionNs, 5e9);
	const bad = after(
		paused,
		all,
		{ kind: "prompt", for: "seek" },
		type("soon"),
		{ kind: "enter" },
	);
	assert.notEqual(bad.prompt?.problem, null);
	const lost = after(there, all, { kind: "to loss", by: 1 });
	assert.equal(lost.player?.positionNs, 6e9);
	assert.equal(after(live, all, { kind: "play" }).player, null);
});

test("reduce() says where the losses are when there is none on", () => {
	const lossNs = 6e9;
	const timeline: Timeline = {
		lengthNs: 10e9,
		next: (_of, from, by) => (by * (lossNs - from) > 0 ? lossNs : null),
	};
	const all = { ...withPings(3), timeline };
	const on: Action = { kind: "to loss", by: 1 };
	const back: Action = { kind: "to loss", by: -1 };
	const there = after(replay, all, { kind: "to end", by: -1 }, on);
	assert.equal(there.player?.positionNs, lossNs);
	assert.equal(after(there, all, on).message, "no loss after this");
	const end = after(there, all, { kind: "to end", by: 1 });
	assert.match(after(end, all, on).message ?? "", /after this: E goes back/);
	const begin = after(there, all, { kind: "to end", by: -1 });
	assert.match(after(begin, all, back).message ?? "", /before this: e goes on/);
});

test("reduce() goes through the pages and scrolls them no further than they go", () => {
	const all = withPings(3);
	const dhcp = after(live, all, { kind: "next page", by: 1 });
	assert.equal(dhcp.page, "dhcp");
	assert.equal(after(dhcp, all, { kind: "to last" }).scroll, 0, "it has room");
	assert.equal(after(live, all, { kind: "next page", by: -1 }).page, "health");
	const help = after(live, all, { kind: "help" }, { kind: "to last" });
	const scroll = help.overlay?.kind === "help" ? help.overlay.scroll : 0;
	assert.ok(scroll > 10 && scroll < 100);
	const back = after(help, all, up).overlay;
	assert.equal(back?.kind === "help" && back.scroll, scroll - 1);
});

test("reduce() goes back with esc, step by step: overlay, page, filter, cursor", () => {
	const all = withPings(50);
	const close: Action = { kind: "close" };
	const deep: View = {
		...after(live, all, up),
		filter: "icmp",
		page: "health",
		overlay: { kind: "help", scroll: 0 },
	};
	const steps = [1, 2, 3, 4].map((count) => {
		const { overlay, page, filter, cursor } = after(
			deep,
			all,
			...Array<Action>(count).fill(close),
		);
		return [overlay === null, page, filter, cursor.key === null];
	});
	assert.deepEqual(steps, [
		[true, "health", "icmp", false],
		[true, "journeys", "icmp", false],
		[true, "journeys", "", false],
		[true, "journeys", "", true],
	]);
});

test("reduce() goes from help back to what was open", () => {
	const all = withPings(9);
	const details = after(live, all, { kind: "open" }, { kind: "side", by: 1 });
	const back = after(details, all, { kind: "help" }, down, { kind: "close" });
	assert.deepEqual(back.overlay, details.overlay);
	assert.equal(after(back, all, { kind: "close" }).overlay, null);
});

test("reduce() says so where a replay can go no further", () => {
	const timeline = { lengthNs: 10e9, next: () => null };
	const all = world({ timeline, begin: start, end: start, isOpen: false });
	const step = (by: -1 | 1): Action => ({ kind: "step", of: "frame", by });
	assert.equal(
		after(replay, all, step(1)).message,
		"this is the end of the log",
	);
	const first = after(replay, all, { kind: "to end", by: -1 });
	assert.deepEqual(first.player, {
		...replay.player,
		isPlaying: false,
		positionNs: 0,
	});
	assert.equal(
		after(first, all, step(-1)).message,
		"this is the begin of the log",
	);
	const last = after(first, all, { kind: "to end", by: 1 });
	assert.equal(last.player?.positionNs, null);
});

test("reduce() says why nothing is to be seen of what is played at once", () => {
	const timeline = { lengthNs: 10e9, next: () => null };
	const all = world({ timeline, isOpen: false });
	const ended = createView({ isPlaying: false, speed: 0, positionNs: null });
	const played = after(ended, all, { kind: "play" });
	assert.equal(played.player?.isPlaying, false);
	assert.match(played.message ?? "", /- plays slower$/);
});

test("reduce() ends with quit, and a message ends with the next key", () => {
	const all = withPings(1);
	assert.equal(after(live, all, { kind: "quit" }).isOver, true);
	const said = { ...live, message: "written" };
	assert.equal(after(said, all, up).message, null);
});

test("reduce() opens the VM's handshake from the DHCP page, and what proves the first trouble from the findings", () => {
	const lost = lostOffers(1);
	const all = world({
		rows: [...pings(3), exchangeRow(lost)],
		vms: [
			vm("VM1", { dhcp: lost, outcome: "lost" }),
			vm("VM2", { dhcp: null }),
		],
		troubles: [{ exchange: lost, count: 1 }],
		path: bridged,
	});
	const key = exchangeRow(lost).key;
	const open: Action = { kind: "open" };
	for (const page of ["dhcp", "findings"] as const) {
		const { overlay } = after({ ...live, page }, all, open);
		assert.equal(overlay?.kind === "details" ? overlay.key : null, key, page);
		assert.equal(
			after({ ...live, page }, all, open, { kind: "close" }).page,
			page,
		);
	}
	const other = { ...live, page: "dhcp", vm: "VM2" } as const;
	assert.deepEqual(after(other, all, open), {
		...other,
		message: "no DHCP exchange was seen yet",
	});
});
