import { elapsedNs, epoch, type LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import { isWorthARow } from "../show/exchange-text.js";
import type { ListRow } from "./world.js";

/** A journey or an exchange as it was told last, and its place in time. */
export interface Item {
	readonly row: ListRow;
	readonly begin: LogTime;
	/** From its begin until all of it had happened, in nanoseconds. */
	readonly durationNs: number;
	/** False: kept for what else is known by it, and not shown in the list. */
	readonly isRow: boolean;
	/** Counts what was told first, so that what came since can be counted. */
	readonly serial: number;
	/** It was told again, or is not kept any more. */
	isGone: boolean;
}

/** So long after the question it is said that nobody answered, in nanoseconds. */
const unansweredNs = 2e9;

export function journeyItem(journey: Journey, serial: number): Item {
	const { hops, copies, id } = journey;
	const begin = beginOf(journey);
	let durationNs = 0;
	for (const { time } of hops) {
		durationNs = Math.max(durationNs, elapsedNs(begin, time));
	}
	for (const { time } of copies) {
		durationNs = Math.max(durationNs, elapsedNs(begin, time));
	}
	return {
		row: { kind: "journey", journey, key: keyOf("journey", id) },
		begin,
		durationNs,
		isRow: true,
		serial,
		isGone: false,
	};
}

/** @param find the journeys it is made of, as far as they are known */
export function exchangeItem(
	exchange: Exchange,
	serial: number,
	find: (journey: number) => Item | undefined,
): Item {
	const { id, since, lease, outcome, causes } = exchange;
	let durationNs = lease === null ? 0 : elapsedNs(since, lease.since);
	const waitedNs = outcome === "unanswered" ? unansweredNs : 0;
	for (const { journey } of exchange.messages) {
		const message = find(journey);
		if (message !== undefined) {
			const endNs = elapsedNs(since, message.begin) + message.durationNs;
			durationNs = Math.max(durationNs, endNs + waitedNs);
		}
	}
	return {
		row: { kind: "exchange", exchange, key: keyOf("exchange", id) },
		begin: since,
		durationNs,
		isRow: isWorthARow(exchange) || causes.length > 0,
		serial,
		isGone: false,
	};
}

/** The journey that an item is; null: it is none. */
export function journeyOf(item: Item | undefined): Journey | null {
	return item?.row.kind === "journey" ? item.row.journey : null;
}

/** The key of a row: a journey and an exchange may have one id. */
export function keyOf(kind: ListRow["kind"], id: number): string {
	return `${kind} ${id}`;
}

/** When a journey was seen first. */
export function beginOf({ hops, copies }: Journey): LogTime {
	return (hops[0] ?? copies[0])?.time ?? epoch;
}

/** In order of time; of one time journeys first, each kind by id. */
export function compareItems(a: Item, b: Item): number {
	return (
		compareTimes(a.begin, b.begin) ||
		rankOf(a.row) - rankOf(b.row) ||
		idOf(a.row) - idOf(b.row)
	);
}

/** Exact, however far apart they are. */
export function compareTimes(a: LogTime, b: LogTime): number {
	return a.seconds - b.seconds || a.nanos - b.nanos;
}

function rankOf({ kind }: ListRow): number {
	return kind === "journey" ? 0 : 1;
}

function idOf(row: ListRow): number {
	return row.kind === "journey" ? row.journey.id : row.exchange.id;
}

/** Where the first item stands that began after a time, in items in order. */
export function indexAfter(items: readonly Item[], time: LogTime): number {
	let low = 0;
	let high = items.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const item = items[middle];
		if (item !== undefined && compareTimes(item.begin, time) <= 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

/** Merges items in order into others in order; quick when they belong near the end. */
export function mergeItems(items: Item[], added: readonly Item[]): void {
	let from = items.length - 1;
	let next = added.length - 1;
	let to = from + added.length;
	for (const item of added) {
		items.push(item);
	}
	while (next >= 0) {
		const last = added[next] as Item;
		const before = from >= 0 ? items[from] : undefined;
		if (before !== undefined && compareItems(before, last) > 0) {
			items[to] = before;
			from -= 1;
		} else {
			items[to] = last;
			next -= 1;
		}
		to -= 1;
	}
}

/** Takes out what is gone. */
export function removeGone(items: Item[]): void {
	let kept = 0;
	for (const item of items) {
		if (!item.isGone) {
			items[kept] = item;
			kept += 1;
		}
	}
	items.length = kept;
}
