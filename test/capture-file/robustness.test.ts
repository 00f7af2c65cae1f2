import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isOfInterest } from "../../src/wire/interest.js";
import { interfaceBlock, join, pcapHeader, section, uint } from "./build.js";
import { captures } from "./captures.js";
import { Collector, cut, openCapture, readCapture } from "./collect.js";

for (const [name, bytes] of Object.entries(captures)) {
	test(`a sound capture is read without complaint: ${name}`, () => {
		const { complaints, frames, counts } = readCapture(bytes);
		assert.deepEqual(complaints, []);
		assert.equal(frames.length, counts.read);
		assert.ok(frames.length >= 4);
	});

	test(`chunks of any size tell the same in the same order: ${name}`, () => {
		const whole = readCapture(bytes);
		for (let length = 1; length < bytes.length; length++) {
			expectSame(readCapture(bytes, { chunkLength: length }), whole);
		}
	});

	test(`chunks of many sizes tell the same in the same order: ${name}`, () => {
		const whole = readCapture(bytes);
		const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }));
		fc.assert(
			fc.property(cuts, (places) => {
				const told = new Collector();
				const reader = openCapture(told);
				const sorted = [0, ...places.sort((a, b) => a - b), bytes.length];
				for (const [index, place] of sorted.entries()) {
					reader.write(Buffer.from(bytes.subarray(place, sorted[index + 1])));
				}
				reader.end();
				assert.deepEqual(told.order, whole.order);
			}),
		);
	});

	test(`the start of a capture gives the first of its frames: ${name}`, () => {
		const whole = readCapture(bytes);
		for (let length = 4; length < bytes.length; length++) {
			const start = bytes.subarray(0, length);
			const { frames, complaints } = readCapture(start);
			assert.deepEqual(frames, whole.frames.slice(0, frames.length));
			assert.ok(complaints.length <= 1);
			assert.deepEqual(readCapture(start, { chunkLength: 5 }).frames, frames);
		}
	});

	test(`no wrong byte makes a reader throw: ${name}`, () => {
		for (let at = 4; at < bytes.length; at++) {
			for (const mask of [0x01, 0x80, 0xff]) {
				const wrong = Buffer.from(bytes);
				wrong.writeUInt8(wrong.readUInt8(at) ^ mask, at);
				const whole = readCapture(wrong);
				expectSame(readCapture(wrong, { chunkLength: 11 }), whole);
				expectPlaces(whole, wrong.length);
			}
		}
	});
}

const starts = {
	pcap: pcapHeader()(false),
	pcapng: join(section(), interfaceBlock())(true),
};

for (const [format, start] of Object.entries(starts)) {
	test(`whatever follows the start of a ${format} is read without a throw`, () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
				const file = Buffer.concat([start, bytes]);
				const whole = readCapture(file, { keep: isOfInterest });
				expectPlaces(whole, file.length);
				expectSame(
					readCapture(file, { keep: isOfInterest, chunkLength: 3 }),
					whole,
				);
			}),
		);
	});
}

test("whatever follows the magic of a capture is read without a throw", () => {
	const magics = ["d4c3b2a1", "a1b23c4d", "34cdb2a1", "0a0d0d0a"];
	const rests = fc.uint8Array({ maxLength: 300 });
	fc.assert(
		fc.property(fc.constantFrom(...magics), rests, (magic, rest) => {
			const file = Buffer.concat([Buffer.from(magic, "hex"), rest]);
			expectPlaces(readCapture(file), file.length);
		}),
	);
});

const claims = {
	"a pcap record": join(
		pcapHeader(),
		uint(0, 8), // time
		uint(262_144, 4), // captured length
		uint(262_144, 4),
	),
	"a pcapng packet": join(
		section(),
		interfaceBlock(),
		uint(6, 4),
		uint(16 * 1024 * 1024, 4), // block length
		uint(0, 4),
	),
	"an unknown pcapng block": join(section(), uint(99, 4), uint(0xffff_fff0, 4)),
};

for (const [what, file] of Object.entries(claims)) {
	test(`the length that ${what} claims is not allocated before it comes`, () => {
		const chunks = cut(file(true), 7);
		for (let count = 0; count < 100; count++) {
			const reader = openCapture(new Collector());
			const before = process.memoryUsage().arrayBuffers;
			for (const chunk of chunks) {
				reader.write(chunk);
			}
			const taken = process.memoryUsage().arrayBuffers - before;
			assert.ok(taken < 128 * 1024, `${taken} bytes`);
			reader.end();
		}
	});
}

function expectSame(
	actual: ReturnType<typeof readCapture>,
	expected: ReturnType<typeof readCapture>,
): void {
	assert.deepEqual(actual.order, expected.order);
	assert.deepEqual(actual.counts, expected.counts);
	assert.deepEqual(actual.span, expected.span);
}

/** Damage lies inside the file, and what is told of it is in its order. */
function expectPlaces({ damages }: Collector, length: number): void {
	const offsets = damages.map(({ offset }) => offset);
	assert.deepEqual(
		offsets,
		[...offsets].sort((a, b) => a - b),
	);
	assert.ok(offsets.every((offset) => offset >= 0 && offset < length));
}
