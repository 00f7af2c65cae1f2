import type { LogTime } from "../model/capture.js";
import { cutRow, hasEnded } from "./cut.js";
import { compareTimes, type Item, indexAfter, journeyOf } from "./item.js";
import { Observed } from "./observed.js";
import type { ListRow } from "./world.js";

/**
 * What had been seen at a moment of the log. Forwards it goes on from where it was;
 * backwards it begins anew.
 */
export class Replayed {
	#observed = new Observed();
	#at: LogTime | null = null;
	/** What had begun and not ended, and what was told of it. */
	#open = new Map<Item, ListRow>();

	/** Something came into the past, or went: what was seen until then is no more true. */
	change(items: readonly Item[]): void {
		const [first] = items;
		if (
			first !== undefined &&
			this.#at !== null &&
			compareTimes(first.begin, this.#at) <= 0
		) {
			this.#at = null;
		}
	}

	/**
	 * @param items in order
	 * @param find journeys, as far as they are known
	 */
	until(
		at: LogTime,
		items: readonly Item[],
		find: (journey: number) => Item | undefined,
	): Observed {
		if (this.#at === null || compareTimes(at, this.#at) < 0) {
			this.#observed = new Observed();
			this.#open = new Map();
			this.#at = null;
		}
		for (const [item, before] of [...this.#open]) {
			this.#tell(item, at, before, find);
		}
		let index = this.#at === null ? 0 : indexAfter(items, this.#at);
		const end = indexAfter(items, at);
		for (; index < end; index += 1) {
			this.#tell(items[index] as Item, at, null, find);
		}
		this.#at = at;
		return this.#observed;
	}

	#tell(
		item: Item,
		at: LogTime,
		before: ListRow | null,
		find: (journey: number) => Item | undefined,
	): void {
		const row = cutRow(item, at, find);
		const isOver = hasEnded(item, at);
		if (isOver) {
			this.#open.delete(item);
		} else {
			this.#open.set(item, row);
		}
		if (row.kind === "journey") {
			const earlier = before?.kind === "journey" ? before.journey : null;
			this.#observed.addJourney(row.journey, earlier);
		} else if (isOver) {
			this.#observed.addExchange(row.exchange, null, (id) =>
				journeyOf(find(id)),
			);
		}
	}
}
