import { cut, widthOf } from "../show/cell-width.js";
import { formatGrouped } from "./cells.js";
import type { Look, Size } from "./look.js";
import { guard, wrapWords } from "./page-lines.js";
import type { HealthRead, View } from "./view.js";
import type { CaptureHealth, World } from "./world.js";

/** Nothing of the capture's health was read yet. */
export const nothingRead: HealthRead = { said: 0, dropped: 0, hasEnded: false };

/** The page that tells of the capture's health is there: what it says is read. */
export function readHealth(view: View, { health }: World): View {
	const { read } = view;
	const said = saidOf(health);
	const dropped = health.dropped ?? 0;
	const hasEnded = (health.ending ?? null) !== null;
	const isSame =
		read.said === said &&
		read.dropped === dropped &&
		read.hasEnded === hasEnded;
	return isSame ? view : { ...view, read: { said, dropped, hasEnded } };
}

function saidOf({ notices, said }: CaptureHealth): number {
	return said ?? notices.length;
}

/** What concerns everything that is shown: that the capture ended, and what it lost. */
export function tellFaults(health: CaptureHealth, read: HealthRead): string[] {
	const { dropped, ending } = health;
	const hasEnded = (ending ?? null) !== null && !read.hasEnded;
	const isLosing = dropped !== null && dropped > read.dropped;
	return [
		...(hasEnded ? [guard(ending ?? "")] : []),
		...(isLosing
			? [
					`${formatGrouped(dropped)} ${dropped === 1 ? "frame" : "frames"} lost by the capture: verdicts of that time are inconclusive`,
				]
			: []),
	];
}

/** How many things of the capture's health there are that were not read. */
export function countAlerts(health: CaptureHealth, read: HealthRead): number {
	const fresh = Math.max(0, saidOf(health) - read.said);
	return tellFaults(health, read).length + fresh;
}

/**
 * What is wrong with the capture itself, on every page until it was read on its own: the
 * gravest or first of it, and how much more there is.
 */
export function drawAlert(
	{ health }: World,
	{ read, page, overlay }: View,
	{ columns, rows }: Size,
	{ paint }: Look,
): string[] {
	const count = countAlerts(health, read);
	if (count === 0 || (page === "health" && overlay === null)) {
		return [];
	}
	const { notices } = health;
	const fresh = Math.max(0, saidOf(health) - read.said);
	const first = notices[Math.max(0, notices.length - fresh)];
	const text = tellFaults(health, read)[0] ?? guard(first?.message ?? "");
	const more = count > 1 ? formatGrouped(count - 1) : null;
	const ends =
		more === null
			? [" (5: health)", " (5)"]
			: [` (${more} more, 5: health)`, ` (+${more}: 5)`];
	return layOut(`! ${text}`, ends, columns - 1, rows < 20 ? 1 : 2).map(
		(line) => ` ${paint("bad", line)}`,
	);
}

/**
 * On one row, or on as many as there may be; what does not fit is cut, not the word on
 * where to read it.
 *
 * @param ends that word, and a shorter one
 */
function layOut(
	text: string,
	ends: readonly string[],
	columns: number,
	most: number,
): string[] {
	const [long = "", short = ""] = ends;
	const fitting = ends.find((end) => widthOf(text + end) <= columns);
	if (fitting !== undefined) {
		return [text + fitting];
	}
	if (most === 1) {
		return [cut(text, columns - widthOf(short)) + short];
	}
	const [first = "", ...others] = wrapWords(text, columns);
	const rest = cut(others.join(" "), columns - widthOf(long) - 1);
	return [first, ` ${rest}${long}`];
}
