import assert from "node:assert/strict";
import { test } from "node:test";
import { epoch } from "../../src/model/capture.js";
import { holdMs, Pairing } from "../../src/recorder/cap-pairing.js";

const headerLength = 4;
const inbound = 1;
const outbound = 2;

/** Frames are letters; what is let go is written `a1`: the letter and its flags. */
function createPairing() {
	const emitted: string[] = [];
	const pairing = new Pairing(headerLength, ({ record, flags }) => {
		emitted.push(`${record.subarray(headerLength)}${flags}`);
	});
	return {
		pairing,
		emitted,
		frame: (letter: string, heldAtMs: number) =>
			pairing.addFrame({
				record: Buffer.from(`head${letter}`),
				length: 1,
				time: { ...epoch, nanos: heldAtMs },
				heldAtMs,
				flags: 0,
			}),
		twin: (letter: string, flags: 1 | 2, nowMs: number) =>
			pairing.addTwin(Buffer.from(letter), flags, nowMs),
	};
}

test("Pairing gives a frame the direction of its twin, before or after it", () => {
	const { emitted, frame, twin } = createPairing();
	frame("a", 0);
	assert.deepEqual(emitted, []);
	twin("a", inbound, 1);
	twin("b", outbound, 2);
	frame("b", 3);
	assert.deepEqual(emitted, ["a1", "b2"]);
});

test("Pairing keeps the order of frames, however their twins come", () => {
	const { emitted, frame, twin } = createPairing();
	frame("a", 0);
	frame("b", 0);
	frame("c", 0);
	twin("c", inbound, 1);
	twin("a", outbound, 1);
	assert.deepEqual(emitted, ["a2"]);
	twin("b", outbound, 1);
	assert.deepEqual(emitted, ["a2", "b2", "c1"]);
});

test("Pairing takes one twin for each of several equal frames", () => {
	const { emitted, frame, twin } = createPairing();
	frame("a", 0);
	frame("a", 0);
	twin("a", inbound, 0);
	assert.deepEqual(emitted, ["a1"]);
	twin("a", inbound, 0);
	assert.deepEqual(emitted, ["a1", "a1"]);
});

test("Pairing lets a frame without a twin go with its direction unknown", () => {
	const { pairing, emitted, frame, twin } = createPairing();
	frame("a", 0);
	frame("b", 1);
	twin("b", inbound, 1);
	pairing.flush(holdMs - 1);
	assert.deepEqual(emitted, []);
	assert.deepEqual(pairing.oldest, epoch);
	pairing.flush(holdMs);
	assert.deepEqual(emitted, ["a0", "b1"]);
	assert.equal(pairing.oldest, null);
});

test("Pairing forgets a twin whose frame does not come", () => {
	const { pairing, emitted, frame, twin } = createPairing();
	twin("a", inbound, 0);
	pairing.flush(holdMs);
	frame("a", holdMs);
	assert.deepEqual(emitted, []);
});

test("Pairing holds no more than a bounded number of frames", () => {
	const { emitted, frame } = createPairing();
	for (let count = 0; count < 5000; count += 1) {
		frame("a", 0);
	}
	assert.equal(emitted.length, 5000 - 4096);
});

test("Pairing is done when both directions were seen, and nothing waits", () => {
	const { pairing, frame, twin } = createPairing();
	assert.equal(pairing.isDone, false);
	frame("a", 0);
	twin("a", inbound, 0);
	assert.equal(pairing.isDone, false);
	twin("b", outbound, 0);
	assert.equal(pairing.isDone, false, "a twin is ahead");
	frame("b", 0);
	assert.equal(pairing.isDone, true);
	frame("c", 0);
	assert.equal(pairing.isDone, false, "a frame is held");
});
