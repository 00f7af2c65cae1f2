import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Failure } from "../../src/commands/failure.js";
import { parseTime } from "../../src/commands/parse-time.js";

const zone = process.env.TZ;

beforeEach(() => {
	process.env.TZ = "Asia/Kolkata"; // UTC+5:30, without daylight saving
});

afterEach(() => {
	if (zone === undefined) {
		delete process.env.TZ;
	} else {
		process.env.TZ = zone;
	}
});

// From `date -u -d TIME +%s`; local ones from `TZ=Asia/Kolkata date -d TIME +%s`.
const times: readonly (readonly [string, seconds: number, nanos: number])[] = [
	["1795355042", 1_795_355_042, 0],
	["1795355042.5", 1_795_355_042, 500_000_000],
	["1795355042.123456789", 1_795_355_042, 123_456_789],
	["0", 0, 0],
	["2026-11-22T13:44:02Z", 1_795_355_042, 0],
	["2026-11-22T13:44:02.123456789Z", 1_795_355_042, 123_456_789],
	["2026-11-22T13:44:02,5Z", 1_795_355_042, 500_000_000],
	["2026-11-22T15:44:02+02:00", 1_795_355_042, 0],
	["2026-11-22t13:44:02z", 1_795_355_042, 0],
	["2026-11-22T19:14:02", 1_795_355_042, 0],
	["2026-11-22 19:14:02.25", 1_795_355_042, 250_000_000],
	["2026-11-22T19:14", 1_795_355_040, 0],
	["2026-11-22", 1_795_285_800, 0],
	["1969-12-31T23:59:59.5Z", -1, 500_000_000],
];

for (const [text, seconds, nanos] of times) {
	test(`parseTime() reads ${text}`, () => {
		assert.deepEqual(parseTime(text, "--since"), { seconds, nanos });
	});
}

const nonsense = [
	"",
	"noon",
	"-1",
	"1e9",
	"1795355042.1234567890",
	"2026-11-31",
	"2026-02-30T00:00:00",
	"2026-13-01",
	"2026-11-22T25:00",
	"2026-11-22T13:60",
	"2026-11-22T13:44:02 (noon)",
	"2026-11-22Z",
	"13:44:02",
	"Nov 22 2026",
];

for (const text of nonsense) {
	test(`parseTime() does not read "${text}"`, () => {
		assert.throws(
			() => parseTime(text, "--until"),
			(error) =>
				error instanceof Failure &&
				error.message.startsWith("--until takes a time like ") &&
				error.message.endsWith(`not "${text}"`),
		);
	});
}
