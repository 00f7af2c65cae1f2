import assert from "node:assert/strict";
import { test } from "node:test";
import { elapsedNs } from "../../src/model/capture.js";
import {
	type ClockSource,
	UserlandClock,
} from "../../src/recorder/cap-clock.js";

/** A machine whose real clock is `startNs` ahead of the monotonic one. */
function createMachine(startNs: bigint) {
	let monotonicNs = 7_000_000_123n;
	let aheadNs = startNs;
	const source: ClockSource = {
		monotonic: () => {
			// Each look at a clock takes a while.
			monotonicNs += 700n;
			return [
				Number(monotonicNs / 1_000_000_000n),
				Number(monotonicNs % 1_000_000_000n),
			];
		},
		realMs: () => Number((monotonicNs + aheadNs) / 1_000_000n),
	};
	return {
		source,
		pass: (ns: bigint) => {
			monotonicNs += ns;
		},
		setAhead: (ns: bigint) => {
			aheadNs = ns;
		},
		real: () => {
			const ns = monotonicNs + aheadNs;
			return {
				seconds: Number(ns / 1_000_000_000n),
				nanos: Number(ns % 1_000_000_000n),
			};
		},
	};
}

const aheadNs = 1_795_346_500_123_456_789n;

test("UserlandClock tells the real time to some microseconds", () => {
	const machine = createMachine(aheadNs);
	const clock = new UserlandClock(machine.source);
	for (const ns of [0n, 1n, 999_999n, 60_000_000_000n, 86_400_000_000_000n]) {
		machine.pass(ns);
		const error = elapsedNs(machine.real(), clock.read());
		assert.ok(Math.abs(error) < 5000, `${error} ns`);
	}
});

test("UserlandClock follows a real clock that is set, ahead or back", () => {
	const machine = createMachine(aheadNs);
	const clock = new UserlandClock(machine.source);
	for (const ns of [3_600_000_000_000n, -7_200_000_000_000n]) {
		machine.setAhead(aheadNs + ns);
		const error = elapsedNs(machine.real(), clock.read());
		assert.ok(Math.abs(error) < 1_010_000, `${error} ns`);
	}
});
