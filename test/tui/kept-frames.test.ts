import assert from "node:assert/strict";
import { test } from "node:test";
import { addNs } from "../../src/model/capture.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { KeptFrames } from "../../src/tui/kept-frames.js";
import type { KeptFrame } from "../../src/tui/world.js";
import { decodeFrame } from "../../src/wire/frame.js";
import { made } from "./made.js";

const bytes = new Uint8Array(60);
const frame = decodeFrame(bytes, 60, 1);

function captured(number: number, atNs: number): KeptFrame["captured"] {
	return {
		interface: {
			id: 0,
			source: 0,
			name: makeSafe("vnet0"),
			linkType: 1,
			isContinuous: true,
			snapLength: 0,
		},
		number,
		time: addNs(made, atNs),
		bytes,
		length: 60,
		direction: null,
		comment: null,
	};
}

function numbersAt(frames: KeptFrames, name: string | null, atNs: number) {
	return frames
		.find(name, addNs(made, atNs))
		.map((kept) => kept.captured.number);
}

test("KeptFrames.find() has the frames of a port and a time, with bytes of their own", () => {
	const frames = new KeptFrames(1e6);
	frames.add(captured(1, 0), frame, "vnet0");
	frames.add(captured(2, 0), frame, "br0");
	frames.add(captured(3, 0), frame, "vnet0");
	frames.add(captured(4, 1), frame, null);
	assert.deepEqual(numbersAt(frames, "vnet0", 0), [1, 3]);
	assert.deepEqual(numbersAt(frames, "br0", 0), [2]);
	assert.deepEqual(numbersAt(frames, null, 1), [4]);
	assert.deepEqual(numbersAt(frames, "ens3", 0), []);
	bytes[0] = 1;
	assert.equal(frames.find("br0", made)[0]?.captured.bytes[0], 0);
	bytes[0] = 0;
});

test("KeptFrames.add() forgets the oldest when there is too much, and counts them", () => {
	const frames = new KeptFrames(100_000);
	for (let number = 1; number <= 20_000; number += 1) {
		frames.add(captured(number, number), frame, "vnet0");
	}
	const kept = 20_000 - frames.forgotten;
	assert.ok(kept > 200 && kept < 1000, `${kept} kept`);
	assert.deepEqual(numbersAt(frames, "vnet0", 20_000 - kept), []);
	assert.deepEqual(numbersAt(frames, "vnet0", 20_001 - kept), [20_001 - kept]);
	assert.deepEqual(numbersAt(frames, "vnet0", 20_000), [20_000]);
});

test("KeptFrames.add() bears a log in which all frames have one time", () => {
	const frames = new KeptFrames(1e6);
	for (let number = 1; number <= 20_000; number += 1) {
		frames.add(captured(number, 0), frame, "vnet0");
	}
	assert.ok(numbersAt(frames, "vnet0", 0).length <= 64);
	assert.ok(frames.forgotten > 10_000);
});
