import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type LogFile, readLog } from "../../src/capture-file/read-log.js";
import { NotACaptureError } from "../../src/capture-file/sink.js";
import { makeSafe } from "../../src/model/safe-text.js";
import {
	enhancedPacket,
	interfaceBlock,
	join,
	pcapHeader,
	pcapRecord,
	section,
	simplePacket,
} from "./build.js";
import { Collector, cut } from "./collect.js";

const data = Buffer.from("0123456789", "hex");

/** A pcap with a packet at each of these seconds. */
function pcapOf(...seconds: readonly number[]): Buffer {
	const records = seconds.map((second) =>
		pcapRecord(data, { seconds: second }),
	);
	return join(pcapHeader(), ...records)(false);
}

/** Every packet of a `pcapOf` is in a chunk of its own, the header in the first. */
const chunkOfRecord = 21;

function fileOf(name: string, bytes: Buffer, chunkLength?: number): LogFile {
	async function* chunks(): AsyncGenerator<Buffer> {
		yield* cut(bytes, chunkLength);
	}
	return {
		name: makeSafe(`${name}.pcap`),
		interfaceName: makeSafe(name),
		chunks: chunks(),
	};
}

const keepAll = () => true;
const wantAll = () => true;

test("readLog() gives interfaces numbers that count over all files", async () => {
	const told = new Collector();
	const pcapng = join(
		section(),
		interfaceBlock({ name: "a" }),
		interfaceBlock({ name: "b" }),
		enhancedPacket(data),
		simplePacket(data),
	)(true);
	const counts = await readLog(
		[
			fileOf("vnet0", pcapOf(1, 2)),
			fileOf("both", pcapng),
			fileOf("br0", gzipSync(pcapOf(3))),
		],
		told,
		keepAll,
		wantAll,
	);
	assert.deepEqual(
		told.interfaces.map(({ source, name }) => `${source} ${name}`).sort(),
		["0 vnet0", "1 a", "1 b", "2 br0"],
	);
	assert.deepEqual(
		told.interfaces.map(({ id }) => id),
		[0, 1, 2, 3],
	);
	assert.deepEqual(counts, { read: 5, untimed: 1 });
	assert.deepEqual(told.complaints, []);
});

test("readLog() reads on where the log is behind", async () => {
	const told = new Collector();
	await readLog(
		[
			fileOf("late", pcapOf(10, 20, 30), chunkOfRecord),
			fileOf("early", pcapOf(1, 2, 3, 11, 29), chunkOfRecord),
		],
		told,
		keepAll,
		wantAll,
	);
	assert.deepEqual(
		told.frames.map(({ time }) => Number(time) / 1e9),
		[10, 1, 2, 3, 11, 20, 29, 30],
	);
});

test("readLog() needs no chunk any more when it asks for the next", async () => {
	const bytes = pcapOf(1, 2, 3, 4, 5);
	const broken = gzipSync(bytes);
	broken.writeUInt32LE(0, broken.length - 8);
	for (const file of [bytes, gzipSync(bytes), broken]) {
		const told = new Collector();
		async function* reused(): AsyncGenerator<Buffer> {
			const chunk = Buffer.alloc(30);
			for (const part of cut(file, chunk.length)) {
				part.copy(chunk);
				yield chunk.subarray(0, part.length);
				chunk.fill(0xff);
			}
		}
		await readLog(
			[{ ...fileOf("a", file), chunks: reused() }],
			told,
			keepAll,
			wantAll,
		);
		assert.equal(told.frames.length, 5);
	}
});

test("readLog() tells how far each file is, and when it has ended", async () => {
	const told = new Collector();
	await readLog(
		[fileOf("a", pcapOf(1)), fileOf("b", pcapOf(2))],
		told,
		keepAll,
		wantAll,
	);
	assert.deepEqual(
		told.progress.map(({ source, hasEnded }) => `${source} ${hasEnded}`),
		["0 false", "1 false", "0 true", "1 true"],
	);
});

/** A capture without end, which says when it was closed. */
function endlessFile(name: string, closed: string[]): LogFile {
	return {
		...fileOf(name, Buffer.alloc(0)),
		chunks: (async function* () {
			try {
				yield pcapHeader()(false);
				for (;;) {
					yield pcapRecord(data)(false);
				}
			} finally {
				closed.push(name);
			}
		})(),
	};
}

test("readLog() closes its files when no more is wanted", async () => {
	const told = new Collector();
	const closed: string[] = [];
	await readLog(
		[endlessFile("a", closed), endlessFile("b", closed)],
		told,
		keepAll,
		() => told.frames.length < 10,
	);
	assert.equal(told.frames.length, 10);
	assert.deepEqual(closed.sort(), ["a", "b"]);
});

test("readLog() names the file that is no capture", async () => {
	const files = [
		fileOf("good", pcapOf(1)),
		fileOf("bad", Buffer.from("not this one")),
	];
	await assert.rejects(
		readLog(files, new Collector(), keepAll, wantAll),
		new NotACaptureError(
			'bad.pcap is not a capture: pcap and pcapng do not begin with "not "',
		),
	);
	await assert.rejects(
		readLog(
			[fileOf("zip", gzipSync("more text"))],
			new Collector(),
			keepAll,
			wantAll,
		),
		new NotACaptureError(
			'zip.pcap is not a capture: pcap and pcapng do not begin with "more"',
		),
	);
});

test("readLog() names a gzip file of which nothing can be inflated, and says why", async () => {
	const packed = gzipSync(pcapOf(1, 2, 3));
	const wrong = Buffer.from(packed).fill(0xff, 10, 20);
	const cases: readonly (readonly [Buffer, RegExp])[] = [
		[packed.subarray(0, 2), /unexpected end of file/],
		[packed.subarray(0, 10), /unexpected end of file/],
		[wrong, /invalid block type/],
	];
	for (const [bytes, reason] of cases) {
		for (const chunkLength of [bytes.length, 1]) {
			const told = new Collector();
			let asked = 0;
			await assert.rejects(
				readLog([fileOf("z", bytes, chunkLength)], told, keepAll, () => {
					asked += 1;
					return true;
				}),
				({ name, message }: Error) =>
					name === "NotACaptureError" &&
					message.startsWith(
						"z.pcap is not a capture: its gzip data is cut or damaged (",
					) &&
					reason.test(message),
			);
			assert.equal(asked, 1, "nothing was read before");
			assert.deepEqual(told.complaints, []);
		}
	}
});

test("readLog() names a gzip file that is cut inside the magic of its capture", async () => {
	// gzip's header is 10 bytes, that of a stored block 5.
	const stored = gzipSync(pcapOf(1), { level: 0 }).subarray(0, 18);
	await assert.rejects(
		readLog([fileOf("z", stored)], new Collector(), keepAll, wantAll),
		new NotACaptureError(
			"z.pcap is not a capture: its gzip data is cut or damaged (unexpected end of file)",
		),
	);
});

test("readLog() closes its files when one of them is no capture", async () => {
	const closed: string[] = [];
	const files = [
		endlessFile("a", closed),
		fileOf("bad", Buffer.from("not this one")),
	];
	await assert.rejects(
		readLog(files, new Collector(), keepAll, wantAll),
		NotACaptureError,
	);
	assert.deepEqual(closed, ["a"]);
});

test("readLog() reads a damaged gzip file as far as it goes", async () => {
	const bytes = pcapOf(1, 2, 3);
	const packed = gzipSync(bytes);
	const wrong = Buffer.from(packed);
	wrong.writeUInt32LE(0, wrong.length - 8);
	const told = new Collector();
	const counts = await readLog(
		[fileOf("a", wrong), fileOf("b", pcapOf(2, 4))],
		told,
		keepAll,
		wantAll,
	);
	assert.equal(counts.read, 5);
	assert.deepEqual(told.complaints, [
		`${bytes.length}: its gzip data is cut or damaged (incorrect data check)`,
	]);
});

test("readLog() tells both the cut of a gzip file and the record it cuts", async () => {
	const bytes = pcapOf(1, 2, 3);
	const stored = gzipSync(bytes, { level: 0 });
	// gzip's header is 10 bytes, that of a stored block 5; its trailer is 8.
	const told = new Collector();
	await readLog(
		[fileOf("a", stored.subarray(0, 15 + bytes.length - 1))],
		told,
		keepAll,
		wantAll,
	);
	assert.equal(told.frames.length, 2);
	assert.deepEqual(told.complaints, [
		`${bytes.length - 1}: its gzip data is cut or damaged (unexpected end of file)`,
		"66: the file ends inside record 3: 20 bytes of it are there",
	]);
});

test("readLog() passes on what the chunks of a file throw", async () => {
	const failing: LogFile = {
		...fileOf("a", Buffer.alloc(0)),
		chunks: (async function* () {
			yield pcapOf(1);
			throw new Error("disk on fire");
		})(),
	};
	await assert.rejects(
		readLog([failing], new Collector(), keepAll, wantAll),
		new Error("disk on fire"),
	);
});
