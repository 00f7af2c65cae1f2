import assert from "node:assert/strict";
import { test } from "node:test";
import {
	block,
	endOfOptions,
	enhancedPacket,
	interfaceBlock,
	join,
	obsoletePacket,
	option,
	raw,
	section,
	simplePacket,
	uint,
} from "./build.js";
import { Collector, cut, openCapture, readCapture } from "./collect.js";

const frame = Buffer.from("0123456789abcd", "hex");
const other = Buffer.from("ffeeddccbbaa9988", "hex");

/** epb_flags and pack_flags. */
const flags = (value: number) => option(2, uint(value, 4));
const comment = (text: string) => option(1, raw(text));

for (const isBigEndian of [false, true]) {
	const order = isBigEndian ? "big-endian" : "little-endian";

	test(`PcapngReader reads enhanced packets, ${order}`, () => {
		const reading = readCapture(
			join(
				section(comment("of the section"), endOfOptions),
				interfaceBlock(
					{ name: "vnet0", snapLength: 100 },
					comment("of a port"),
				),
				interfaceBlock({ name: "br0", linkType: 113 }),
				enhancedPacket(frame, { interfaceId: 1, length: 60 }, flags(1)),
				enhancedPacket(other, {}, comment("hi"), flags(2), endOfOptions),
				enhancedPacket(other, {}, flags(0)),
				enhancedPacket(other, {}, flags(0xffff_fffe)),
			)(isBigEndian),
		);
		assert.deepEqual(reading.interfaces, [
			{
				id: 0,
				source: 0,
				name: "br0",
				linkType: 113,
				isContinuous: false,
				snapLength: 262_144,
			},
			{
				id: 1,
				source: 0,
				name: "vnet0",
				linkType: 1,
				isContinuous: false,
				snapLength: 100,
			},
		]);
		const time = "1700000000000000000";
		const plain = { time, comment: null, direction: null };
		const ofOther = { ...plain, interface: 1, bytes: other, length: 8 };
		assert.deepEqual(reading.frames, [
			{
				...plain,
				interface: 0,
				number: 1,
				bytes: frame,
				length: 60,
				direction: "in",
			},
			{ ...ofOther, number: 2, direction: "out", comment: "hi" },
			{ ...ofOther, number: 3 },
			{ ...ofOther, number: 4, direction: "out" },
		]);
		assert.deepEqual(reading.comments, [
			{ source: 0, comment: "of the section" },
			{ source: 0, comment: "of a port" },
		]);
		assert.deepEqual(reading.counts, { read: 4, untimed: 0 });
		assert.deepEqual(reading.complaints, []);
	});

	test(`PcapngReader reads obsolete packets, ${order}`, () => {
		const { frames, drops, complaints } = readCapture(
			join(
				section(),
				interfaceBlock(),
				interfaceBlock(),
				obsoletePacket(frame, { interfaceId: 1 }, flags(1)),
				obsoletePacket(other, { interfaceId: 1, dropped: 3 }),
				obsoletePacket(other, { interfaceId: 1, dropped: 2 }),
			)(isBigEndian),
		);
		assert.deepEqual(
			frames.map(({ number, bytes, direction }) => [number, bytes, direction]),
			[
				[1, frame, "in"],
				[2, other, null],
				[3, other, null],
			],
		);
		assert.deepEqual(drops, [
			{ interface: 0, dropped: 3 },
			{ interface: 0, dropped: 5 },
		]);
		assert.deepEqual(complaints, []);
	});

	test(`PcapngReader reads simple packets, which have no time, ${order}`, () => {
		const { frames, counts, span } = readCapture(
			join(
				section(),
				interfaceBlock({ snapLength: 6 }),
				simplePacket(frame.subarray(0, 6), 7),
				simplePacket(frame.subarray(0, 5), 5),
			)(isBigEndian),
		);
		assert.deepEqual(
			frames.map(({ time, bytes, length }) => [time, bytes, length]),
			[
				[null, frame.subarray(0, 6), 7],
				[null, frame.subarray(0, 5), 5],
			],
		);
		assert.deepEqual(counts, { read: 2, untimed: 2 });
		assert.equal(span.first, null);
	});
}

test("PcapngReader reads sections with a byte order and interfaces of their own", () => {
	const bytes = Buffer.concat([
		join(
			section(),
			interfaceBlock({ name: "a" }),
			interfaceBlock({ name: "unused" }),
			enhancedPacket(frame),
		)(false),
		join(
			section(),
			interfaceBlock({ name: "b", tsresol: 9 }),
			enhancedPacket(frame, { time: 1_000_000_001n }),
		)(true),
		join(
			section(),
			interfaceBlock({ name: "c" }),
			enhancedPacket(frame),
		)(false),
	]);
	const { interfaces, frames, complaints } = readCapture(bytes);
	assert.deepEqual(
		interfaces.map(({ id, name }) => [id, name]),
		[
			[0, "a"],
			[1, "unused"],
			[2, "b"],
			[3, "c"],
		],
	);
	assert.deepEqual(
		frames.map(({ interface: id, number, time }) => [id, number, time]),
		[
			[0, 1, "1700000000000000000"],
			[2, 2, "1000000001"],
			[3, 3, "1700000000000000000"],
		],
	);
	assert.deepEqual(complaints, []);
});

test("PcapngReader counts all packets and hands on those that are kept", () => {
	const { interfaces, frames, counts } = readCapture(
		join(
			section(),
			interfaceBlock({ name: "quiet" }),
			interfaceBlock({ name: "busy", linkType: 276 }),
			enhancedPacket(other),
			enhancedPacket(frame, { interfaceId: 1 }),
		)(false),
		{
			keep: (bytes, start, end, linkType) =>
				linkType === 276 && frame.equals(bytes.subarray(start, end)),
		},
	);
	assert.deepEqual(
		frames.map(({ number }) => number),
		[2],
	);
	assert.equal(counts.read, 2);
	assert.deepEqual(
		interfaces.map(({ name }) => name),
		["busy", "quiet"],
	);
});

test("PcapngReader passes over blocks it has no use for", () => {
	const { frames, complaints } = readCapture(
		join(
			section(),
			block(4, uint(0, 4)), // Name Resolution
			interfaceBlock(),
			block(0x0bad, uint(32_473, 4), raw("custom")), // Custom
			block(10, raw("")), // Decryption Secrets, empty
			block(0x8000_0001, raw(Buffer.alloc(500, 1))),
			enhancedPacket(frame),
		)(true),
	);
	assert.equal(frames.length, 1);
	assert.deepEqual(complaints, []);
});

test("PcapngReader passes over an unknown block that is too big to hold", () => {
	const size = 16 * 1024 * 1024 + 4;
	const bytes = join(
		section(),
		interfaceBlock(),
		block(0x0bad, raw(Buffer.alloc(size))),
		enhancedPacket(frame),
	)(false);
	for (const chunkLength of [bytes.length, 1 << 20]) {
		const { frames, complaints } = readCapture(bytes, { chunkLength });
		assert.equal(frames.length, 1);
		assert.deepEqual(complaints, []);
	}
});

test("PcapngReader hands a packet on as soon as its last byte is there", () => {
	const collector = new Collector();
	const reader = openCapture(collector);
	reader.write(join(section(), interfaceBlock())(false));
	const packet = enhancedPacket(frame)(false);
	for (const byte of cut(packet.subarray(0, -1), 1)) {
		reader.write(byte);
	}
	assert.equal(collector.frames.length, 0);
	reader.write(packet.subarray(-1));
	assert.equal(collector.frames.length, 1);
	reader.end();
	assert.deepEqual(collector.complaints, []);
});

test("PcapngReader rounds up a block's length that is no multiple of four", () => {
	const odd = join(uint(0x0bad, 4), uint(13, 4), raw("x\0\0\0"), uint(13, 4));
	const { frames, complaints } = readCapture(
		join(section(), interfaceBlock(), odd, enhancedPacket(frame))(false),
	);
	assert.equal(frames.length, 1);
	assert.deepEqual(complaints, []);
});

test("an interface is continuous when one process captured all, or it is alone", () => {
	const read = (application: string, ...names: readonly string[]) =>
		readCapture(
			join(
				section(option(4, raw(application)), endOfOptions),
				...names.map((name) => interfaceBlock({ name })),
				enhancedPacket(frame),
			)(false),
		).interfaces.map(({ isContinuous }) => isContinuous);
	const dumpcap = "Dumpcap (Wireshark) 4.0.17 (Git v4.0.17)";
	assert.deepEqual(read(dumpcap, "vnet0", "br0"), [true, true]);
	assert.deepEqual(read("Mergecap 4.0.17", "vnet0", "br0"), [false, false]);
	assert.deepEqual(read("Mergecap 4.0.17", "vnet0"), [true]);
});
