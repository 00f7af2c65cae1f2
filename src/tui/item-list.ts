import type { LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import {
	compareItems,
	compareTimes,
	exchangeItem,
	type Item,
	journeyItem,
	mergeItems,
	removeGone,
} from "./item.js";

/** What came is put in order at the latest when it is so much. */
const pendingLimit = 4096;

/** What became different when what came was put in order. */
export interface ItemChange {
	/** In order; some may be gone already. */
	readonly added: readonly Item[];
	/** Begin of the earliest that is gone, or was another when it was told before; null: none. */
	readonly goneSince: LogTime | null;
}

/**
 * Journeys and exchanges in order of their begin. What comes is put in order together, so
 * that what comes late costs no more than the rest.
 */
export class ItemList {
	readonly #limit: number;
	readonly #onChange: (change: ItemChange) => void;
	readonly #items: Item[] = [];
	#pending: Item[] = [];
	#goneSince: LogTime | null = null;
	readonly #journeys = new Map<number, Item>();
	readonly #exchanges = new Map<number, Item>();
	readonly #exchangeOf = new Map<number, number>();
	#serial = 0;
	#forgotten = 0;

	/** @param limit of journeys, and of exchanges */
	constructor(limit: number, onChange: (change: ItemChange) => void) {
		this.#limit = limit;
		this.#onChange = onChange;
	}

	/** In order; what came since `settle` is not among them. */
	get items(): readonly Item[] {
		return this.#items;
	}

	/** What is not kept any more. */
	get forgotten(): number {
		return this.#forgotten;
	}

	/** Of the last one that came. */
	get serial(): number {
		return this.#serial;
	}

	findJourney(id: number): Item | undefined {
		return this.#journeys.get(id);
	}

	findExchange(id: number): Item | undefined {
		return this.#exchanges.get(id);
	}

	/** The exchange that a journey is a message of. */
	findExchangeOf(journey: number): Item | undefined {
		const id = this.#exchangeOf.get(journey);
		return id === undefined ? undefined : this.#exchanges.get(id);
	}

	/** Replaces one that has the same id; returns what it was. */
	addJourney(journey: Journey): Journey | null {
		const before = this.#replace(this.#journeys.get(journey.id));
		const item = journeyItem(journey, this.#serialOf(before));
		this.#journeys.set(journey.id, item);
		this.#push(item);
		return before?.row.kind === "journey" ? before.row.journey : null;
	}

	/** Replaces one that has the same id; returns what it was. */
	addExchange(exchange: Exchange): Exchange | null {
		const before = this.#replace(this.#exchanges.get(exchange.id));
		const item = exchangeItem(exchange, this.#serialOf(before), (journey) =>
			this.#journeys.get(journey),
		);
		this.#exchanges.set(exchange.id, item);
		for (const { journey } of exchange.messages) {
			this.#exchangeOf.set(journey, exchange.id);
		}
		this.#push(item);
		return before?.row.kind === "exchange" ? before.row.exchange : null;
	}

	/** Puts what came in order, and forgets the oldest where there is too much. */
	settle(): void {
		if (this.#pending.length === 0) {
			return;
		}
		const added = this.#pending.filter(({ isGone }) => !isGone);
		added.sort(compareItems);
		this.#pending = [];
		if (this.#goneSince !== null) {
			removeGone(this.#items);
		}
		mergeItems(this.#items, added);
		if (this.#forget() > 0) {
			removeGone(this.#items);
		}
		const goneSince = this.#goneSince;
		this.#goneSince = null;
		this.#onChange({ added, goneSince });
	}

	#replace(before: Item | undefined): Item | undefined {
		if (before !== undefined) {
			this.#remove(before);
		}
		return before;
	}

	#serialOf(before: Item | undefined): number {
		this.#serial += before === undefined ? 1 : 0;
		return before?.serial ?? this.#serial;
	}

	#push(item: Item): void {
		this.#pending.push(item);
		if (this.#pending.length >= pendingLimit) {
			this.settle();
		}
	}

	/** The oldest, where there are too many; returns how many went. */
	#forget(): number {
		let journeys = excess(this.#journeys.size, this.#limit);
		let exchanges = excess(this.#exchanges.size, this.#limit);
		const before = this.#forgotten;
		for (const item of this.#items) {
			if (journeys <= 0 && exchanges <= 0) {
				break;
			}
			if (item.row.kind === "journey" && journeys > 0) {
				journeys -= 1;
				this.#journeys.delete(item.row.journey.id);
				this.#drop(item);
			} else if (item.row.kind === "exchange" && exchanges > 0) {
				exchanges -= 1;
				this.#dropExchange(item.row.exchange);
				this.#drop(item);
			}
		}
		return this.#forgotten - before;
	}

	#dropExchange({ id, messages }: Exchange): void {
		this.#exchanges.delete(id);
		for (const { journey } of messages) {
			if (this.#exchangeOf.get(journey) === id) {
				this.#exchangeOf.delete(journey);
			}
		}
	}

	#drop(item: Item): void {
		this.#remove(item);
		this.#forgotten += 1;
	}

	#remove(item: Item): void {
		item.isGone = true;
		this.#goneSince = earlier(this.#goneSince, item.begin);
	}
}

function earlier(known: LogTime | null, time: LogTime): LogTime {
	return known === null || compareTimes(time, known) < 0 ? time : known;
}

/** Some at once, as taking them out passes over all. */
function excess(size: number, limit: number): number {
	return size > limit ? size - limit + Math.floor(limit / 16) : 0;
}
