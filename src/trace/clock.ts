import { stretch, type TimeSpan } from "../capture-file/sink.js";
import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import type { Tick } from "../model/host-document.js";
import type { SafeText } from "../model/safe-text.js";
import { formatMs } from "./durations.js";
import { compareTicks, type TickNews } from "./ticks.js";

interface Source {
	readonly name: SafeText;
	/** As its reader tells it; of an event log, as its frames and ticks do. */
	span: TimeSpan;
	readonly ownSpan: TimeSpan;
	hasEnded: boolean;
	/** The latest time since the clock was set back; null when it never was. */
	sinceJump: LogTime | null;
	/** It is an event log: ticks are its clock. */
	isLog: boolean;
	tick: Tick | null;
}

/**
 * The time of the log, and over which time each file of it reaches. An event log has
 * ticks, and they alone tell its time; other files have no other clock than their records.
 */
export class LogClock {
	readonly #sources: readonly Source[];

	constructor(names: readonly SafeText[]) {
		this.#sources = names.map((name) => ({
			name,
			span: { first: null, latest: null, disorderNs: 0 },
			ownSpan: { first: null, latest: null, disorderNs: 0 },
			hasEnded: false,
			sinceJump: null,
			isLog: false,
			tick: null,
		}));
	}

	/** More of a file was read. What an event log's reader has read tells no time. */
	setProgress(source: number, span: TimeSpan, hasEnded: boolean): void {
		const state = this.#sources[source];
		if (state !== undefined) {
			state.hasEnded = hasEnded;
			state.span = state.isLog ? state.ownSpan : { ...span };
		}
	}

	/** No file goes on. */
	finish(): void {
		for (const source of this.#sources) {
			source.hasEnded = true;
		}
	}

	/** A file holds documents or ticks: from now on, ticks alone tell its time. */
	setLog(source: number): void {
		const state = this.#sources[source];
		if (state !== undefined) {
			state.isLog = true;
			state.span = state.ownSpan;
		}
	}

	/** A frame of this time came from a file. */
	noteTime(source: number, time: LogTime): void {
		const state = this.#sources[source];
		if (state !== undefined) {
			stretch(state.ownSpan, time);
		}
	}

	/** @returns what the tick tells beside the time; null for the first one */
	addTick(source: number, tick: Tick): TickNews | null {
		const state = this.#sources[source];
		const before = state?.tick ?? null;
		if (state === undefined) {
			return null;
		}
		state.tick = tick;
		const news = before === null ? null : compareTicks(before, tick);
		if (news?.jump) {
			state.ownSpan.latest = null;
		}
		stretch(state.ownSpan, tick.until);
		return news;
	}

	/** The clock of a file was set back to `time`, or goes on from there. */
	setJump(source: number, time: LogTime): void {
		const state = this.#sources[source];
		if (state !== undefined) {
			state.sinceJump = time;
		}
	}

	hasJumped(source: number): boolean {
		return this.#sources[source]?.sinceJump != null;
	}

	isLog(source: number): boolean {
		return this.#sources[source]?.isLog === true;
	}

	/** The latest tick of a file: all before it has come. */
	tickOf(source: number): LogTime | null {
		return this.#sources[source]?.tick?.until ?? null;
	}

	/** Whether all that still goes on has ticks. */
	get isTicking(): boolean {
		return this.#sources.every(({ isLog, hasEnded }) => isLog || hasEnded);
	}

	/** No record before this time, or at it, is expected any more; null: any may come. */
	get watermark(): LogTime | null {
		let least: LogTime | null = null;
		for (const source of this.#sources) {
			if (source.hasEnded) {
				continue;
			}
			const mark = markOf(source);
			if (mark === null) {
				return null;
			}
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

	/** Why a file may not hold what passed for so long from `time` on; null: it does. */
	gapIn(source: number, time: LogTime, withinNs: number): string | null {
		const state = this.#sources[source];
		if (state === undefined) {
			return null;
		}
		const { span, hasEnded, sinceJump } = state;
		// Live or replayed, the one there is has not the same name.
		const name = this.#sources.length > 1 ? state.name : "the capture";
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
		return hasEnded && reaches < withinNs
			? reaches < 0
				? `${name} holds nothing so late: whether it was still being captured is not known`
				: `${name} ended ${formatMs(reaches)} later`
			: null;
	}
}

/** Frames at the very time of a tick may still come. */
function markOf({ isLog, tick, span, sinceJump }: Source): LogTime | null {
	if (isLog) {
		return tick && addNs(tick.until, -1);
	}
	const latest = sinceJump ?? span.latest;
	return latest && addNs(latest, -span.disorderNs);
}
