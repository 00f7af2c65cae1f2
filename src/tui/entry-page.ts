import type { Exchange } from "../model/exchange.js";
import type { SafeText } from "../model/safe-text.js";
import { cut } from "../show/cell-width.js";
import { clampScroll, fit } from "./cells.js";
import type { Look } from "./look.js";
import type { PageCursor } from "./view.js";

/** What enter opens of an entry. */
export type Opening =
	/** The first of these exchanges that is still there. */
	| { readonly kind: "exchange"; readonly of: readonly Exchange[] }
	/** The journeys of the VM that has this key or name. */
	| { readonly kind: "vm"; readonly named: string }
	/** What passed this port. */
	| { readonly kind: "port"; readonly name: SafeText }
	| { readonly kind: "nothing"; readonly why: string };

/** What the cursor of a page stands on. */
export interface Entry {
	/** What it is known by when the world has changed: by the first of these that is there. */
	readonly keys: readonly string[];
	readonly opens: Opening;
}

/** Some rows of a page; the cursor goes to those of an entry. */
export interface PagePart {
	readonly rows: readonly string[];
	readonly entry?: Entry;
}

/** An entry, and which rows of the page are its own. */
export interface PlacedEntry extends Entry {
	readonly first: number;
	readonly count: number;
	/** With it are read the rows between it and the one before, behind the last all. */
	readonly start: number;
	readonly end: number;
}

/** A page on which a cursor goes from entry to entry. */
export interface EntryPage {
	readonly rows: readonly string[];
	readonly entries: readonly PlacedEntry[];
}

/** A page of its parts, no row wider than so many cells. */
export function joinParts(
	parts: readonly PagePart[],
	columns: number,
): EntryPage {
	const rows: string[] = [];
	const entries: PlacedEntry[] = [];
	for (const { rows: own, entry } of parts) {
		const first = rows.length;
		rows.push(...own.map((row) => cut(row, columns)));
		if (entry !== undefined && own.length > 0) {
			const start = entries.at(-1)?.end ?? 0;
			const end = rows.length;
			entries.push({ ...entry, first, count: own.length, start, end });
		}
	}
	const last = entries.pop();
	return last === undefined
		? { rows, entries }
		: { rows, entries: [...entries, { ...last, end: rows.length }] };
}

/** Which entry the cursor stands on: the first where there is none yet; -1: there are none. */
export function findEntry(
	entries: readonly Entry[],
	cursor: PageCursor | undefined,
): number {
	if (cursor === undefined || entries.length === 0) {
		return Math.min(0, entries.length - 1);
	}
	const { keys, index } = cursor;
	const [own = ""] = keys;
	if (entries[index]?.keys[0] === own) {
		return index;
	}
	for (const key of keys) {
		const found = entries.findIndex((entry) => entry.keys.includes(key));
		if (found >= 0) {
			return found;
		}
	}
	return Math.min(index, entries.length - 1);
}

/** Rows of the page in sight for certain: the last one may say how many follow. */
export function sureRows(height: number): number {
	return Math.max(1, height - 1);
}

/** First row of the window in which the entry of the cursor stands where it stood. */
export function topOfPage(
	{ rows, entries }: EntryPage,
	cursor: PageCursor | undefined,
	height: number,
): number {
	const entry = entries[findEntry(entries, cursor)];
	if (entry === undefined) {
		return 0;
	}
	const { first, start, end } = entry;
	const last = end - sureRows(height);
	const above = cursor?.above;
	const wanted = above === undefined ? 0 : first - above;
	const least = Math.min(start, last);
	const top = Math.max(least, Math.min(wanted, Math.max(start, last)));
	return clampScroll(top, rows.length, height);
}

/** Codes of tones: what `Look.paint` puts around a text. */
const codes = new RegExp(`${"\u001b"}\\[[0-9;]*m`, "g");

/** The rows, those of the entry that the cursor stands on marked in their first cell. */
export function markEntry(
	{ rows, entries }: EntryPage,
	cursor: PageCursor | undefined,
	columns: number,
	look: Look,
): string[] {
	const entry = entries[findEntry(entries, cursor)];
	if (entry === undefined) {
		return [...rows];
	}
	const { first, count } = entry;
	return rows.map((row, at) => {
		if (at < first || at >= first + count) {
			return row;
		}
		return at === first
			? look.paint(
					"selected",
					fit(`▸${row.replace(codes, "").slice(1)}`, columns),
				)
			: look.paint("accent", "│") + row.slice(1);
	});
}
