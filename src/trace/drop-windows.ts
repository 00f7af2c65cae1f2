import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import { formatFrames, formatOffset } from "./durations.js";

/** A counter and the frames it counts may be so far apart, in nanoseconds. */
const marginNs = 100_000_000;
/** More windows than this are merged, two by two. */
const windowLimit = 256;

/** A stretch of the log in which frames were lost. */
interface DropWindow {
	/** Null: since the begin. */
	readonly from: LogTime | null;
	/** As far as the counter tells; the window is open until ticks close it. */
	to: LogTime | null;
	readonly count: number;
	/** Ticks that are yet to come until it is closed. */
	ticksLeft: number;
}

/**
 * When a capture lost frames: after the report before the one that counts them. A report
 * may be read later than it says, so that a window ends only with the second tick after
 * it.
 */
export class DropWindows {
	#windows: DropWindow[] = [];

	/** @param from of the report before; null: there was none */
	add(from: LogTime | null, to: LogTime | null, count: number): void {
		this.#windows.push({ from, to, count, ticksLeft: 2 });
		if (this.#windows.length > windowLimit) {
			this.#windows = mergePairs(this.#windows);
		}
	}

	/** A tick came: all before it was counted before the next one. */
	addTick(until: LogTime): void {
		for (let at = this.#windows.length - 1; at >= 0; at -= 1) {
			const window = this.#windows[at];
			if (window === undefined || window.ticksLeft === 0) {
				return;
			}
			window.ticksLeft -= 1;
			window.to = latest(window.to, until);
		}
	}

	/** The clock was set: those times are none of this clock. */
	clear(): void {
		this.#windows = [];
	}

	/** What was lost at `place` when a frame of `time` was under way; null: nothing. */
	gapAt(place: string, time: LogTime, withinNs: number): string | null {
		const hits = this.#windows.filter((window) =>
			touches(window, time, withinNs),
		);
		const [first] = hits;
		const last = hits.at(-1);
		if (first === undefined || last === undefined) {
			return null;
		}
		const count = hits.reduce((sum, window) => sum + window.count, 0);
		return `the capture lost ${formatFrames(count)} at ${place} ${describe(first, last, time)}`;
	}
}

function touches(
	{ from, to, ticksLeft }: DropWindow,
	time: LogTime,
	withinNs: number,
): boolean {
	const begins =
		from === null || elapsedNs(addNs(from, -marginNs), time) + withinNs >= 0;
	const isOpen = ticksLeft > 0 || to === null;
	return begins && (isOpen || elapsedNs(time, addNs(to, marginNs)) >= 0);
}

/** `between 200 ms before and 131 ms after it` */
function describe(
	{ from }: DropWindow,
	{ to }: DropWindow,
	time: LogTime,
): string {
	const end = to && formatOffset(elapsedNs(time, to));
	if (from === null) {
		return end === null ? "at an unknown time" : `until ${end} it`;
	}
	const begin = formatOffset(elapsedNs(time, from));
	return end === null
		? `from ${begin} it on`
		: `between ${begin} and ${end} it`;
}

function mergePairs(windows: readonly DropWindow[]): DropWindow[] {
	const merged: DropWindow[] = [];
	for (let at = 0; at < windows.length; at += 2) {
		const [a, b] = [windows[at], windows[at + 1]];
		if (a !== undefined) {
			merged.push(b === undefined ? a : merge(a, b));
		}
	}
	return merged;
}

function merge(a: DropWindow, b: DropWindow): DropWindow {
	return {
		from: a.from,
		to: a.to && b.to && latest(a.to, b.to),
		count: a.count + b.count,
		ticksLeft: Math.max(a.ticksLeft, b.ticksLeft),
	};
}

function latest(a: LogTime | null, b: LogTime): LogTime {
	return a !== null && elapsedNs(a, b) < 0 ? a : b;
}
