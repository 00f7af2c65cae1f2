import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Failure } from "../../src/commands/failure.js";
import { openOutput } from "../../src/commands/open-output.js";
import { openTee } from "../../src/commands/tee.js";

async function createDirectory(context: TestContext): Promise<string> {
	const directory = await mkdtemp(join(tmpdir(), "vmpath-output-"));
	context.after(() => rm(directory, { recursive: true, force: true }));
	return directory;
}

async function createPipe(context: TestContext): Promise<string> {
	const path = join(await createDirectory(context), "pipe");
	await once(execFile("mkfifo", [path]), "close");
	return path;
}

function isFailure(message: RegExp): (error: unknown) => boolean {
	return (error) => error instanceof Failure && message.test(error.message);
}

const unread = /^cannot write .*: nobody reads from it: start what reads it/;

test("openOutput() does not wait for the reader of a pipe", async (context) => {
	const path = await createPipe(context);
	await assert.rejects(openOutput(path, null), isFailure(unread));
});

test("openOutput() gives what ends though a pipe's reader takes nothing", async (context) => {
	const path = await createPipe(context);
	const flags = constants.O_RDONLY | constants.O_NONBLOCK;
	const reader = await open(path, flags);
	const output = await openOutput(path, null);
	output.write(Buffer.alloc(1 << 20));
	await output.end();
	assert.equal(output.failure, null);
	await reader.close();
});

test("openOutput() says what an empty name lacks", async () => {
	await assert.rejects(openOutput("", null), isFailure(/-w takes the name/));
});

test("openTee() keeps a log in files only", async (context) => {
	const pipe = await createPipe(context);
	const tell = () => {};
	await assert.rejects(openTee(pipe, tell), isFailure(unread));
	const reader = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
	await assert.rejects(openTee(pipe, tell), isFailure(/ is a pipe \(/));
	await reader.close();
	await assert.rejects(openTee("-", tell), isFailure(/vmpath record -w -/));
	await assert.rejects(openTee("", tell), isFailure(/-w takes the name/));
	const directory = await createDirectory(context);
	await assert.rejects(
		openTee(directory, tell),
		isFailure(/name a file in it/),
	);
});
