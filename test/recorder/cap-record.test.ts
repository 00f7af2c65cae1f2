import assert from "node:assert/strict";
import { test } from "node:test";
import {
	createHeader,
	headerLength,
	RecordCutter,
	type RecordHeader,
	readHeader,
	recordKind,
	writeHeader,
} from "../../src/recorder/cap-record.js";

/** "vcap", a frame, 2 of 3 bytes, outbound, at 0x01020304 s and 5 ns; then the bytes. */
const record = Buffer.from(
	"76636170 00000000 02000000 03000000 02000000 04030201 05000000 abcd".replaceAll(
		" ",
		"",
	),
	"hex",
);

const header: RecordHeader = {
	kind: recordKind.frame,
	captured: 2,
	length: 3,
	flags: 2,
	seconds: 0x01020304,
	nanos: 5,
};

test("writeHeader() writes seven numbers, readHeader() reads them", () => {
	const bytes = Buffer.alloc(headerLength + 3);
	writeHeader(bytes, 3, header, header);
	assert.deepEqual(bytes.subarray(3), record.subarray(0, headerLength));
	const read = createHeader();
	readHeader(bytes, 3, read);
	assert.deepEqual(read, header);
});

test("readHeader() refuses what is no header, and frames that cannot be", () => {
	const other = Buffer.from(record);
	other[0] = 0;
	assert.throws(() => readHeader(other, 0, createHeader()), RangeError);
	const long = Buffer.from(record);
	long.writeUInt32LE(65_536, 8);
	assert.throws(() => readHeader(long, 0, createHeader()), RangeError);
});

test("RecordCutter cuts whole records, wherever the pipe cuts", () => {
	const bytes = Buffer.concat([record, record, record]);
	for (let size = 1; size <= bytes.length; size += 1) {
		const cutter = new RecordCutter();
		const seen: string[] = [];
		const whole: Buffer[] = [];
		for (let at = 0; at < bytes.length; at += size) {
			whole.push(
				cutter.cut(bytes.subarray(at, at + size), (read, buffer, start) => {
					assert.deepEqual(read, header);
					seen.push(buffer.toString("hex", start, start + read.captured));
				}),
			);
		}
		assert.deepEqual(seen, ["abcd", "abcd", "abcd"], `chunks of ${size}`);
		assert.deepEqual(Buffer.concat(whole), bytes);
		assert.ok(whole.every(({ length }) => length % record.length === 0));
	}
});
