import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PortRole } from "../../src/model/port.js";
import {
	areCable,
	inferRole,
	isCableEnd,
	isLibvirtNetwork,
} from "../../src/topology/roles.js";

const roles: readonly (readonly [PortRole, string])[] = [
	["tap", "vnet0 vnet12 tap100i0 tap1f2e3d4c-5b tap-vm2 testnet0"],
	["bridge", "br0 br-lan br_int virbr0 vmbr1 fwbr100i0 qbr1f2e3d4c-5b br"],
	["uplink", "ens3 enp3s0f1 eno1 eth0 bond0 bond0.100 wlp3s0 team0 ib0"],
	[
		"unknown",
		"web-lan lan lo fwln100i0 fwpr100p0 qvo1f2e3d4c-5b brian docker0",
	],
];

describe("inferRole()", () => {
	for (const [role, names] of roles) {
		test(`${role}: ${names}`, () => {
			for (const name of names.split(" ")) {
				assert.equal(inferRole(name), role, name);
			}
		});
	}
});

test("areCable() knows the two ends of a cable", () => {
	assert.ok(areCable("fwln100i0", "fwpr100p0"));
	assert.ok(areCable("fwpr100p0", "fwln100i0"));
	assert.ok(areCable("qvb1f2e3d4c-5b", "qvo1f2e3d4c-5b"));
	assert.ok(!areCable("fwln100i0", "fwpr101p0"));
	assert.ok(!areCable("fwln100i0", "fwln100i0"));
	assert.ok(!areCable("vnet0", "vnet0"));
});

test("isCableEnd() knows an end of a cable", () => {
	assert.ok(isCableEnd("fwln100i0"));
	assert.ok(isCableEnd("qvo1f2e3d4c-5b"));
	assert.ok(!isCableEnd("fwbr100i0"));
});

test("isLibvirtNetwork() knows the bridges of libvirt", () => {
	assert.ok(isLibvirtNetwork("virbr0"));
	assert.ok(!isLibvirtNetwork("br0"));
	assert.ok(!isLibvirtNetwork("virbr0-nic"));
});
