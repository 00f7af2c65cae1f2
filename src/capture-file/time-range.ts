import type { LogTime } from "../model/capture.js";
import { stretch, type TimeSpan } from "./sink.js";

/**
 * The earliest and the latest of many times that a file gives in two numbers, the second
 * below the unit of the first. Most records are only counted: this compares their times
 * as they stand and allocates nothing.
 */
export class TimeRange {
	/** Nothing was added since a span was stretched over it. */
	isStretched = true;
	#leastHigh = Number.POSITIVE_INFINITY;
	#leastLow = 0;
	#greatestHigh = Number.NEGATIVE_INFINITY;
	#greatestLow = 0;

	add(high: number, low: number): void {
		this.isStretched = false;
		if (
			high > this.#greatestHigh ||
			(high === this.#greatestHigh && low > this.#greatestLow)
		) {
			this.#greatestHigh = high;
			this.#greatestLow = low;
		}
		if (
			high < this.#leastHigh ||
			(high === this.#leastHigh && low < this.#leastLow)
		) {
			this.#leastHigh = high;
			this.#leastLow = low;
		}
	}

	/** Stretches a span over all that was added. */
	stretch(
		span: TimeSpan,
		toTime: (high: number, low: number) => LogTime,
	): void {
		this.isStretched = true;
		if (this.#leastHigh <= this.#greatestHigh) {
			stretch(span, toTime(this.#leastHigh, this.#leastLow));
			stretch(span, toTime(this.#greatestHigh, this.#greatestLow));
		}
	}
}
