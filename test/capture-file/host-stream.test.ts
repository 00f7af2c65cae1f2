import assert from "node:assert/strict";
import { test } from "node:test";
import {
	enhancedPacket,
	interfaceBlock,
	join,
	option,
	type Part,
	section,
	simplePacket,
	splitTime,
	statistics,
	uint,
} from "./build.js";
import {
	hostBytes,
	hostPacket,
	logStart,
	logTimeNs,
	partText,
	tickText,
} from "./build-host.js";
import { type Reading, readCapture } from "./collect.js";

const frame = Buffer.from("0123456789abcd", "hex");
const statements = [{ source: "ip", output: { a: ["ä", 1] }, gap: null }];
const json = JSON.stringify(statements);
const vnet0 = interfaceBlock({ name: "vnet0", tsresol: 9 });
const packet = enhancedPacket(frame, { interfaceId: 1, time: logTimeNs + 1n });

function read(...parts: readonly Part[]): Reading {
	return readCapture(join(...parts)(false));
}

/** Complaints without their offsets. */
function messagesOf({ damages }: Reading): string[] {
	return damages.map(({ message }) => message);
}

test("PcapngReader hands documents and ticks on, and no frame of their interface", () => {
	const kept: number[] = [];
	const bytes = join(
		logStart(),
		vnet0,
		hostPacket(partText("host-links", 1, [1, 1], json)),
		packet,
		hostPacket(tickText(logTimeNs + 7n, 3), logTimeNs + 7n),
		packet,
	)(true);
	const reading = readCapture(bytes, {
		keep: (_bytes, start) => kept.push(start) > 0,
	});
	assert.deepEqual(reading.documents, [
		{
			source: 0,
			document: { type: "host-links", statements },
			time: String(logTimeNs),
		},
	]);
	assert.deepEqual(reading.ticks, [
		{
			source: 0,
			tick: {
				until: { seconds: 1_700_000_000, nanos: 7 },
				dropsTotal: 3,
				monotonic: { seconds: 5, nanos: 7 },
			},
		},
	]);
	assert.deepEqual(
		reading.frames.map(({ interface: id, number }) => [id, number]),
		[
			[0, 2],
			[0, 4],
		],
	);
	assert.equal(kept.length, 2);
	assert.deepEqual(
		reading.interfaces.map(({ id, name, isContinuous }) => [
			id,
			name,
			isContinuous,
		]),
		[[0, "vnet0", true]],
	);
	assert.deepEqual(reading.counts, { read: 2, untimed: 0 });
	assert.deepEqual(messagesOf(reading), []);
});

test("PcapngReader takes a file to begin with its first frame and to reach to its last tick", () => {
	const early = hostPacket(partText("host-links", 1, [1, 1], json), 5n);
	const tick = hostPacket(tickText(logTimeNs + 9n, 0), logTimeNs + 9n);
	const first = { seconds: 1_700_000_000, nanos: 1 };
	const latest = { seconds: 1_700_000_000, nanos: 9 };
	const disorderNs = 2_000_000_000;
	assert.deepEqual(read(logStart(), vnet0, early, packet, tick).span, {
		first,
		latest,
		disorderNs,
	});
	assert.deepEqual(read(logStart(), vnet0, early, tick).span, {
		first: null,
		latest,
		disorderNs,
	});
	assert.deepEqual(read(logStart(), early).span, {
		first: null,
		latest: null,
		disorderNs,
	});
});

test("PcapngReader goes by a tick's frame where times were shifted", () => {
	const shifted = hostPacket(tickText(logTimeNs, 0), logTimeNs + 3_600n);
	const { ticks } = read(logStart(), shifted);
	assert.deepEqual(ticks[0]?.tick.until, {
		seconds: 1_700_000_000,
		nanos: 3_600,
	});
});

test("PcapngReader tells of interfaces of a log as soon as they are described", () => {
	const { order } = read(
		logStart(),
		vnet0,
		hostPacket(partText("host-links", 1, [1, 1], json)),
		interfaceBlock({ name: "br0" }),
		packet,
	);
	assert.deepEqual(
		order.map((told) => Object.keys(told as object)[0]),
		["id", "source", "id", "interface"],
	);
});

test("PcapngReader finds the documents of a log that was merged", () => {
	const reading = read(
		section(option(4, () => Buffer.from("Mergecap 4.0.17"))),
		interfaceBlock({ name: "eth0" }),
		interfaceBlock({ name: "vmpath:host", tsresol: 9 }),
		interfaceBlock({ name: "vmpath:host", tsresol: 6 }),
		hostPacket(partText("host-links", 1, [1, 2], json.slice(0, 9)), 5n, 1),
		hostPacket(partText("host-fdb", 1, [1, 1], "[]"), 7n, 2),
		hostPacket(partText("host-links", 1, [2, 2], json.slice(9)), 5n, 1),
		enhancedPacket(frame),
	);
	assert.deepEqual(
		reading.documents.map(({ document, time }) => [
			document.type,
			document.statements,
			time,
		]),
		[
			["host-fdb", [], "7000"],
			["host-links", statements, "5"],
		],
	);
	assert.deepEqual(
		reading.interfaces.map(({ name, isContinuous }) => [name, isContinuous]),
		[["eth0", false]],
	);
	assert.deepEqual(messagesOf(reading), []);
});

test("PcapngReader takes an interface of another link type for what it is", () => {
	const { interfaces, frames, documents } = read(
		section(),
		interfaceBlock({ name: "vmpath:host", linkType: 113 }),
		hostPacket(partText("host-links", 1, [1, 1], json)),
	);
	assert.equal(interfaces.length, 1);
	assert.equal(frames.length, 1);
	assert.deepEqual(documents, []);
});

test("PcapngReader tells when counters were read, among the frames of a log", () => {
	const counters = (time: bigint, dropped: number) =>
		statistics(1, option(3, splitTime(time)), option(5, uint(dropped, 8)));
	const reading = read(
		logStart(),
		vnet0,
		counters(logTimeNs - 50n, 0),
		packet,
		hostPacket(tickText(logTimeNs + 90n, 0), logTimeNs + 90n),
		counters(logTimeNs + 40n, 4),
		counters(logTimeNs + 95n, 6),
		statistics(1, option(5, uint(6, 8))),
		statistics(0, option(5, uint(9, 8))),
	);
	assert.deepEqual(
		reading.drops.map(({ dropped }) => dropped),
		[0, 4, 6, 6],
	);
	assert.deepEqual(reading.dropTimes, [
		String(logTimeNs - 50n),
		String(logTimeNs + 40n),
		String(logTimeNs + 95n),
		null,
	]);
	assert.deepEqual(reading.span.first, { seconds: 1_700_000_000, nanos: 1 });
	assert.deepEqual(reading.span.latest, { seconds: 1_700_000_000, nanos: 90 });
});

const broken: readonly {
	readonly title: string;
	readonly damage: readonly Part[];
	readonly messages: readonly string[];
}[] = [
	{
		title: "a frame that is no JSON",
		damage: [hostPacket("{type:tick}")],
		messages: [
			"record 1 of vmpath:host does not begin with a line of JSON that names a type",
		],
	},
	{
		title: "a frame that was cut",
		damage: [
			enhancedPacket(hostBytes(tickText(1n, 0)).subarray(0, 60), {
				length: 100,
			}),
		],
		messages: ["record 1 of vmpath:host is cut to 60 of 100 bytes"],
	},
	{
		title: "a frame without a time",
		damage: [simplePacket(hostBytes(tickText(1n, 0)))],
		messages: ["record 1 of vmpath:host has no time"],
	},
	{
		title: "a frame that is longer than its block",
		damage: [enhancedPacket(hostBytes(""), { captured: 17 })],
		messages: ["record 1 claims 17 captured bytes, its block has room for 16"],
	},
	{
		title: "an absurd count of parts",
		damage: [hostPacket(partText("host-fdb", 1, [1, 1e9], "["))],
		messages: [
			"record 1 of vmpath:host claims 1000000000 parts of host-fdb (at most 4096 are believed)",
		],
	},
	{
		title: "parts in the wrong order",
		damage: [
			hostPacket(partText("host-fdb", 1, [2, 3], "1")),
			hostPacket(partText("host-fdb", 1, [3, 3], "]")),
			hostPacket(partText("host-fdb", 1, [1, 3], "[")),
		],
		messages: [
			"the document host-fdb (id 1) lacks part 1 of 3",
			"the document host-fdb (id 1) lacks part 2 of 3",
		],
	},
	{
		title: "a part that is missing",
		damage: [
			hostPacket(partText("host-fdb", 1, [1, 4], "[")),
			hostPacket(partText("host-fdb", 1, [3, 4], "1")),
			hostPacket(partText("host-fdb", 1, [4, 4], "]")),
		],
		messages: ["the document host-fdb (id 1) lacks part 2 of 4"],
	},
	{
		title: "a document that another one breaks off",
		damage: [
			hostPacket(partText("host-fdb", 1, [1, 2], "[")),
			hostPacket(partText("host-fdb", 2, [2, 2], "]")),
		],
		messages: [
			"the document host-fdb (id 1) lacks part 2 of 2",
			"the document host-fdb (id 2) lacks part 1 of 2",
		],
	},
	{
		title: "a document whose count of parts changes",
		damage: [
			hostPacket(partText("host-fdb", 1, [1, 3], "[")),
			hostPacket(partText("host-fdb", 1, [2, 2], "]")),
		],
		messages: ["the document host-fdb (id 1) lacks part 2 of 3"],
	},
	{
		title: "a document that is no JSON",
		damage: [hostPacket(partText("host-fdb", 1, [1, 1], "[,]"))],
		messages: ["the document host-fdb (id 1) is not a JSON array"],
	},
	{
		title: "a document that is not UTF-8",
		damage: [
			hostPacket(
				Buffer.from(partText("host-fdb", 1, [1, 1], '["\xff"]'), "latin1"),
			),
		],
		messages: ["the document host-fdb (id 1) is not a JSON array"],
	},
	{
		title: "a document with a bad statement",
		damage: [hostPacket(partText("host-fdb", 1, [1, 1], "[{}]"))],
		messages: [
			"the document host-fdb (id 1) has a statement 1 without a source, an output or a gap",
		],
	},
	{
		title: "types of a later version, once",
		damage: [
			hostPacket(partText("host-quantum", 1, [1, 2], "{")),
			hostPacket(partText("host-quantum", 1, [2, 2], "}")),
			hostPacket(partText("host-other", 2, [1, 1], "")),
		],
		messages: [
			'host documents such as "host-quantum" are of a later version and are passed over',
		],
	},
];

for (const { title, damage, messages } of broken) {
	test(`PcapngReader reports ${title}, and goes on`, () => {
		for (const isBigEndian of [false, true]) {
			const bytes = join(
				logStart(),
				...damage,
				hostPacket(partText("host-links", 9, [1, 1], json)),
				vnet0,
				packet,
			)(isBigEndian);
			for (const chunkLength of [bytes.length, 7]) {
				const reading = readCapture(bytes, { chunkLength });
				assert.deepEqual(messagesOf(reading), messages);
				assert.deepEqual(
					reading.documents.map(({ document }) => document),
					[{ type: "host-links", statements }],
				);
				assert.equal(reading.frames[0]?.number, damage.length + 2);
			}
		}
	});
}

test("PcapngReader reports a document whose section ends", () => {
	const half = hostPacket(partText("host-fdb", 1, [1, 2], "["));
	const message = "the document host-fdb (id 1) lacks part 2 of 2";
	const start = join(logStart(), half)(false);
	assert.deepEqual(readCapture(start).complaints, [
		`${logStart()(false).length}: ${message}`,
	]);
	const more = Buffer.concat([start, section()(true)]);
	assert.deepEqual(readCapture(more).complaints, [
		`${start.length}: ${message}`,
	]);
	const cut = Buffer.concat([start, packet(false).subarray(0, 9)]);
	assert.deepEqual(readCapture(cut).complaints, [
		`${start.length}: the file ends inside a block, after record 1`,
	]);
});

test("PcapngReader gives up on a document that is too long, and forgets it", () => {
	const slice = "x".repeat(261_000);
	const parts = 260;
	const packets = Array.from({ length: parts }, (_, index) =>
		hostPacket(partText("host-fdb", 1, [index + 1, parts], slice))(false),
	);
	const reading = readCapture(
		Buffer.concat([
			logStart()(false),
			...packets,
			hostPacket(partText("host-links", 9, [1, 1], json))(false),
		]),
		{ chunkLength: 1 << 20 },
	);
	assert.deepEqual(messagesOf(reading), [
		"the document host-fdb (id 1) is longer than 67108864 bytes",
	]);
	assert.equal(reading.documents.length, 1);
});
