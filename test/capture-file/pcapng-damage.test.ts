import assert from "node:assert/strict";
import { test } from "node:test";
import {
	block,
	enhancedPacket,
	interfaceBlock,
	join,
	type Part,
	raw,
	section,
	simplePacket,
	statistics,
	uint,
} from "./build.js";
import { readCapture } from "./collect.js";

const frame = Buffer.from("01234567", "hex");

/** A section (28 bytes), an interface (24) and a packet (36) that are sound. */
const start = join(section(), interfaceBlock(), enhancedPacket(frame));
const startLength = 88;

/** An option of 12 bytes of which 2 are there. */
const tooLong = join(uint(1, 2), uint(12, 2), raw("xx"));

const cases: readonly {
	readonly title: string;
	readonly damage: Part;
	readonly offset?: number;
	readonly message: string;
	/** Whether the packet behind it is read. */
	readonly goesOn: boolean;
}[] = [
	{
		title: "a packet of an interface that is not described",
		damage: enhancedPacket(frame, { interfaceId: 1 }),
		message:
			"record 2 belongs to interface 1, which the section does not describe",
		goesOn: true,
	},
	{
		title: "statistics of an interface that is not described",
		damage: statistics(7),
		message:
			"a statistics block belongs to interface 7, which the section does not describe",
		goesOn: true,
	},
	{
		title: "a packet that is longer than its block",
		damage: enhancedPacket(frame, { captured: 5 }),
		message: "record 2 claims 5 captured bytes, its block has room for 4",
		goesOn: true,
	},
	{
		title: "a packet whose length is absurd",
		damage: enhancedPacket(frame, { captured: 0xffff_ffff }),
		message:
			"record 2 claims 4294967295 captured bytes, its block has room for 4",
		goesOn: true,
	},
	{
		title: "a simple packet that is longer than its block",
		damage: simplePacket(frame, 9),
		message: "record 2 claims 9 captured bytes, its block has room for 4",
		goesOn: true,
	},
	{
		title: "an option of a packet that is longer than its block",
		damage: enhancedPacket(frame, {}, tooLong),
		message: "a block has an option that is longer than the block",
		goesOn: true,
	},
	{
		title: "an option of statistics that is longer than its block",
		damage: statistics(0, tooLong),
		message: "a block has an option that is longer than the block",
		goesOn: true,
	},
	{
		title: "an option of an interface that is longer than its block",
		damage: block(1, uint(1, 2), uint(0, 2), uint(0, 4), tooLong),
		message: "a block has an option that is longer than the block",
		goesOn: true,
	},
	{
		title: "a packet block too short for its fields",
		damage: block(6, uint(0, 8), uint(0, 8)),
		message: "a block of type 6 has 16 bytes where 20 are needed",
		goesOn: true,
	},
	{
		title: "a block shorter than a block",
		damage: join(uint(6, 4), uint(8, 4), uint(8, 4)),
		message: "a block claims a length of 8 bytes; what follows cannot be read",
		goesOn: false,
	},
	{
		title: "a packet block of a length nobody believes",
		damage: join(uint(6, 4), uint(16_777_220, 4), uint(0, 4)),
		message:
			"a block claims a length of 16777220 bytes (at most 16777216 are believed); what follows cannot be read",
		goesOn: false,
	},
	{
		title: "lengths of a block that differ",
		damage: join(uint(99, 4), uint(16, 4), uint(0, 4), uint(20, 4)),
		message:
			"a block's length is 16 at its start and 20 at its end; what follows cannot be read",
		goesOn: false,
	},
	{
		title: "a section without its magic",
		damage: block(0x0a0d0d0a, uint(0x1a2b3c4e, 4), uint(1, 4), uint(0, 8)),
		message: "a section has no byte-order magic; what follows cannot be read",
		goesOn: false,
	},
	{
		title: "a section of an unknown version",
		damage: block(
			0x0a0d0d0a,
			uint(0x1a2b3c4d, 4),
			uint(2, 2),
			uint(1, 2),
			uint(0, 8),
		),
		message: "a section has version 2.1, which is not known; it is passed over",
		goesOn: false,
	},
	{
		title: "a section too short for its fields",
		damage: block(0x0a0d0d0a, uint(0x1a2b3c4d, 4), uint(1, 4), uint(0, 4)),
		message: "a block of type 168627466 has 12 bytes where 16 are needed",
		goesOn: false,
	},
	{
		title: "an unknown block that claims more than the file has",
		damage: join(uint(99, 4), uint(0xffff_fff0, 4), uint(0, 4)),
		message: "the file ends inside a block, after record 1",
		goesOn: false,
	},
	{
		title: "a known block that claims more than the file has",
		damage: join(uint(6, 4), uint(1_000_000, 4), uint(0, 4)),
		message: "the file ends inside a block, after record 1",
		goesOn: false,
	},
];

for (const { title, damage, message, goesOn } of cases) {
	for (const isBigEndian of [false, true]) {
		const order = isBigEndian ? "big-endian" : "little-endian";
		test(`PcapngReader reports ${title}, ${order}`, () => {
			const bytes = join(start, damage, enhancedPacket(frame))(isBigEndian);
			for (const chunkLength of [bytes.length, 1, 13]) {
				const { frames, complaints } = readCapture(bytes, { chunkLength });
				assert.deepEqual(complaints, [`${startLength}: ${message}`]);
				const behind = frames.filter(
					({ number, bytes }) => number > 1 && frame.equals(bytes),
				);
				assert.equal(behind.length > 0, goesOn);
				assert.equal(frames[0]?.number, 1);
			}
		});
	}
}

test("PcapngReader reports a file that ends inside a block", () => {
	const whole = join(start, enhancedPacket(frame))(false);
	for (let length = startLength + 1; length < whole.length; length++) {
		const { frames, complaints } = readCapture(whole.subarray(0, length));
		assert.equal(frames.length, 1);
		assert.deepEqual(complaints, [
			"88: the file ends inside a block, after record 1",
		]);
	}
});

test("PcapngReader says that a simple packet has no interface", () => {
	const { complaints, counts } = readCapture(
		join(section(), simplePacket(frame))(false),
	);
	assert.deepEqual(complaints, [
		"28: record 1 belongs to interface 0, which the section does not describe",
	]);
	assert.deepEqual(counts, { read: 1, untimed: 1 });
});

test("PcapngReader reads the section behind one of an unknown version", () => {
	const unknown = block(
		0x0a0d0d0a,
		uint(0x1a2b3c4d, 4),
		uint(0, 2),
		uint(1, 2),
		uint(0, 8),
	);
	const { frames, complaints } = readCapture(
		join(unknown, interfaceBlock(), enhancedPacket(frame), start)(false),
	);
	assert.equal(frames.length, 1);
	assert.deepEqual(complaints, [
		"0: a section has version 0.1, which is not known; it is passed over",
	]);
});
