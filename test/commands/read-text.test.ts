import assert from "node:assert/strict";
import { test } from "node:test";
import { readText } from "../../src/commands/read-text.js";

test("readText() reads no more than its limit of what has no end", async () => {
	await assert.rejects(readText("/dev/zero", 1 << 20), {
		message: "it has more than 1048576 bytes",
	});
});

test("readText() reads what does not tell its length", async () => {
	assert.match(await readText("/proc/self/status", 1 << 20), /^Name:/);
});
