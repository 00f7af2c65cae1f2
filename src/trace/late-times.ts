import type { LogTime } from "../model/capture.js";

/** Times of sightings that came behind the tick that they should stand before. */
export class LateTimes {
	#count = 0;
	#waiting: LogTime[] = [];

	/** How many there were. */
	get count(): number {
		return this.#count;
	}

	add(time: LogTime): void {
		this.#count += 1;
		this.#waiting.push(time);
	}

	/** Those that came since this was asked last. */
	take(): readonly LogTime[] {
		return this.#waiting.length === 0 ? this.#waiting : this.#waiting.splice(0);
	}
}
