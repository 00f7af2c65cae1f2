import assert from "node:assert/strict";
import { test } from "node:test";
import { locateMacs, locateVm } from "../../src/commands/mac-selection.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { documentsOf } from "../topology/documents.js";
import { missionHost, vm1Mac, vm2Mac } from "../topology/hosts.js";

const { domains: _domains, ...words } = missionHost();
const topology = buildTopology(documentsOf(words));

test("locateVm() finds a tap by MAC or IP address where nobody names the VMs", () => {
	const vm1 = { mac: vm1Mac, tap: "vnet0" };
	assert.deepEqual(locateVm(vm1Mac, topology, undefined), vm1);
	assert.deepEqual(locateVm("192.168.100.57", topology, undefined), vm1);
	assert.equal(locateVm("192.168.100.250", topology, undefined), null);
	assert.equal(locateVm("VM1", topology, undefined), null);
});

test("locateMacs() puts taps in the place of MAC and IP addresses", () => {
	const vms = ["192.168.100.57", vm2Mac, "vnet2"];
	const asked = { vms, bridges: [], interfaces: [] };
	const { selection, problems } = locateMacs(asked, topology, undefined);
	assert.deepEqual(selection.vms, ["vnet0", "vnet1", "vnet2"]);
	assert.deepEqual(problems, []);
});
