import assert from "node:assert/strict";
import { test } from "node:test";
import { takeVm } from "../../src/commands/verify-question.js";
import { createFile } from "./program.js";

test("takeVm() takes the VM from behind the recordings or the servers", async (context) => {
	const file = await createFile(context, "vnet0.pcap", "");
	const bare = { vm: null, read: null, servers: [] };
	const cases = [
		[{ read: [file, "vnet0"] }, { read: [file], vm: "vnet0" }],
		[{ read: [file, file] }, {}],
		[{ read: ["-", `vnet0=${file}`] }, {}],
		[{ read: ["nowhere.pcap"] }, {}],
		[{ servers: ["10.0.0.1", "VM1"] }, { servers: ["10.0.0.1"], vm: "VM1" }],
		[{ servers: ["10.0.0.1", "10.0.0.2"] }, {}],
		[{ vm: "VM1", read: [file, "vnet0"] }, {}],
	] as const;
	for (const [given, taken] of cases) {
		const asked = { ...bare, ...given };
		assert.deepEqual(takeVm(asked, false), { ...asked, ...taken });
	}
	const all = { ...bare, read: [file, "vnet0"] };
	assert.deepEqual(takeVm(all, true), all);
});
