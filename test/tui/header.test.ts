import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeSafe } from "../../src/model/safe-text.js";
import { widthOf } from "../../src/show/cell-width.js";
import { drawHeader } from "../../src/tui/header.js";
import { plainLook } from "../../src/tui/theme.js";
import { createView, type View } from "../../src/tui/view.js";
import type { World } from "../../src/tui/world.js";
import { start } from "../show/journeys.js";
import { path, vm, world } from "./worlds.js";

const zone = process.env.TZ;
before(() => {
	process.env.TZ = "UTC";
});
after(() => {
	process.env.TZ = zone;
});

const replay = createView({ isPlaying: false, speed: 1, positionNs: null });
const named = "192.168.100.57-bridge-half-open-2026-11-22.pcapng";
const saved = world({
	now: start,
	begin: start,
	end: start,
	isOpen: false,
	source: makeSafe(named),
	vms: [vm("VM1"), vm("VM2")],
	path: path([]),
});

function draw(all: World, view: View, columns = 80): string {
	const header = drawHeader(all, view, columns, plainLook);
	assert.ok(widthOf(header) <= columns);
	return header;
}

test("drawHeader() keeps the end of a file's name, and the VM, at 80 columns", () => {
	const all = draw(saved, replay);
	assert.match(all, /^ vmpath {2}….*2026-11-22\.pcapng {2}replay 13:44:02 /);
	assert.match(all, / {2}all 2 VMs, path of VM1 +at the end $/);
	const chosen = draw(saved, { ...replay, vm: "VM2" });
	assert.match(chosen, / vmpath {2}….*-11-22\.pcapng .* VM 2\/2 VM2 running/);
	const short = draw({ ...saved, source: makeSafe("log.pcapng.gz") }, replay);
	assert.match(
		short,
		/^ vmpath {2}log\.pcapng\.gz {2}replay 13:44:02 {2}all 2 /,
	);
});

test("drawHeader() tells the VM in short before the file's name has no room", () => {
	const only = {
		...saved,
		source: makeSafe("log.pcapng.gz"),
		vms: [vm("52:54:00:cd:76:3a")],
		path: path([], { vm: makeSafe("52:54:00:cd:76:3a") }),
	};
	assert.match(
		draw(only, replay),
		/^ vmpath {2}log\.pcapng\.gz {2}replay 13:44:02 {2}the only VM +at the end $/,
	);
	assert.match(draw(only, replay, 120), /the only VM, path of 52:54:00/);
});

const ports = ["vnet0", "br0"].map((name) => ({
	name: makeSafe(name),
	role: "tap",
	frames: 1,
	drops: 0,
	isPromiscuous: true,
}));

test("drawHeader() cuts a MAC address in short where its end tells VMs apart", () => {
	const macs = ["52:54:00:cd:76:3a", "52:54:00:1f:0b:92"];
	const all = { ...saved, vms: macs.map((mac) => vm(mac)) };
	const { source: _named, ...unnamed } = {
		...all,
		path: path([], { vm: makeSafe(macs[1] ?? "") }),
		health: { ...saved.health, interfaces: ports },
	};
	for (const columns of [60, 66, 70, 74, 80, 100]) {
		for (const chosen of macs) {
			const told = draw(all, { ...replay, vm: chosen }, columns);
			assert.ok(told.includes(chosen.slice(9)), told);
		}
		assert.doesNotMatch(draw(unnamed, replay, columns), /…orts|…s /);
	}
	assert.match(draw(unnamed, replay), /all 2 VMs, path of 52:54:00:1f:0b:92 /);
	assert.match(
		draw(unnamed, replay, 74),
		/all 2 VMs, path of 52:…1f:0b:92 +at the end $/,
	);
});

test("drawHeader() shows the whole name and the ports where there is room", () => {
	const all = {
		...saved,
		source: makeSafe("log.pcapng.gz"),
		health: {
			...saved.health,
			interfaces: ports,
		},
	};
	assert.match(draw(all, replay, 120), / log\.pcapng\.gz \(2 ports\) /);
});

test("drawHeader() says that a log which grows is followed, not that it is paused", () => {
	const growing = { ...saved, isOpen: true, source: makeSafe("-") };
	assert.match(draw(growing, replay), / reading 13:44:02 .* ● following $/);
	const scrolled = { ...replay, cursor: { key: "j1", index: 1 } };
	assert.match(draw(growing, scrolled), /○ scrolled $/);
	const held = createView({ isPlaying: false, speed: 1, positionNs: 0 });
	assert.match(draw(growing, held), / replay 13:44:02 .* paused $/);
});

test("drawHeader() follows nothing any more once the capture has ended", () => {
	const live = createView(null);
	assert.match(draw({ ...saved, isOpen: true }, live), / live .*● following $/);
	assert.match(draw(saved, live), / ended 13:44:02 .* at the end $/);
	const scrolled = { ...live, cursor: { key: "j1", index: 1 } };
	assert.match(draw(saved, scrolled), /○ scrolled $/);
});

test("drawHeader() says how many came while the screen stood still", () => {
	const live = createView(null);
	const frozen = { ...live, frozen: { rows: 1 } };
	const all = { ...saved, isOpen: true, newer: 1234 };
	assert.match(draw(all, frozen), /■ frozen \+1,234 new $/);
});
