import assert from "node:assert/strict";
import { test } from "node:test";
import { startOf } from "../../src/commands/given-view.js";

const none = {
	vms: [],
	protocols: [],
	interfaces: [],
	since: null,
	until: null,
	problems: false,
};

test("startOf() chooses the one VM that is named, and tells of what else limits the list", () => {
	assert.deepEqual(startOf(none), { vm: null, only: "" });
	assert.deepEqual(startOf({ ...none, vms: ["VM1"], problems: true }), {
		vm: "VM1",
		only: "problems",
	});
	assert.deepEqual(
		startOf({ ...none, vms: ["VM1", "VM2"], protocols: ["dhcp", "arp"] }),
		{ vm: null, only: "vm:VM1|VM2 proto:dhcp|arp" },
	);
});
