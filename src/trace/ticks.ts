import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import type { Tick } from "../model/host-document.js";
import type { Sighting } from "../model/journey.js";

/** Real and monotonic time may go apart by so much from one tick to the next. */
const agreementNs = 50_000_000;
/** Ticks come at least every 250 ms: so far apart, the recorder did not run. */
const heldUpNs = 1_000_000_000;

/** The clock of a recording was set, or it goes on with another one. */
export interface ClockJump {
	/** One line: why nothing that was open can be followed across it. */
	readonly reason: string;
	/** The time of the jump by the old clock, and by the new one. */
	readonly before: LogTime;
	readonly after: LogTime;
}

/** What a tick tells beside the time. */
export interface TickNews {
	readonly jump: ClockJump | null;
	/** For how long the recorder was held up, in nanoseconds; 0: it was not. */
	readonly heldUpNs: number;
}

/**
 * Compares two ticks of one recording: both clocks must have gone on by the same. A
 * monotonic clock that goes back is another boot's: recordings were put together.
 */
export function compareTicks(before: Tick, after: Tick): TickNews {
	const ranNs = elapsedNs(before.monotonic, after.monotonic);
	const realNs = elapsedNs(before.until, after.until);
	if (ranNs < 0) {
		const reason = "another recording begins here";
		const jump = { reason, before: before.until, after: after.until };
		return { jump, heldUpNs: 0 };
	}
	const aheadNs = realNs - ranNs;
	const jump =
		Math.abs(aheadNs) <= agreementNs
			? null
			: {
					reason: `the clock of the capture went ${aheadNs > 0 ? "forward" : "back"} by ${formatSeconds(Math.abs(aheadNs))}`,
					before: addNs(before.until, ranNs),
					after: after.until,
				};
	return { jump, heldUpNs: ranNs > heldUpNs ? ranNs : 0 };
}

/** Sightings about a jump, each by the clock that it is nearer to. */
export interface SplitAtJump {
	readonly old: readonly Sighting[];
	readonly fresh: readonly Sighting[];
	/** The earliest time of the new clock. */
	readonly now: LogTime;
}

/** @param sightings in order of time */
export function splitAtJump(
	{ before, after }: ClockJump,
	sightings: readonly Sighting[],
): SplitAtJump {
	const isOld = ({ time }: Sighting) =>
		Math.abs(elapsedNs(before, time)) <= Math.abs(elapsedNs(after, time));
	const fresh = sightings.filter((sighting) => !isOld(sighting));
	const [first] = fresh;
	const now = first && elapsedNs(first.time, after) > 0 ? first.time : after;
	return { old: sightings.filter(isOld), fresh, now };
}

function formatSeconds(ns: number): string {
	return `${(ns / 1e9).toFixed(ns < 1e9 ? 3 : 1)} s`;
}
