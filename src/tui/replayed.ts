import type { LogTime } from "../model/capture.js";
import { cutRow, hasEnded } from "./cut.js";
import { compareTimes, type Item, indexAfter, journeyOf } from "./item.js";
import { Observed } from "./observed.js";
import type { ListRow } from "./world.js";

/** After so many items what had been seen is kept, to begin from there again. */
const milestoneStride = 4096;

/** Finds a journey, as far as it is known. */
type Find = (journey: number) => Item | undefined;

/** What had been seen at a time. */
interface Milestone {
	readonly at: LogTime;
	readonly observed: Observed;
	/** What had begun and not ended, and what was told of it. */
	readonly open: ReadonlyMap<Item, ListRow>;
}

/**
 * What had been seen at a moment of the log. Forwards it goes on from where it was, and
 * leaves milestones; backwards it goes on from the last of them before that moment.
 */
export class Replayed {
	readonly #stride: number;
	/** In order; each is left as it is. */
	#milestones: Milestone[] = [];
	#observed = new Observed();
	#at: LogTime | null = null;
	#open = new Map<Item, ListRow>();

	/** @param stride of milestones, in items */
	constructor(stride = milestoneStride) {
		this.#stride = stride;
	}

	/** Something came into the past, or went: what was seen until then is no more true. */
	change(items: readonly Item[]): void {
		const [first] = items;
		if (first !== undefined) {
			const isBefore = (at: LogTime) => compareTimes(at, first.begin) < 0;
			this.#milestones = this.#milestones.filter(({ at }) => isBefore(at));
			if (this.#at !== null && !isBefore(this.#at)) {
				this.#at = null;
			}
		}
	}

	/** @param items in order */
	until(at: LogTime, items: readonly Item[], find: Find): Observed {
		const before = this.#milestones.findLast(
			(milestone) => compareTimes(milestone.at, at) <= 0,
		);
		if (this.#at === null || compareTimes(at, this.#at) < 0) {
			this.#goTo(before);
		} else if (before !== undefined && compareTimes(this.#at, before.at) < 0) {
			this.#goTo(before);
		}
		for (
			let next = this.#nextMilestone(items);
			next !== undefined && compareTimes(next, at) <= 0;
			next = this.#nextMilestone(items)
		) {
			this.#advance(next, items, find);
			this.#milestones.push({
				at: next,
				observed: this.#observed.copy(this.#open.values()),
				open: new Map(this.#open),
			});
		}
		this.#advance(at, items, find);
		return this.#observed;
	}

	/** Where the next one is to be left; absent: there are not so many items. */
	#nextMilestone(items: readonly Item[]): LogTime | undefined {
		const last = this.#milestones.at(-1);
		const from = last === undefined ? 0 : indexAfter(items, last.at);
		return items[from + this.#stride - 1]?.begin;
	}

	/** @param milestone absent: to the begin */
	#goTo(milestone: Milestone | undefined): void {
		this.#open = new Map(milestone?.open);
		this.#observed =
			milestone?.observed.copy(this.#open.values()) ?? new Observed();
		this.#at = milestone?.at ?? null;
	}

	#advance(at: LogTime, items: readonly Item[], find: Find): void {
		for (const [item, before] of [...this.#open]) {
			this.#tell(item, at, before, find);
		}
		let index = this.#at === null ? 0 : indexAfter(items, this.#at);
		const end = indexAfter(items, at);
		for (; index < end; index += 1) {
			this.#tell(items[index] as Item, at, null, find);
		}
		this.#at = at;
	}

	#tell(item: Item, at: LogTime, before: ListRow | null, find: Find): void {
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
