import assert from "node:assert/strict";
import {
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
	symlink,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { FileOutput, fileFullBytes } from "../../src/recorder/file-output.js";
import type { Rotation } from "../../src/recorder/rotation.js";

describe("FileOutput", () => {
	let directory = "";
	before(async () => {
		directory = await mkdtemp(join(tmpdir(), "vmpath-output-"));
	});
	after(() => rm(directory, { recursive: true, force: true }));

	const open = (name: string, rotation: Rotation | null = null) =>
		FileOutput.open(
			{
				path: join(directory, name),
				rotation,
				owner: null,
				now: () => new Date(2026, 10, 22, 6, 5, 9),
			},
			0,
		);

	test("writes what it is given in order, for its owner only", async () => {
		const output = await open("plain");
		for (const text of ["one ", "two ", "three"]) {
			output.write(Buffer.from(text));
		}
		await output.end();
		assert.equal(
			await readFile(join(directory, "plain"), "utf8"),
			"one two three",
		);
		assert.equal((await stat(join(directory, "plain"))).mode & 0o777, 0o600);
		assert.equal(output.written, 13);
		assert.equal(output.failure, null);
	});

	test("is full while more waits than it should hold, and drains", async () => {
		const output = await open("full");
		output.write(Buffer.alloc(fileFullBytes));
		assert.equal(output.isFull, true);
		while (output.isFull) {
			await output.drained(10_000);
		}
		await output.end();
		assert.equal((await stat(join(directory, "full"))).size, fileFullBytes);
	});

	test("says that the disk is full, and takes nothing more", async () => {
		const output = await FileOutput.open(
			{ path: "/dev/full", rotation: null, owner: null, now: () => new Date() },
			0,
		);
		output.write(Buffer.from("lost"));
		await output.drained(10_000);
		output.write(Buffer.alloc(fileFullBytes));
		assert.deepEqual(output.failure, {
			isClosed: false,
			message: "cannot write /dev/full: the disk is full",
		});
		assert.equal(output.isFull, false);
		await output.end();
	});

	test("names a file in one line that moves no cursor", async () => {
		const path = join(directory, "\u001b[31m\n");
		await symlink("/dev/full", path);
		const output = await open("\u001b[31m\n");
		output.write(Buffer.from("lost"));
		await output.drained(10_000);
		await output.end();
		const { message } = output.failure ?? { message: "" };
		assert.match(message, /\\x1b\[31m\\x0a: the disk is full$/);
	});

	test("is due for the next file by size, or by age, and never while empty", async () => {
		const output = await open("due", { bytes: 10, ageMs: 1000, files: null });
		assert.equal(output.isDue(5000), false);
		output.write(Buffer.alloc(9));
		assert.equal(output.isDue(999), false);
		assert.equal(output.isDue(1000), true);
		output.write(Buffer.alloc(1));
		assert.equal(output.isDue(0), true);
		output.rotate(0);
		assert.equal(output.isDue(0), false);
		await output.end();
	});

	test("keeps the latest files of a series", async () => {
		const output = await open("ring.pcapng", {
			bytes: 1,
			ageMs: null,
			files: 2,
		});
		for (const text of ["one", "two", "three"]) {
			output.write(Buffer.from(text));
			output.rotate(0);
		}
		output.write(Buffer.from("four"));
		await output.end();
		const files = (await readdir(directory)).filter((name) =>
			name.startsWith("ring"),
		);
		assert.deepEqual(files.sort(), [
			"ring_00003_20261122060509.pcapng",
			"ring_00004_20261122060509.pcapng",
		]);
		const last = join(directory, "ring_00004_20261122060509.pcapng");
		assert.equal(await readFile(last, "utf8"), "four");
	});
});
