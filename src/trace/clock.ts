import type { TimeSpan } from "../capture-file/sink.js";
import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Coverage } from "./circumstances.js";

interface Source {
	readonly name: SafeText;
	span: TimeSpan;
	hasEnded: boolean;
	/** The latest time since the clock was set back; null when it never was. */
	sinceJump: LogTime | null;
}

/**
 * The time of the log, and over which time each file of it reaches. A log without ticks
 * has no other clock than its records.
 */
export class LogClock implements Coverage {
	readonly #sources: readonly Source[];
	readonly #settleNs: number;
	#unorderedUntil: LogTime | null = null;

	constructor(names: readonly SafeText[], settleNs: number) {
		this.#sources = names.map((name) => ({
			name,
			span: { first: null, latest: null, disorderNs: 0 },
			hasEnded: false,
			sinceJump: null,
		}));
		this.#settleNs = settleNs;
	}

	setProgress(source: number, span: TimeSpan, hasEnded: boolean): void {
		const state = this.#sources[source];
		if (state !== undefined) {
			state.span = { ...span };
			state.hasEnded = hasEnded;
		}
	}

	/** The clock of a file was set back to `time`, or goes on from there. */
	setJump(source: number, time: LogTime): void {
		const state = this.#sources[source];
		if (state !== undefined) {
			state.sinceJump = time;
		}
	}

	/** Frames were followed out of order up to this time. */
	setUnordered(time: LogTime): void {
		this.#unorderedUntil = time;
	}

	hasJumped(source: number): boolean {
		return this.#sources[source]?.sinceJump != null;
	}

	/** No record before this time is expected any more; null: any may still come. */
	get watermark(): LogTime | null {
		let least: LogTime | null = null;
		for (const { span, hasEnded, sinceJump } of this.#sources) {
			if (hasEnded) {
				continue;
			}
			const latest = sinceJump ?? span.latest;
			if (latest === null) {
				return null;
			}
			const mark = addNs(latest, -span.disorderNs);
			if (least === null || elapsedNs(mark, least) > 0) {
				least = mark;
			}
		}
		return least;
	}

	/** The latest time of all records; null when none has one. */
	get end(): LogTime | null {
		let latest: LogTime | null = null;
		for (const { span } of this.#sources) {
			if (span.latest && (!latest || elapsedNs(latest, span.latest) > 0)) {
				latest = span.latest;
			}
		}
		return latest;
	}

	gapAt(port: Port, time: LogTime): string | null {
		if (port.drops !== null && port.drops > 0) {
			return `the capture lost ${port.drops} frames at ${port.name}`;
		}
		if (this.#wasUnordered(time)) {
			return "too many frames came at once to put them all in order";
		}
		let gap = `${port.name} was not captured`;
		for (const index of port.sources) {
			const source = this.#sources[index];
			const found = source && this.#gapIn(source, time);
			if (found === null) {
				return null;
			}
			gap = found ?? gap;
		}
		return gap;
	}

	/** Whether what passed in the second from `time` on was followed out of order. */
	#wasUnordered(time: LogTime): boolean {
		const until = this.#unorderedUntil;
		return until !== null && elapsedNs(until, time) < this.#settleNs;
	}

	/** Why a file may not hold what passed from `time` on; null when it does. */
	#gapIn(source: Source, time: LogTime): string | null {
		const { name, span, hasEnded, sinceJump } = source;
		if (sinceJump !== null) {
			return `the clock of ${name} was set back: when it was being captured is not known`;
		}
		if (span.first === null || span.latest === null) {
			return `${name} holds no frame, so when it was being captured is not known`;
		}
		const begins = elapsedNs(time, span.first);
		if (begins > 0) {
			return `${name} begins ${formatMs(begins)} later`;
		}
		const reaches = elapsedNs(time, span.latest);
		return hasEnded && reaches < this.#settleNs
			? reaches < 0
				? `${name} holds nothing so late: whether it was still being captured is not known`
				: `${name} ended ${formatMs(reaches)} later`
			: null;
	}
}

function formatMs(ns: number): string {
	return `${(ns / 1e6).toFixed(ns < 1e7 ? 3 : 0)} ms`;
}
