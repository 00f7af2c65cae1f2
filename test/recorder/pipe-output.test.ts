import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PipeOutput, pipeFullBytes } from "../../src/recorder/pipe-output.js";

describe("PipeOutput", () => {
	let directory = "";
	let pairs = 0;
	before(async () => {
		directory = await mkdtemp(join(tmpdir(), "vmpath-pipe-"));
	});
	after(() => rm(directory, { recursive: true, force: true }));

	/** Two ends of one socket; what is written waits until the reader reads. */
	async function connectPair(): Promise<{ writer: Socket; reader: Socket }> {
		const path = join(directory, `${pairs++}`);
		const server = createServer({ pauseOnConnect: true });
		const accepted = new Promise<Socket>((resolve) => {
			server.once("connection", resolve);
		});
		await new Promise<void>((resolve) => {
			server.listen(path, resolve);
		});
		const writer = connect(path);
		const reader = await accepted;
		server.close();
		return { writer, reader };
	}

	test("takes bytes while nobody reads, is full, and drains", async () => {
		const { writer, reader } = await connectPair();
		const output = new PipeOutput(writer);
		output.write(Buffer.alloc(2 * pipeFullBytes));
		assert.equal(output.isFull, true);
		let read = 0;
		reader.on("data", (chunk) => {
			read += chunk.length;
		});
		reader.resume();
		while (output.isFull) {
			await output.drained(10_000);
		}
		const ended = new Promise((resolve) => reader.once("end", resolve));
		await output.end();
		await ended;
		assert.equal(read, 2 * pipeFullBytes);
		assert.equal(output.failure, null);
	});

	test("a reader that has gone is no error", async () => {
		const { writer, reader } = await connectPair();
		const output = new PipeOutput(writer);
		reader.destroy();
		while (output.failure === null) {
			output.write(Buffer.alloc(65_536));
			await output.drained(20);
		}
		assert.equal(output.failure.isClosed, true);
		await output.end();
	});

	test("end() gives up on a reader that takes nothing", async () => {
		const { writer, reader } = await connectPair();
		const output = new PipeOutput(writer);
		output.write(Buffer.alloc(2 * pipeFullBytes));
		await output.end();
		assert.equal(writer.destroyed, true);
		reader.destroy();
	});
});
