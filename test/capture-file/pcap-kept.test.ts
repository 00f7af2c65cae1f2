import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptRecords } from "../../src/capture-file/pcap-kept.js";
import { join, pcapHeader, pcapRecord } from "./build.js";

test("KeptRecords has pcap-parser parse the records that were added", () => {
	const parsed: unknown[] = [];
	const kept = new KeptRecords(pcapHeader()(true), ({ header, data }, number) =>
		parsed.push({ ...header, data: data.toString("latin1"), number }),
	);
	const one = pcapRecord(Buffer.from("one"), { subSecond: 1 })(true);
	const modified = pcapRecord(Buffer.from("three"), {
		subSecond: 3,
		length: 60,
		isModified: true,
	})(true);
	kept.add(one, { start: 0, data: 16, end: one.length }, 1);
	kept.add(modified, { start: 0, data: 24, end: modified.length }, 3);
	assert.deepEqual(parsed, []);
	kept.flush();
	kept.flush();
	assert.deepEqual(parsed, [
		{
			timestampSeconds: 1_700_000_000,
			timestampMicroseconds: 1,
			capturedLength: 3,
			originalLength: 3,
			data: "one",
			number: 1,
		},
		{
			timestampSeconds: 1_700_000_000,
			timestampMicroseconds: 3,
			capturedLength: 5,
			originalLength: 60,
			data: "three",
			number: 3,
		},
	]);
});

test("KeptRecords gives numbers on from one flush to the next", () => {
	const numbers: number[] = [];
	const kept = new KeptRecords(pcapHeader()(false), (_packet, number) =>
		numbers.push(number),
	);
	const bytes = join(pcapRecord(Buffer.alloc(9)))(false);
	for (const number of [2, 5, 11]) {
		kept.add(bytes, { start: 0, data: 16, end: bytes.length }, number);
		kept.flush();
	}
	assert.deepEqual(numbers, [2, 5, 11]);
});
