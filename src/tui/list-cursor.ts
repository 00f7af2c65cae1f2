import { elapsedNs, type LogTime } from "../model/capture.js";
import { onItsWay } from "./cut.js";
import type { Cursor } from "./view.js";
import type { ListRow } from "./world.js";

/** Follows: the last row is selected, whichever that is. */
export const following: Cursor = { key: null, index: 0 };

/** When what a row is about began; null: it has no time. */
export function timeOf(row: ListRow): LogTime | null {
	return row.kind === "exchange"
		? row.exchange.since
		: (row.journey.hops[0]?.time ?? null);
}

/** Whether a row was not plainly delivered; what is still on its way may be yet. */
export function isProblem(row: ListRow): boolean {
	const { outcome, reason } =
		row.kind === "exchange" ? row.exchange : row.journey;
	return outcome !== "delivered" && reason !== onItsWay;
}

/** Where the selected row is; -1: there are no rows. */
export function findCursor(rows: readonly ListRow[], cursor: Cursor): number {
	const { key, index, time } = cursor;
	const last = rows.length - 1;
	if (key === null || last < 0 || rows[index]?.key === key) {
		return key === null || last < 0 ? last : index;
	}
	const found = rows.findIndex((row) => row.key === key);
	if (found >= 0) {
		return found;
	}
	const later =
		time === undefined ? -1 : rows.findIndex((row) => !isBefore(row, time));
	return later >= 0 ? later : time === undefined ? Math.min(index, last) : last;
}

function isBefore(row: ListRow, time: LogTime): boolean {
	const own = timeOf(row);
	return own !== null && elapsedNs(own, time) > 0;
}

/** First row of the window in which the selected one stands where it stood. */
export function topOf(
	count: number,
	index: number,
	above: number | undefined,
	height: number,
): number {
	const over = Math.max(0, Math.min(above ?? height - 1, height - 1));
	return Math.max(0, Math.min(index - over, count - height));
}

/** A cursor on a row, so many rows below the top of the window. */
export function placeCursor(
	rows: readonly ListRow[],
	index: number,
	above: number,
): Cursor {
	const row = rows[index];
	if (row === undefined) {
		return following;
	}
	const time = timeOf(row);
	return {
		key: row.key,
		index,
		above,
		...(time === null ? {} : { time }),
	};
}

/**
 * The cursor so many rows further. The window goes along only when it must; past the last
 * row it follows again.
 */
export function moveCursor(
	rows: readonly ListRow[],
	cursor: Cursor,
	by: number,
	height: number,
): Cursor {
	const from = findCursor(rows, cursor);
	const last = rows.length - 1;
	if (from < 0 || (by > 0 && from === last)) {
		return following;
	}
	return moveTo(rows, cursor, Math.max(0, Math.min(from + by, last)), height);
}

/** The cursor on another row, the window kept where that is on it. */
export function moveTo(
	rows: readonly ListRow[],
	cursor: Cursor,
	index: number,
	height: number,
): Cursor {
	const from = findCursor(rows, cursor);
	const top = topOf(rows.length, from, cursor.above, height);
	const above = Math.max(0, Math.min(index - top, height - 1));
	return placeCursor(rows, index, above);
}
