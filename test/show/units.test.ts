import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import {
	formatCount,
	formatDay,
	formatElapsed,
	formatTimeOfDay,
} from "../../src/show/units.js";

const zone = process.env.TZ;

beforeEach(() => {
	process.env.TZ = "UTC";
});

afterEach(() => {
	if (zone === undefined) {
		delete process.env.TZ;
	} else {
		process.env.TZ = zone;
	}
});

const durations: readonly (readonly [ns: number, text: string])[] = [
	[0, "0"],
	[1, "1 ns"],
	[999, "999 ns"],
	[1_000, "1 µs"],
	[1_446, "1.45 µs"],
	[9_994, "9.99 µs"],
	[9_996, "10 µs"],
	[37_249, "37.2 µs"],
	[99_960, "100 µs"],
	[999_499, "999 µs"],
	[999_500, "1 ms"],
	[999_999, "1 ms"],
	[1_450_000, "1.45 ms"],
	[999_999_999, "1 s"],
	[12_000_000_000, "12 s"],
	[5_400_000_000_000, "5400 s"],
	[-37_200, "-37.2 µs"],
];

test("formatElapsed() gives three digits and the unit that keeps them below 1000", () => {
	for (const [ns, text] of durations) {
		assert.equal(formatElapsed(ns), text);
	}
});

// 1795355042 is Sun Nov 22 13:44:02 UTC 2026 (`date -u -d @1795355042`).
test("formatTimeOfDay() cuts to the millisecond, and does not round up a second", () => {
	const time = { seconds: 1_795_355_042, nanos: 999_999_999 };
	assert.equal(formatTimeOfDay(time), "13:44:02.999");
});

test("formatTimeOfDay() and formatDay() are in the local time zone", () => {
	process.env.TZ = "Asia/Kolkata"; // UTC+5:30, without daylight saving
	const time = { seconds: 1_795_355_042 + 6 * 3600, nanos: 1_000_000 };
	assert.equal(formatTimeOfDay(time), "01:14:02.001");
	assert.equal(formatDay(time), "2026-11-23");
});

test("formatDay() knows days before 1970", () => {
	assert.equal(formatDay({ seconds: -1, nanos: 0 }), "1969-12-31");
});

test("formatDay() and formatTimeOfDay() say so where the calendar ends", () => {
	const time = { seconds: 2 ** 62, nanos: 0 };
	assert.equal(formatDay(time), "no such day");
	assert.equal(formatTimeOfDay(time), "no such time");
});

test("formatCount() has a plural", () => {
	assert.equal(formatCount(0, "frame"), "0 frames");
	assert.equal(formatCount(1, "frame"), "1 frame");
	assert.equal(formatCount(2, "copy", "copies"), "2 copies");
	assert.equal(formatCount(1, "copy", "copies"), "1 copy");
});
