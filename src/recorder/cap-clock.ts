import { addNs, type LogTime } from "../model/capture.js";

/** Where the time comes from. */
export interface ClockSource {
	/** As process.hrtime(): a clock that only goes forward. */
	readonly monotonic: () => readonly [seconds: number, nanos: number];
	/** As Date.now(): the real clock in whole milliseconds since the epoch. */
	readonly realMs: () => number;
}

const machine: ClockSource = {
	monotonic: () => process.hrtime(),
	realMs: () => Date.now(),
};

const settleNs = 1_200_000;
const lastNsOfMs = 999_999;

/**
 * The real clock to the microsecond, of which JavaScript has whole milliseconds only:
 * the monotonic clock plus an offset that every reading of the real clock narrows down.
 * When the real clock is set, the offset follows with the next reading.
 */
export class UserlandClock {
	readonly #source: ClockSource;
	readonly #startSeconds: number;
	readonly #startRealMs: number;
	/** From the monotonic time since the start to the real time since the start. */
	#offsetNs = Number.NEGATIVE_INFINITY;

	/** Reads the clocks until a millisecond of the real one has turned over. */
	constructor(source = machine) {
		this.#source = source;
		[this.#startSeconds] = source.monotonic();
		this.#startRealMs = source.realMs();
		const begin = this.#elapsedNs();
		do {
			this.read();
		} while (this.#elapsedNs() - begin < settleNs);
	}

	/** The time now. */
	read(): LogTime {
		const before = this.#elapsedNs();
		const realNs = (this.#source.realMs() - this.#startRealMs) * 1e6;
		const after = this.#elapsedNs();
		const least = realNs - after;
		const most = realNs + lastNsOfMs - before;
		this.#offsetNs = Math.min(Math.max(this.#offsetNs, least), most);
		const seconds = Math.floor(this.#startRealMs / 1000);
		const nanos = (this.#startRealMs - seconds * 1000) * 1e6;
		return addNs({ seconds, nanos }, before + this.#offsetNs);
	}

	/** Exact for 104 days, and to some nanoseconds for years. */
	#elapsedNs(): number {
		const [seconds, nanos] = this.#source.monotonic();
		return (seconds - this.#startSeconds) * 1e9 + nanos;
	}
}
