import assert from "node:assert/strict";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { readLog } from "../../src/capture-file/read-log.js";
import type { Keep, ReadCounts } from "../../src/capture-file/sink.js";
import type { CaptureInterface } from "../../src/model/capture.js";
import type { Frame } from "../../src/model/frame.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { decodeFrame } from "../../src/wire/frame.js";
import { isOfInterest } from "../../src/wire/interest.js";
import { isKnownLinkType } from "../../src/wire/link.js";
import {
	expectFrame,
	loadTruth,
	publicCaptures,
	type TruthPacket,
} from "../wire/truth.js";
import { Collector, type PlainFrame } from "./collect.js";

/** A capture as a second, independent reader sees it. */
interface TruthFile {
	readonly file: string;
	readonly reader_frames: number;
	readonly first_ts_ns: string | null;
	readonly last_ts_ns: string | null;
	readonly interfaces: readonly {
		/** Counts from 0. */
		readonly section: number;
		readonly id: number;
		readonly name?: string;
	}[];
}

/** What is damaged in these files, and where; all others are sound. */
const damages: Readonly<Record<string, readonly string[]>> = {
	"the-tcpdump-group+libpcap/tests/pcap-invalid-version-1.pcap": [
		"0: version 1.4 is not 2.4; read as if it were",
	],
	"the-tcpdump-group+libpcap/tests/pcapng-invalid-vers-1.pcapng": [
		"0: a section has version 0.1, which is not known; it is passed over",
	],
	"the-tcpdump-group+libpcap/tests/shb-option-too-long.pcapng": [
		"0: a block's length is 52 at its start and 808464432 at its end; what follows cannot be read",
	],
	"OISF+suricata-verify/tests/bug-6875-01/fuzz.pcap": [
		"228: record 2 claims 1409179648 captured bytes (at most 262144 are believed); what follows cannot be read",
	],
	"the-tcpdump-group+tcpdump/tests/timestamp_invalid_micro.pcap": [
		"116: record 2 has a sub-second time of 1000000, a second or more",
		"208: record 3 has a sub-second time of 2147483648, a second or more",
	],
	"the-tcpdump-group+tcpdump/tests/bootp_asan.pcap": [
		"24: record 1 has 90 captured bytes, past the file's snap length of 53",
	],
};

const truth = loadTruth();
const skip = truth === null && "the public captures are not here";

test("the public captures are files of all sorts", { skip }, () => {
	assert.ok(loadFiles().length >= 60);
});

for (const expected of loadFiles()) {
	for (const chunkLength of [1 << 20, 61]) {
		const { file } = expected;
		test(`readLog() agrees with others on ${file}, in chunks of ${chunkLength}`, async () => {
			compareAll(await read(file, chunkLength, () => true), expected);
			comparePackets(await read(file, chunkLength, isOfInterest), expected);
		});
	}
}

function loadFiles(): TruthFile[] {
	const file = new URL("truth.jsonl", publicCaptures);
	if (!existsSync(file)) {
		return [];
	}
	return readFileSync(file, "utf8")
		.split("\n")
		.filter((line) => line.includes('"rec": "file"'))
		.map((line): TruthFile => JSON.parse(line));
}

interface Reading {
	readonly told: Collector;
	readonly counts: ReadCounts;
}

async function read(
	file: string,
	highWaterMark: number,
	keep: Keep,
): Promise<Reading> {
	const chunks = createReadStream(new URL(encodeURI(file), publicCaptures), {
		highWaterMark,
	});
	const told = new Collector();
	const log = [{ name: makeSafe(file), interfaceName: null, chunks }];
	const counts = await readLog(log, told, keep, () => true);
	return { told, counts };
}

function compareAll({ told, counts }: Reading, expected: TruthFile): void {
	assert.deepEqual(told.complaints, damages[expected.file] ?? []);
	assert.equal(counts.read, expected.reader_frames);
	assert.equal(told.frames.length, expected.reader_frames);
	const times = told.frames.flatMap(({ time }) => time ?? []);
	assert.equal(times.at(0) ?? null, expected.first_ts_ns);
	assert.equal(times.at(-1) ?? null, expected.last_ts_ns);
}

function comparePackets({ told }: Reading, expected: TruthFile): void {
	const packets = truth?.filter(({ file }) => file === expected.file) ?? [];
	for (const packet of packets) {
		comparePacket(packet, told, expected);
	}
	const traced = told.frames.filter(
		(frame) => decode(frame, told).protocol !== null,
	);
	const known = new Set(packets.map((packet) => packet.packet_no));
	assert.deepEqual(
		traced.filter(({ number }) => !known.has(number)),
		[],
	);
}

function comparePacket(
	packet: TruthPacket,
	told: Collector,
	expected: TruthFile,
): void {
	const frame = told.frames.find(({ number }) => number === packet.packet_no);
	if (frame === undefined) {
		const linkTypes = told.interfaces.map(({ linkType }) => linkType);
		assert.ok(!linkTypes.every(isKnownLinkType), `${packet.packet_no} is lost`);
		return;
	}
	assert.equal(frame.time, toNanoseconds(packet["frame.time_epoch"]));
	assert.equal(
		interfaceOf(frame, told).name,
		nameOfInterface(packet, expected),
	);
	expectFrame(packet, decode(frame, told), frame);
}

/** By section: `frame.interface_name` is that of the first section in all of them. */
function nameOfInterface(
	packet: TruthPacket,
	{ interfaces }: TruthFile,
): string | null {
	if (packet["frame.interface_id"] === undefined) {
		return null;
	}
	const index = Number(packet["frame.interface_id"]);
	const section = Number(packet["frame.section_number"]) - 1;
	const found = interfaces.find(
		(candidate) => candidate.section === section && candidate.id === index,
	);
	const [name = ""] = (found?.name ?? "unknown").split("\0");
	return /^unknown/i.test(name) ? `if${index}` : makeSafe(name);
}

function decode(frame: PlainFrame, told: Collector): Frame {
	const { linkType } = interfaceOf(frame, told);
	return decodeFrame(frame.bytes, frame.length, linkType);
}

function interfaceOf(frame: PlainFrame, told: Collector): CaptureInterface {
	const found = told.interfaces[frame.interface];
	assert.ok(found);
	return found;
}

/** tshark writes seconds with nine decimals; nothing for a packet without a time. */
function toNanoseconds(
	seconds: TruthPacket[string] | undefined,
): string | null {
	return seconds === undefined
		? null
		: String(BigInt(String(seconds).replace(".", "")));
}
