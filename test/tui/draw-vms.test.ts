import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeSafe } from "../../src/model/safe-text.js";
import { widthOf } from "../../src/show/cell-width.js";
import { drawDhcp } from "../../src/tui/draw-dhcp.js";
import { drawSide, drawVms } from "../../src/tui/draw-vms.js";
import { layOutColumns } from "../../src/tui/path-columns.js";
import { plainLook } from "../../src/tui/theme.js";
import { exchange } from "../show/exchanges.js";
import { halfOpen, path, port, vm, world } from "./worlds.js";

const zone = process.env.TZ;
before(() => {
	process.env.TZ = "UTC";
});
after(() => {
	process.env.TZ = zone;
});

const macs = ["52:54:00:aa:00:01", "52:54:00:aa:00:02"];
const unnamed = world({
	vms: macs.map((mac) => vm(mac, { state: null })),
});

test("drawVms(), drawSide() and drawDhcp() tell VMs that nobody named by the ends of their MAC addresses", () => {
	const drawn = [
		drawVms(unnamed, 1, 80, plainLook).slice(2),
		drawSide(unnamed, null, 34, 10, plainLook).slice(1),
		drawDhcp(unnamed, 80, plainLook).slice(1),
	];
	for (const [first = "", second = ""] of drawn) {
		assert.ok(first.includes("52:…aa:00:01"), first);
		assert.ok(second.includes("52:…aa:00:02"), second);
	}
	const wide = drawVms(unnamed, 1, 120, plainLook);
	assert.ok(wide[2]?.includes("52:54:00:aa:00:01"));
});

test("layOutColumns() leaves the end of a MAC address where the path is cramped", () => {
	const names = ["tap100i0", "fwbr100i0", "fwpr100p0", "vmbr0", "enp65s0f0np0"];
	const ports = names.map((name) => port(name, "other"));
	const [first] = layOutColumns(
		path(ports, { vm: makeSafe(macs[0] ?? "") }),
		60,
		"NAT",
	);
	assert.equal(first?.[0]?.name, "52:…aa:00:01");
});

test("drawVms() tells leases in full at 80 columns, and no row is too wide", () => {
	const lost = exchange({ outcome: "lost", lease: null, causes: [halfOpen] });
	const state = makeSafe("running");
	const all = world({
		vms: [
			vm("web", { state }),
			vm("db", { state, outcome: "lost", causes: [halfOpen], dhcp: lost }),
		],
	});
	const rows = drawVms(all, 1, 80, plainLook);
	assert.ok(rows.every((row) => widthOf(row) <= 80));
	const [, , web = "", db = ""] = rows;
	assert.match(web, / 13:44:02 60 min {2}delivered *$/);
	assert.match(db, / 13:44:02 lost {4}lost, bridge-netfilter/);
});
