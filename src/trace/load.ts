import type { LogTime } from "../model/capture.js";
import { dropOldest } from "./drop-oldest.js";
import { formatFrames } from "./durations.js";

/** A capture that does not count its losses is believed up to so many frames a second. */
const believedFrames = 200;
/** Seconds that are remembered. */
const memorySeconds = 600;

/** How many frames came in each second of a file. */
export class LoadCount {
	readonly #frames = new Map<number, number>();

	add({ seconds }: LogTime): void {
		const count = this.#frames.get(seconds) ?? 0;
		this.#frames.set(seconds, count + 1);
		dropOldest(this.#frames, memorySeconds);
	}

	/** Why frames may have been lost, in the seconds that `time` and what follows are in. */
	gapAt(time: LogTime, withinNs: number): string | null {
		const last = time.seconds + Math.ceil((time.nanos + withinNs) / 1e9);
		let most = 0;
		for (let second = time.seconds - 1; second <= last; second += 1) {
			most = Math.max(most, this.#frames.get(second) ?? 0);
		}
		return most > believedFrames
			? `the capture does not count the frames it loses, and ${formatFrames(most)} came in one second`
			: null;
	}
}
