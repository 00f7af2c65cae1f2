import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSafe } from "../../src/model/safe-text.js";
import { drawTabs } from "../../src/tui/draw-tabs.js";
import { indexOfVm } from "../../src/tui/named-vm.js";
import { Store } from "../../src/tui/store.js";
import { plainLook } from "../../src/tui/theme.js";
import { createView } from "../../src/tui/view.js";
import { made, makeJourney } from "./made.js";
import { makeDomain, makePath, makePort, makeTopology } from "./topologies.js";
import { vm } from "./worlds.js";

const uuid = makeSafe("6cfa2d1a-0000-4000-8000-000000000001");
const vms = [
	vm("VM1", { macs: [makeSafe("52:54:00:cd:76:3a")], uuid }),
	vm("VM2", {
		macs: [makeSafe("52:54:00:1f:0b:92")],
		taps: [makeSafe("vnet1")],
		address: makeSafe("192.168.100.74"),
	}),
];

test("indexOfVm() finds a VM by name, UUID, MAC address, tap or IP address", () => {
	assert.equal(indexOfVm(vms, "VM2"), 1);
	assert.equal(indexOfVm(vms, uuid), 0);
	assert.equal(indexOfVm(vms, "52:54:00:1F:0B:92"), 1);
	assert.equal(indexOfVm(vms, "vnet1"), 1);
	assert.equal(indexOfVm(vms, "192.168.100.74"), 1);
	assert.equal(indexOfVm(vms, "VM3"), -1);
	assert.equal(indexOfVm(vms, null), -1);
});

test("look() begins with the VM that the command line names, whatever it is called by", () => {
	const store = new Store();
	const macs = ["52:54:00:cd:76:3a", "52:54:00:1f:0b:92"] as const;
	store.addTopology(
		makeTopology({
			domains: macs.map((mac, at) =>
				makeDomain(`VM${at + 1}`, [[mac, `vnet${at}`]]),
			),
			paths: macs.map((mac, at) =>
				makePath(`VM${at + 1}`, mac, [`vnet${at}`, "br0"]),
			),
			ports: [makePort("vnet0"), makePort("vnet1"), makePort("br0")],
		}),
		made,
	);
	for (const [at, mac] of macs.entries()) {
		const path = [`vnet${at}`, "br0"];
		store.addJourney(makeJourney({ id: at, mac, vm: `VM${at + 1}`, path }));
	}
	for (const named of ["VM2", "vnet1", macs[1]]) {
		const view = createView(null, { vm: named, only: "" });
		const { path, rows } = store.look(view);
		assert.equal(path?.vm, "VM2", named);
		assert.equal(rows.length, 1, named);
	}
});

test("drawTabs() tells to what the command line limits the list", () => {
	const view = createView(null, { vm: null, only: "proto:dhcp problems" });
	const world = new Store().look(view);
	const tabs = drawTabs(world, view, 10, 100, plainLook);
	assert.match(tabs, /only proto:dhcp problems/);
});
