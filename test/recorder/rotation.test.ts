import assert from "node:assert/strict";
import { test } from "node:test";
import { nameRotated } from "../../src/recorder/rotation.js";

const at = new Date(2026, 10, 22, 6, 5, 9);

test("nameRotated() puts number and local time before the extension", () => {
	assert.equal(
		nameRotated("vm.pcapng", 1, at),
		"vm_00001_20261122060509.pcapng",
	);
	assert.equal(
		nameRotated("/var/a.b/vm.host.pcapng", 12_345, at),
		"/var/a.b/vm.host_12345_20261122060509.pcapng",
	);
});

test("nameRotated() puts them at the end where there is no extension", () => {
	assert.equal(
		nameRotated("/tmp.d/vm", 2, at),
		"/tmp.d/vm_00002_20261122060509",
	);
	assert.equal(nameRotated(".vm", 2, at), ".vm_00002_20261122060509");
});
