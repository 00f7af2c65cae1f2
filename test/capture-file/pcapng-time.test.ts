import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
	timeResolution,
	toLogTime,
} from "../../src/capture-file/pcapng-time.js";
import { addNs, formatTimeNs } from "../../src/model/capture.js";
import {
	enhancedPacket,
	interfaceBlock,
	join,
	option,
	section,
	splitTime,
	statistics,
} from "./build.js";
import { readCapture } from "./collect.js";

const frame = Buffer.alloc(20);

const cases: readonly [
	title: string,
	tsresol: number | undefined,
	tsoffset: bigint | undefined,
	units: bigint,
	expected: string,
][] = [
	[
		"microseconds",
		undefined,
		undefined,
		1_700_000_000_123_456n,
		"1700000000123456000",
	],
	["seconds", 0, undefined, 1_700_000_000n, "1700000000000000000"],
	["milliseconds", 3, undefined, 1_700_000_000_999n, "1700000000999000000"],
	[
		"nanoseconds",
		9,
		undefined,
		1_700_000_000_999_999_999n,
		"1700000000999999999",
	],
	[
		"picoseconds, cut to nanoseconds",
		12,
		undefined,
		1_700_000_999_999_999_999n,
		"1700000999999999",
	],
	["10^-19 s", 19, undefined, 15_000_000_000_000_000_000n, "1500000000"],
	["10^-127 s", 127, undefined, 2n ** 64n - 1n, "0"],
	["2^-0 s", 0x80, undefined, 7n, "7000000000"],
	["2^-10 s", 0x80 + 10, undefined, 1025n, "1000976562"],
	[
		"2^-32 s, as NTP counts",
		0x80 + 32,
		undefined,
		(5n << 32n) + (1n << 31n),
		"5500000000",
	],
	["2^-63 s", 0x80 + 63, undefined, 3n << 62n, "1500000000"],
	["an offset", undefined, 3_600n, 1_000_000n, "3601000000000"],
	["a negative offset", 9, -3_600n, 3_601_000_000_001n, "1000000001"],
	["a time before 1970", 9, -2n, 1_000_000_001n, "-999999999"],
];

for (const [title, tsresol, tsoffset, time, expected] of cases) {
	for (const isBigEndian of [false, true]) {
		const order = isBigEndian ? "big-endian" : "little-endian";
		test(`PcapngReader reads ${title}, ${order}`, () => {
			const { frames } = readCapture(
				join(
					section(),
					interfaceBlock({
						...(tsresol === undefined ? {} : { tsresol }),
						...(tsoffset === undefined ? {} : { tsoffset }),
					}),
					enhancedPacket(frame, { time }),
				)(isBigEndian),
			);
			assert.equal(frames[0]?.time, expected);
		});
	}
}

test("isb_endtime is a time of the file, its records' or later", () => {
	const endTime = option(3, splitTime(1_700_000_009_000_000n));
	const { span } = readCapture(
		join(
			section(),
			interfaceBlock(),
			enhancedPacket(frame),
			statistics(0, endTime),
		)(true),
	);
	assert.deepEqual(span, {
		first: { seconds: 1_700_000_000, nanos: 0 },
		latest: { seconds: 1_700_000_009, nanos: 0 },
		disorderNs: 2_000_000_000,
	});
});

test("isb_endtime counts microseconds where the interface has nanoseconds (dumpcap)", () => {
	const endTime = option(3, splitTime(1_700_000_009_000_000n));
	const { span } = readCapture(
		join(
			section(),
			interfaceBlock({ tsresol: 9 }),
			enhancedPacket(frame, { time: 1_700_000_000_000_000_000n }),
			statistics(0, endTime),
		)(true),
	);
	assert.deepEqual(span.first, { seconds: 1_700_000_000, nanos: 0 });
	assert.deepEqual(span.latest, { seconds: 1_700_000_009, nanos: 0 });
});

test("toLogTime() is exact for every resolution and any time of this era", () => {
	const tsresols = fc.integer({ min: 0, max: 255 });
	const halves = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
	fc.assert(
		fc.property(tsresols, halves, (tsresol, units) => {
			const base = tsresol & 0x80 ? 2n : 10n;
			const perSecond = base ** BigInt(tsresol & 0x7f);
			// Seconds past 2^53 are no time; they need not be exact.
			fc.pre(units / perSecond < 2n ** 53n);
			const time = toLogTime(
				Number(units >> 32n),
				Number(units & 0xffff_ffffn),
				timeResolution(tsresol, 0),
			);
			assert.equal(
				formatTimeNs(addNs(time, 0)),
				String((units * 1_000_000_000n) / perSecond),
			);
		}),
		{ numRuns: 2_000 },
	);
});

test("toLogTime() keeps every nanosecond", () => {
	const nanoseconds = timeResolution(9, 0);
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 999_999_999 }), (nanos) => {
			const units = 4_000_000_000n * 1_000_000_000n + BigInt(nanos);
			const time = toLogTime(
				Number(units >> 32n),
				Number(units & 0xffff_ffffn),
				nanoseconds,
			);
			assert.deepEqual(time, { seconds: 4_000_000_000, nanos });
		}),
	);
});
