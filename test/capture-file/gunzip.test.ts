import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, createGzip, gzipSync } from "node:zlib";
import { gunzip, InflateError } from "../../src/capture-file/gunzip.js";
import { cut } from "./collect.js";

/** Half of it can be compressed. */
const text = Buffer.concat(
	Array.from({ length: 400 }, (_, index) =>
		Buffer.from(`${(index * 7919 * 7919) % 1_000_003} and the same again, `),
	),
);
const packed = gzipSync(text);

async function inflateAll(
	bytes: Buffer,
	chunkLength = bytes.length,
): Promise<{ inflated: Buffer; problem: string | null }> {
	const inflated: Buffer[] = [];
	try {
		for await (const chunk of gunzip(stream(cut(bytes, chunkLength)))) {
			inflated.push(chunk);
		}
	} catch (error) {
		assert.ok(error instanceof InflateError, String(error));
		return { inflated: Buffer.concat(inflated), problem: error.message };
	}
	return { inflated: Buffer.concat(inflated), problem: null };
}

async function* stream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
	yield* chunks;
}

for (const chunkLength of [1, 100, 1 << 20]) {
	test(`gunzip() inflates chunks of ${chunkLength}`, async () => {
		assert.deepEqual(await inflateAll(packed, chunkLength), {
			inflated: text,
			problem: null,
		});
	});

	test(`gunzip() inflates several members, in chunks of ${chunkLength}`, async () => {
		const members = Buffer.concat([packed, gzipSync("more"), packed]);
		const { inflated, problem } = await inflateAll(members, chunkLength);
		assert.equal(problem, null);
		assert.ok(
			inflated.equals(Buffer.concat([text, Buffer.from("more"), text])),
		);
	});

	test(`gunzip() gives all there is before a cut, in chunks of ${chunkLength}`, async () => {
		let least = 0;
		for (let length = 1; length < packed.length; length += 97) {
			const { inflated, problem } = await inflateAll(
				packed.subarray(0, length),
				chunkLength,
			);
			assert.equal(
				problem,
				"its gzip data is cut or damaged (unexpected end of file)",
			);
			assert.ok(inflated.equals(text.subarray(0, inflated.length)));
			assert.ok(inflated.length >= least);
			least = inflated.length;
		}
		assert.ok(least > text.length * 0.9);
	});

	test(`gunzip() gives all there is before a wrong checksum, in chunks of ${chunkLength}`, async () => {
		const wrong = Buffer.from(packed);
		wrong.writeUInt32LE(0, wrong.length - 8);
		assert.deepEqual(await inflateAll(wrong, chunkLength), {
			inflated: text,
			problem: "its gzip data is cut or damaged (incorrect data check)",
		});
	});

	test(`gunzip() gives all there is before what is no gzip, in chunks of ${chunkLength}`, async () => {
		const rubbish = Buffer.concat([packed, Buffer.from("rubbish")]);
		const { inflated, problem } = await inflateAll(rubbish, chunkLength);
		assert.ok(inflated.equals(text));
		assert.match(problem ?? "", /^its gzip data is cut or damaged/);
	});
}

test("gunzip() ends without a hang whatever byte is wrong", async () => {
	for (let at = 2; at < packed.length; at += 13) {
		const wrong = Buffer.from(packed);
		wrong.writeUInt8(wrong.readUInt8(at) ^ 0x10, at);
		const { inflated } = await inflateAll(wrong, 1000);
		assert.ok(inflated.length < text.length * 3);
	}
});

test("gunzip() inflates what is much bigger than its pieces", async () => {
	const zeros = Buffer.alloc(20_000_000);
	const bomb = gzipSync(zeros);
	let length = 0;
	for await (const chunk of gunzip(stream([bomb]))) {
		length += chunk.length;
	}
	assert.equal(length, zeros.length);
	const { inflated, problem } = await inflateAll(bomb.subarray(0, -1));
	assert.equal(inflated.length, zeros.length);
	assert.notEqual(problem, null);
});

test("gunzip() hands on what a writer has flushed, before more comes", async () => {
	const writer = createGzip();
	const flushed = (text: string) =>
		new Promise<Buffer>((resolve) => {
			writer.write(text);
			writer.flush(constants.Z_SYNC_FLUSH, () => resolve(writer.read()));
		});
	const seen: string[] = [];
	async function* live(): AsyncGenerator<Buffer> {
		for (const word of ["one", "two", "three"]) {
			yield await flushed(word);
			// Asked for more only once what was there has been handed on.
			assert.equal(seen.at(-1), word);
		}
	}
	await assert.rejects(async () => {
		for await (const chunk of gunzip(live())) {
			seen.push(...(chunk.length > 0 ? [String(chunk)] : []));
		}
	}, InflateError);
	assert.deepEqual(seen, ["one", "two", "three"]);
});

test("gunzip() passes on what its chunks throw", async () => {
	async function* failing(): AsyncGenerator<Buffer> {
		yield packed;
		throw new Error("disk on fire");
	}
	await assert.rejects(async () => {
		for await (const _ of gunzip(failing())) {
		}
	}, new Error("disk on fire"));
});

test("gunzip() closes its chunks when nobody wants more", async () => {
	let isClosed = false;
	async function* endless(): AsyncGenerator<Buffer> {
		try {
			for (;;) {
				yield packed;
			}
		} finally {
			isClosed = true;
		}
	}
	for await (const _ of gunzip(endless())) {
		break;
	}
	assert.ok(isClosed);
});
