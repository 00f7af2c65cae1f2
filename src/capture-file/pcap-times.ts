import type { LogTime } from "../model/capture.js";
import { stretch, type TimeSpan } from "./sink.js";

/** The time of a pcap record; a sub-second field of a second or more carries over. */
export function toRecordTime(
	seconds: number,
	subSecond: number,
	unitsPerSecond: number,
): LogTime {
	const carried = Math.floor(subSecond / unitsPerSecond);
	const units = subSecond - carried * unitsPerSecond;
	return {
		seconds: seconds + carried,
		nanos: units * (1e9 / unitsPerSecond),
	};
}

/** The earliest and the latest of the records that were walked; allocates nothing. */
export class RecordTimes {
	readonly #unitsPerSecond: number;
	#leastSeconds = Number.POSITIVE_INFINITY;
	#leastUnits = 0;
	#greatestSeconds = Number.NEGATIVE_INFINITY;
	#greatestUnits = 0;

	constructor(unitsPerSecond: number) {
		this.#unitsPerSecond = unitsPerSecond;
	}

	add(seconds: number, subSecond: number): void {
		if (subSecond >= this.#unitsPerSecond) {
			const carried = Math.floor(subSecond / this.#unitsPerSecond);
			this.add(seconds + carried, subSecond - carried * this.#unitsPerSecond);
			return;
		}
		if (
			seconds > this.#greatestSeconds ||
			(seconds === this.#greatestSeconds && subSecond > this.#greatestUnits)
		) {
			this.#greatestSeconds = seconds;
			this.#greatestUnits = subSecond;
		}
		if (
			seconds < this.#leastSeconds ||
			(seconds === this.#leastSeconds && subSecond < this.#leastUnits)
		) {
			this.#leastSeconds = seconds;
			this.#leastUnits = subSecond;
		}
	}

	/** Stretches a span over what was added. */
	stretch(span: TimeSpan): void {
		if (this.#greatestSeconds >= this.#leastSeconds) {
			stretch(span, this.#time(this.#leastSeconds, this.#leastUnits));
			stretch(span, this.#time(this.#greatestSeconds, this.#greatestUnits));
		}
	}

	#time(seconds: number, units: number): LogTime {
		return toRecordTime(seconds, units, this.#unitsPerSecond);
	}
}
