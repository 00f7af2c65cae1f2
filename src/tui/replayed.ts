import type { LogTime } from "../model/capture.js";
import { cutRow, hasEnded } from "./cut.js";
import { compareTimes, type Item, indexAfter, journeyOf } from "./item.js";
import type { ItemChange } from "./item-list.js";
import { Milestones } from "./milestones.js";
import { Observed } from "./observed.js";
import type { ListRow } from "./world.js";

/** From so many items before where it is one goes back without the begin. */
const stride = 2048;

/** Finds a journey, as far as it is known. */
type Find = (journey: number) => Item | undefined;

/** What had been seen at a time. */
interface Seen {
	readonly observed: Observed;
	/** What had begun and not ended, and what was told of it. */
	readonly open: ReadonlyMap<Item, ListRow>;
}

/**
 * What had been seen at a moment of the log. Forwards it goes on from where it was, and
 * leaves milestones; backwards it goes on from the last of them before that moment.
 */
export class Replayed {
	readonly #milestones: Milestones<Seen>;
	#observed = new Observed();
	#at: LogTime | null = null;
	#open = new Map<Item, ListRow>();

	/** @param every the least items between milestones */
	constructor(every = stride) {
		this.#milestones = new Milestones(every);
	}

	/** Of what changed nothing is true any more that was seen since it began. */
	change({ added, goneSince }: ItemChange): void {
		for (const since of [added[0]?.begin, goneSince]) {
			if (since) {
				this.#milestones.dropFrom(since);
				const isBefore = this.#at && compareTimes(this.#at, since) < 0;
				this.#at = isBefore ? this.#at : null;
			}
		}
	}

	/** @param items in order */
	until(at: LogTime, items: readonly Item[], find: Find): Observed {
		const known = this.#milestones.before(at);
		const isBack = this.#at === null || compareTimes(at, this.#at) < 0;
		const isNearer = known && this.#at && compareTimes(this.#at, known.at) < 0;
		if (isBack || isNearer) {
			this.#goTo(known?.at ?? null, known?.left);
		}
		const due = this.#milestones.due(this.#at, at, items);
		for (const milestone of due) {
			this.#advance(milestone, items, find);
			this.#milestones.leave(milestone, {
				observed: this.#observed.copy(this.#open.values()),
				open: new Map(this.#open),
			});
		}
		this.#advance(at, items, find);
		return this.#observed;
	}

	/** @param at null: to the begin */
	#goTo(at: LogTime | null, seen: Seen | undefined): void {
		this.#open = new Map(seen?.open);
		this.#observed = seen?.observed.copy(this.#open.values()) ?? new Observed();
		this.#at = at;
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
		const isOver = hasEnded(item, at);
		const row = isOver ? item.row : cutRow(item, at, find);
		if (!isOver) {
			this.#open.set(item, row);
		} else if (before !== null) {
			this.#open.delete(item);
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
