import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Port } from "../model/port.js";
import type { CaptureReport, CaptureWindow } from "./capture-state.js";
import { formatMs } from "./durations.js";

/** A window as it is by the clock of now. */
interface Span {
	readonly since: LogTime;
	readonly until: LogTime | null;
}

/** When each port was captured, by what the recorder of each event log says. */
export class CaptureWindows {
	readonly #reports = new Map<number, CaptureReport>();
	/** Windows as they are since a clock was set back; null: of a time that comes again. */
	readonly #moved = new Map<number, Map<string, Span | null>>();

	/** The latest `capture` document of a file replaces the one before. */
	set(source: number, report: CaptureReport): void {
		this.#reports.set(source, report);
	}

	reportOf(source: number): CaptureReport | null {
		return this.#reports.get(source) ?? null;
	}

	/** Whether the capture holds a port promiscuous; null: no recorder says. */
	isPromiscuous(port: Port): boolean | null {
		let found: boolean | null = null;
		for (const { windows } of this.#reports.values()) {
			found = windows.get(port.name)?.at(-1)?.isPromiscuous ?? found;
		}
		return found;
	}

	/** Why a port was not captured for so long from `time` on; null: it was, or no file says. */
	gapIn(
		source: number,
		{ name }: Port,
		time: LogTime,
		withinNs: number,
	): string | null {
		const report = this.#reports.get(source);
		if (report === undefined) {
			return null;
		}
		const windows = report.windows.get(name) ?? [];
		let gap = `when ${name} was being captured is not known`;
		const spans = windows.flatMap((window) => this.#spanOf(source, window));
		for (const { since, until } of spans) {
			const begins = elapsedNs(time, since);
			const ends = until === null ? withinNs : elapsedNs(time, until);
			if (begins <= 0 && ends >= withinNs) {
				return null;
			}
			if (begins <= 0) {
				gap =
					ends < 0
						? `the capture of ${name} had ended ${formatMs(-ends)} before`
						: `the capture of ${name} ended ${formatMs(ends)} later`;
			} else {
				gap = `${name} was captured only from ${formatMs(begins)} later on`;
				break;
			}
		}
		return gap;
	}

	/** The clock of a file was set: its new time is `now`. */
	setClock(source: number, now: LogTime): void {
		const windows = [...(this.#reports.get(source)?.windows.values() ?? [])];
		const spans = windows.flat().map((window): [string, Span | null] => {
			const [span] = this.#spanOf(source, window);
			return [window.key, span === undefined ? null : moveTo(span, now)];
		});
		this.#moved.set(source, new Map(spans));
	}

	#spanOf(source: number, window: CaptureWindow): Span[] {
		const moved = this.#moved.get(source)?.get(window.key);
		if (moved === undefined) {
			return [window];
		}
		// It may have ended since.
		return moved === null ? [] : [{ since: moved.since, until: window.until }];
	}
}

/** What is captured at a time that is set back was captured before that time, too. */
function moveTo({ since, until }: Span, now: LogTime): Span | null {
	const isAhead = elapsedNs(now, since) > 0;
	if (until !== null) {
		return elapsedNs(now, until) > 0 ? null : { since, until };
	}
	return { since: isAhead ? now : since, until };
}
