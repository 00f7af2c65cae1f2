import type { LogTime } from "../model/capture.js";
import { compareTimes, type Item, indexAfter } from "./item.js";

/** More are not kept: those go that lie furthest ahead, else the first. */
const milestoneLimit = 16;

/** What was left at a time. */
interface Milestone<Left> {
	readonly at: LogTime;
	readonly left: Left;
}

/**
 * Where one can go back to on a way through items: close to each other before where one is
 * and ever further apart before that, so that a long way has few.
 */
export class Milestones<Left> {
	readonly #every: number;
	/** In order of time. */
	#all: Milestone<Left>[] = [];

	/** @param every the least items between two of them */
	constructor(every: number) {
		this.#every = every;
	}

	/** The last one that is not after a time. */
	before(time: LogTime): Milestone<Left> | undefined {
		return this.#all.findLast(({ at }) => compareTimes(at, time) <= 0);
	}

	/**
	 * Where they are to be left on a way forwards, in order: there are none yet.
	 *
	 * @param from null: from the begin
	 * @param items in order
	 */
	due(
		from: LogTime | null,
		to: LogTime,
		items: readonly Item[],
	): readonly LogTime[] {
		const begin = from === null ? 0 : indexAfter(items, from);
		const end = indexAfter(items, to);
		const known = this.before(to);
		const last = known === undefined ? 0 : indexAfter(items, known.at);
		const times: LogTime[] = [];
		for (let back = this.#every; end - back > begin; back *= 2) {
			const time = items[end - back - 1]?.begin;
			if (time !== undefined && end - back - last >= this.#every) {
				times.unshift(time);
			}
		}
		// Who goes on in small steps leaves one now and then where it is.
		return from !== null && begin - last >= this.#every
			? [from, ...times]
			: times;
	}

	/** Behind all that are not after it. */
	leave(at: LogTime, left: Left): void {
		const index = this.#all.findIndex(
			(other) => compareTimes(other.at, at) > 0,
		);
		const milestone = { at, left };
		if (index < 0) {
			this.#all.push(milestone);
		} else {
			this.#all.splice(index, 0, milestone);
		}
		if (this.#all.length > milestoneLimit) {
			this.#all.splice(index < 0 ? 0 : -1, 1);
		}
	}

	/** Those of a time, and after it, are no more true. */
	dropFrom(time: LogTime): void {
		this.#all = this.#all.filter(({ at }) => compareTimes(at, time) < 0);
	}
}
