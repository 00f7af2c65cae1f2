import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import { type Item, indexAfter } from "./item.js";
import type { Stop, Timeline } from "./world.js";

/** What the times that a player stops at are looked up in. */
export interface StopSources {
	readonly begin: LogTime;
	readonly end: LogTime;
	/** In order. */
	readonly items: readonly Item[];
	/** Longest of all of them, in nanoseconds. */
	readonly longestNs: number;
	/** Whether an item is of what the view shows. */
	readonly concerns: (item: Item) => boolean;
}

/** Finds where a player can stop, near where it is. */
export class Stops implements Timeline {
	readonly lengthNs: number;
	readonly #sources: StopSources;

	constructor(sources: StopSources) {
		this.#sources = sources;
		this.lengthNs = elapsedNs(sources.begin, sources.end);
	}

	next(of: Stop, positionNs: number, by: -1 | 1): number | null {
		return by > 0 ? this.#after(of, positionNs) : this.#before(of, positionNs);
	}

	/** What began before can have a stop after it, as far as the longest one reaches. */
	#after(of: Stop, positionNs: number): number | null {
		const { begin, items, longestNs, concerns } = this.#sources;
		const from = addNs(begin, Math.floor(positionNs - longestNs) - 1);
		let best: number | null = null;
		for (let at = indexAfter(items, from); at < items.length; at += 1) {
			const item = items[at] as Item;
			if (best !== null && elapsedNs(begin, item.begin) > best) {
				break;
			}
			for (const stop of isOf(item, of) ? this.#stopsOf(item, of) : []) {
				const isNearer = best === null || stop < best;
				if (stop > positionNs && isNearer && concerns(item)) {
					best = stop;
				}
			}
		}
		return best;
	}

	#before(of: Stop, positionNs: number): number | null {
		const { begin, items, longestNs, concerns } = this.#sources;
		const last = indexAfter(items, addNs(begin, Math.floor(positionNs))) - 1;
		let best: number | null = null;
		for (let at = last; at >= 0; at -= 1) {
			const item = items[at] as Item;
			if (best !== null && elapsedNs(begin, item.begin) + longestNs < best) {
				break;
			}
			for (const stop of isOf(item, of) ? this.#stopsOf(item, of) : []) {
				const isNearer = best === null || stop > best;
				if (stop < positionNs && isNearer && concerns(item)) {
					best = stop;
				}
			}
		}
		return best;
	}

	#stopsOf(item: Item, of: Stop): number[] {
		const { begin } = this.#sources;
		const firstNs = elapsedNs(begin, item.begin);
		if (of === "loss") {
			return [firstNs + item.durationNs];
		}
		return item.row.kind === "journey"
			? item.row.journey.hops.map(({ time }) => elapsedNs(begin, time))
			: [firstNs];
	}
}

function isOf({ row, isRow }: Item, of: Stop): boolean {
	switch (of) {
		case "frame":
			return row.kind === "journey";
		case "exchange":
			return row.kind === "exchange";
		case "loss": {
			const outcome =
				row.kind === "journey" ? row.journey.outcome : row.exchange.outcome;
			const isBad =
				outcome === "lost" || outcome === "refused" || outcome === "unanswered";
			return isRow && isBad;
		}
	}
}

/** The longest of items, in nanoseconds; those added are seldom longer. */
export function longestOf(items: readonly Item[], knownNs: number): number {
	return items.reduce(
		(longest, { durationNs }) => Math.max(longest, durationNs),
		knownNs,
	);
}
