import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
	readMessage,
	startRecorder,
} from "../../src/commands/recorder-child.js";

const options = {
	...{ vms: [], bridges: [], interfaces: [] },
	...{ engine: null, durationMs: null, count: null },
	...{ snapLength: 2048, bufferBytes: 1 << 20, filter: null, connect: null },
};

/** Starts a program of these lines in the place of the recorder. */
async function start(context: TestContext, program: string) {
	const directory = await mkdtemp(join(tmpdir(), "vmpath-child-"));
	const path = join(directory, "recorder.mjs");
	await writeFile(path, program);
	const [, usual = ""] = process.argv;
	process.argv[1] = path;
	context.after(() => rm(directory, { recursive: true, force: true }));
	try {
		return startRecorder(options, "none", () => {});
	} finally {
		process.argv[1] = usual;
	}
}

const waiting = "process.stdout.write('x'); setInterval(() => {}, 1000);";

async function read(log: NodeJS.ReadableStream): Promise<void> {
	await new Promise((resolve) => log.once("data", resolve));
}

test("RecorderChild.stop() makes no failure of how it ends", async (context) => {
	const recorder = await start(context, waiting);
	await read(recorder.log);
	recorder.stop();
	assert.equal((await recorder.ended).isFailure, false);
});

test("RecorderChild.stop() ends one that does not listen", async (context) => {
	const deaf = `process.on("SIGINT", () => {}); ${waiting}`;
	const recorder = await start(context, deaf);
	await read(recorder.log);
	recorder.stop();
	const { isFailure, reason } = await recorder.ended;
	assert.equal(isFailure, false);
	assert.match(reason, /SIGKILL/);
});

test("a recorder that ends by itself with an error is a failure", async (context) => {
	const failing = "console.error('vmpath: no way'); process.exitCode = 3;";
	const recorder = await start(context, failing);
	recorder.log.resume();
	assert.deepEqual(await recorder.ended, { isFailure: true, reason: "no way" });
});

test("readMessage() makes safe what others say, and doubles no escape of our own", () => {
	assert.equal(
		readMessage("vmpath: v\\\\n\\x1b is gone"),
		"v\\\\n\\x1b is gone",
	);
	assert.equal(readMessage("vmpath: v\u001b"), "v\\x1b");
	assert.equal(readMessage("sudo: a\\b"), "sudo: a\\\\b");
	assert.equal(readMessage(`vmpath: ${"\\\\".repeat(500)}`).length, 256);
});
