import assert from "node:assert/strict";
import { test } from "node:test";
import { join, magic, pcapHeader, pcapRecord, raw } from "./build.js";
import { readCapture } from "./collect.js";

const frame = Buffer.from("0123456789abcdef", "hex");
const other = Buffer.from("ffeeddccbbaa", "hex");

const damaged = [
	{
		title: "a file that ends in its header",
		bytes: join(pcapHeader())(false).subarray(0, 23),
		frames: [],
		complaints: [
			"0: the file ends inside the file header: 23 bytes of it are there",
		],
	},
	{
		title: "a file that ends in a record's header",
		bytes: join(pcapHeader(), pcapRecord(frame), raw("12345"))(false),
		frames: [1],
		complaints: ["48: the file ends inside record 2: 5 bytes of it are there"],
	},
	{
		title: "a file that ends in a record's bytes",
		bytes: join(
			pcapHeader(),
			pcapRecord(frame),
			pcapRecord(other),
		)(false).subarray(0, -1),
		frames: [1],
		complaints: ["48: the file ends inside record 2: 21 bytes of it are there"],
	},
	{
		title: "a captured length nobody believes",
		bytes: join(
			pcapHeader(),
			pcapRecord(frame),
			pcapRecord(other, { captured: 262_145 }),
			pcapRecord(frame),
		)(false),
		frames: [1],
		complaints: [
			"48: record 2 claims 262145 captured bytes (at most 262144 are believed); what follows cannot be read",
		],
	},
	{
		title: "a captured length past the snap length",
		bytes: join(
			pcapHeader({ snapLength: 7 }),
			pcapRecord(other),
			pcapRecord(frame),
			pcapRecord(other),
		)(false),
		frames: [1, 2, 3],
		complaints: [
			"46: record 2 has 8 captured bytes, past the file's snap length of 7",
		],
	},
	{
		title: "a snap length of 0, which sets no limit",
		bytes: join(pcapHeader({ snapLength: 0 }), pcapRecord(frame))(false),
		frames: [1],
		complaints: [],
	},
	{
		title: "microseconds of a second or more",
		bytes: join(
			pcapHeader(),
			pcapRecord(frame, { subSecond: 1_000_000 }),
		)(false),
		frames: [1],
		complaints: [
			"24: record 1 has a sub-second time of 1000000, a second or more",
		],
	},
	{
		title: "nanoseconds of a second or more",
		bytes: join(
			pcapHeader({ magic: magic.nano }),
			pcapRecord(frame, { subSecond: 999_999_999 }),
			pcapRecord(frame, { subSecond: 1_000_000_000 }),
		)(false),
		frames: [1, 2],
		complaints: [
			"48: record 2 has a sub-second time of 1000000000, a second or more",
		],
	},
	{
		title: "a version that is not 2.4",
		bytes: join(pcapHeader({ version: [1, 4] }), pcapRecord(frame))(false),
		frames: [1],
		complaints: ["0: version 1.4 is not 2.4; read as if it were"],
	},
];

for (const { title, bytes, frames, complaints } of damaged) {
	for (const chunkLength of [bytes.length, 1, 7]) {
		test(`PcapReader reports ${title}, in chunks of ${chunkLength}`, () => {
			const reading = readCapture(bytes, { chunkLength });
			assert.deepEqual(reading.complaints, complaints);
			assert.deepEqual(
				reading.frames.map(({ number }) => number),
				frames,
			);
		});
	}
}

test("PcapReader carries a second that the sub-second field holds", () => {
	const { frames } = readCapture(
		join(pcapHeader(), pcapRecord(frame, { subSecond: 2_000_001 }))(false),
	);
	assert.equal(frames[0]?.time, "1700000002000001000");
});
