import { setTimeout as sleep } from "node:timers/promises";
import { addNs, epoch, type LogTime } from "../model/capture.js";

/** A point in time on both clocks of the machine. */
export interface ClockReading {
	/** CLOCK_REALTIME, which the kernel stamps frames with; whole milliseconds. */
	readonly real: LogTime;
	/** CLOCK_MONOTONIC. */
	readonly monotonic: LogTime;
}

/** The clocks of the machine; time is given to whoever needs it. */
export interface MachineClock {
	read(): ClockReading;
	/** Milliseconds of a clock that only goes forward. */
	elapsedMs(): number;
	/** Resolves after so long. */
	pause(ms: number): Promise<void>;
}

/** Two readings further apart than this had something come between them. */
const togetherMs = 2;

/** The clocks of this machine. */
export const machineClock: MachineClock = {
	read: () => {
		for (;;) {
			const before = performance.now();
			const real = Date.now();
			const [seconds, nanos] = process.hrtime();
			if (performance.now() - before < togetherMs) {
				return { real: toLogTime(real), monotonic: { seconds, nanos } };
			}
		}
	},
	elapsedMs: () => performance.now(),
	pause: (ms) => sleep(ms),
};

/** @param ms since the epoch */
export function toLogTime(ms: number): LogTime {
	return addNs({ ...epoch, seconds: Math.floor(ms / 1000) }, (ms % 1000) * 1e6);
}
