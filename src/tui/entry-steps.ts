import { clampScroll } from "./cells.js";
import {
	type EntryPage,
	findEntry,
	sureRows,
	topOfPage,
} from "./entry-page.js";
import type { PageCursor } from "./view.js";

/** Which entry, and the first row of the window. */
interface Spot {
	readonly index: number;
	readonly top: number;
}

/**
 * The cursor so many rows further, from entry to entry; one that is higher than the window
 * is scrolled before it is left.
 *
 * @param by rows; 1: to the next entry
 * @param height rows of the window
 */
export function moveEntry(
	page: EntryPage,
	cursor: PageCursor | undefined,
	by: number,
	height: number,
): PageCursor | undefined {
	const step = by < 0 ? stepUp : stepDown;
	const from: Spot = {
		index: findEntry(page.entries, cursor),
		top: topOfPage(page, cursor, height),
	};
	let spot = from;
	for (let gone = 0; gone < Math.abs(by); ) {
		const next = step(page, spot, height);
		const far = distance(page, from, next);
		const isStuck = next.index === spot.index && next.top === spot.top;
		// No row shall be passed over unseen.
		if (isStuck || (gone > 0 && far > Math.abs(by))) {
			break;
		}
		gone = Math.max(1, far);
		spot = next;
	}
	const entry = page.entries[spot.index];
	return entry === undefined
		? cursor
		: { keys: entry.keys, index: spot.index, above: entry.first - spot.top };
}

/** By how many rows the window, or what is looked at in it, is another. */
function distance(page: EntryPage, from: Spot, to: Spot): number {
	const rows = Math.abs(rowOf(page, to) - rowOf(page, from));
	return Math.max(rows, Math.abs(to.top - from.top));
}

/** The row that is looked at: of an entry that is scrolled, the first in sight. */
function rowOf({ entries }: EntryPage, { index, top }: Spot): number {
	const { start = 0, end = 1 } = entries[index] ?? {};
	return Math.max(start, Math.min(top, end - 1));
}

function stepDown(
	{ entries, rows }: EntryPage,
	spot: Spot,
	height: number,
): Spot {
	const { index, top } = spot;
	const entry = entries[index];
	const next = entries[index + 1];
	const isEnd = top + height >= rows.length;
	const seen = top + (isEnd ? height : sureRows(height));
	if (entry !== undefined && entry.end > seen) {
		return { index, top: top + 1 };
	}
	if (next === undefined) {
		return spot;
	}
	const low = Math.min(next.start, next.end - sureRows(height));
	const wanted = next.end > seen ? low : top;
	return { index: index + 1, top: clampScroll(wanted, rows.length, height) };
}

function stepUp(
	{ entries, rows }: EntryPage,
	spot: Spot,
	height: number,
): Spot {
	const { index, top } = spot;
	const entry = entries[index];
	const before = entries[index - 1];
	if (entry !== undefined && entry.start < top) {
		return { index, top: top - 1 };
	}
	if (before === undefined) {
		return spot;
	}
	const high = Math.max(before.start, before.end - sureRows(height));
	const wanted = Math.min(top, high);
	return { index: index - 1, top: clampScroll(wanted, rows.length, height) };
}
