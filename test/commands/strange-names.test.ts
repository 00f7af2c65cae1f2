import assert from "node:assert/strict";
import { test } from "node:test";
import { describeStrange } from "../../src/commands/strange-names.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { hostTopology } from "../verify/build.js";

const ports = ["vnet0", "br0"].map((name) => makeSafe(name));

test("describeStrange() says what there is instead, made safe", () => {
	const names = { vms: ["no\u001bbody"], interfaces: ["eth9"] };
	assert.deepEqual(describeStrange(names, hostTopology(), ports), [
		"nothing in this log is called no\\x1bbody or belongs to it: its VMs are VM1, VM2, VM3, VM4",
		"nothing in this log passed eth9: it was captured at vnet0, br0",
	]);
	assert.deepEqual(
		describeStrange({ vms: ["x"], interfaces: [] }, null, ports),
		[
			"nothing in this log is called x or belongs to it: it was captured at vnet0, br0",
		],
	);
});

test("describeStrange() does not wonder at a port at which nothing passed", () => {
	const names = { vms: ["vnet0"], interfaces: ["br0"] };
	assert.deepEqual(describeStrange(names, null, ports), []);
});
