import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { type Packet, parse } from "pcap-parser";
import { join, magic, pcapHeader, pcapRecord } from "./build.js";
import { Collector, cut, openCapture, readCapture } from "./collect.js";

const frame = Buffer.from("0123456789abcdef", "hex");
const other = Buffer.from("ffeeddccbbaa", "hex");

for (const isBigEndian of [false, true]) {
	const order = isBigEndian ? "big-endian" : "little-endian";

	test(`PcapReader reads microseconds, ${order}`, () => {
		const { interfaces, frames, counts, complaints } = readCapture(
			join(
				pcapHeader({ linkType: 113, snapLength: 65_535 }),
				pcapRecord(frame, { subSecond: 999_999 }),
				pcapRecord(other, { seconds: 1, subSecond: 2, length: 1514 }),
			)(isBigEndian),
			{ interfaceName: "vnet0" },
		);
		assert.deepEqual(interfaces, [
			{
				id: 0,
				source: 0,
				name: "vnet0",
				linkType: 113,
				isContinuous: true,
				snapLength: 65_535,
			},
		]);
		assert.deepEqual(frames, [
			{
				interface: 0,
				number: 1,
				time: "1700000000999999000",
				bytes: frame,
				length: 8,
				direction: null,
				comment: null,
			},
			{
				interface: 0,
				number: 2,
				time: "1000002000",
				bytes: other,
				length: 1514,
				direction: null,
				comment: null,
			},
		]);
		assert.deepEqual(counts, { read: 2, untimed: 0 });
		assert.deepEqual(complaints, []);
	});

	test(`PcapReader reads nanoseconds, ${order}`, () => {
		const { frames } = readCapture(
			join(
				pcapHeader({ magic: magic.nano }),
				pcapRecord(frame, { subSecond: 999_999_999 }),
			)(isBigEndian),
		);
		assert.deepEqual(
			frames.map(({ time, bytes }) => [time, bytes]),
			[["1700000000999999999", frame]],
		);
	});

	test(`PcapReader reads the modified format, ${order}`, () => {
		const { frames, complaints } = readCapture(
			join(
				pcapHeader({ magic: magic.modified }),
				pcapRecord(frame, { subSecond: 5, isModified: true }),
				pcapRecord(other, { isModified: true }),
			)(isBigEndian),
		);
		assert.deepEqual(
			frames.map(({ time, bytes }) => [time, bytes]),
			[
				["1700000000000005000", frame],
				["1700000000000000000", other],
			],
		);
		assert.deepEqual(complaints, []);
	});
}

test("PcapReader leaves the flags above the link type alone", () => {
	// Four bytes of FCS behind each frame: f 1, length 2 (in units of 16 bits).
	const { interfaces } = readCapture(
		pcapHeader({ linkType: 0x2400_0001 })(false),
	);
	assert.equal(interfaces[0]?.linkType, 1);
});

test("PcapReader counts all records and hands on those that are kept", () => {
	const seen: string[] = [];
	const { frames, counts } = readCapture(
		join(
			pcapHeader({ linkType: 12 }),
			pcapRecord(other),
			pcapRecord(frame),
			pcapRecord(other),
			pcapRecord(frame),
		)(false),
		{
			keep: (bytes, start, end, linkType) => {
				seen.push(`${linkType} ${end - start}`);
				return bytes[start] === 0x01;
			},
		},
	);
	assert.deepEqual(seen, ["12 6", "12 8", "12 6", "12 8"]);
	assert.deepEqual(
		frames.map(({ number, bytes }) => [number, bytes]),
		[
			[2, frame],
			[4, frame],
		],
	);
	assert.equal(counts.read, 4);
});

test("PcapReader keeps more in one chunk than a batch holds", () => {
	const big = Buffer.alloc(50_000, 7);
	const huge = Buffer.alloc(262_144, 8);
	const datas = [frame, big, big, huge, frame, huge, big];
	const { frames } = readCapture(
		join(pcapHeader(), ...datas.map((data) => pcapRecord(data)))(false),
	);
	assert.deepEqual(
		frames.map(({ number, bytes }) => [number, bytes]),
		datas.map((data, index) => [index + 1, data]),
	);
});

test("PcapReader hands a record on as soon as its last byte is there", () => {
	const collector = new Collector();
	const reader = openCapture(collector);
	const header = pcapHeader()(false);
	const record = pcapRecord(frame)(false);
	reader.write(header);
	assert.equal(collector.interfaces.length, 1);
	for (const byte of cut(record.subarray(0, -1), 1)) {
		reader.write(byte);
	}
	assert.equal(collector.frames.length, 0);
	reader.write(record.subarray(-1));
	assert.equal(collector.frames.length, 1);
	reader.end();
	assert.deepEqual(collector.complaints, []);
});

test("PcapReader knows the earliest and the latest time of all records", () => {
	const { span } = readCapture(
		join(
			pcapHeader(),
			pcapRecord(frame, { seconds: 5, subSecond: 2 }),
			pcapRecord(frame, { seconds: 5, subSecond: 1 }),
			pcapRecord(frame, { seconds: 7, subSecond: 1_500_000 }),
			pcapRecord(frame, { seconds: 8, subSecond: 499_999 }),
		)(false),
		{ keep: () => false },
	);
	assert.deepEqual(span, {
		first: { seconds: 5, nanos: 1_000 },
		latest: { seconds: 8, nanos: 500_000_000 },
		disorderNs: 100_000_000,
	});
});

test("PcapReader gives pcap-parser the kept records and no others", (context) => {
	const stream = new PassThrough();
	const parsed: Buffer[] = [];
	context.mock.method(
		Object.getPrototypeOf(parse(stream)),
		"emit",
		function (this: EventEmitter, event: string, ...values: unknown[]) {
			if (event === "packet") {
				parsed.push(Buffer.from((values[0] as Packet).data));
			}
			return EventEmitter.prototype.emit.call(this, event, ...values);
		},
	);
	const { frames } = readCapture(
		join(
			pcapHeader({ magic: magic.nano }),
			pcapRecord(other),
			pcapRecord(frame),
			pcapRecord(other),
			pcapRecord(frame),
		)(true),
		{ keep: (_bytes, start, end) => end - start === frame.length },
	);
	assert.deepEqual(parsed, [frame, frame]);
	assert.equal(frames.length, 2);
});
