import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { inflate } from "../../src/capture-file/inflate.js";
import { cut } from "./collect.js";

async function inflateAll(bytes: Buffer, chunkLength: number): Promise<Buffer> {
	async function* chunks(): AsyncGenerator<Buffer> {
		yield* cut(bytes, chunkLength);
	}
	const inflated: Buffer[] = [];
	for await (const chunk of inflate(chunks())) {
		inflated.push(chunk);
	}
	return Buffer.concat(inflated);
}

for (const text of ["", "x", "plain text", "\x1f", "\x1fplain"]) {
	test(`inflate() passes ${JSON.stringify(text)} on as it is`, async () => {
		const bytes = Buffer.from(text, "latin1");
		assert.deepEqual(await inflateAll(bytes, 1), bytes);
		assert.deepEqual(await inflateAll(bytes, 100), bytes);
	});
}

test("inflate() inflates what begins a gzip file, in chunks of any size", async () => {
	const bytes = Buffer.from("a capture");
	for (const chunkLength of [1, 2, 3, 1000]) {
		assert.deepEqual(await inflateAll(gzipSync(bytes), chunkLength), bytes);
	}
});

for (const pack of [Buffer.from, gzipSync]) {
	test(`inflate() closes its chunks when nobody wants more: ${pack.name}`, async () => {
		let isClosed = false;
		async function* endless(): AsyncGenerator<Buffer> {
			try {
				for (;;) {
					yield pack(Buffer.from("a capture"));
				}
			} finally {
				isClosed = true;
			}
		}
		for await (const _ of inflate(endless())) {
			break;
		}
		assert.ok(isClosed);
	});
}
