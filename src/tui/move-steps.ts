import type { Action } from "./action.js";
import { clampScroll } from "./cells.js";
import { scrolledRows } from "./draw-body.js";
import { drawHelp } from "./draw-help.js";
import { drawEntries, hasEntries } from "./entry-pages.js";
import { moveEntry } from "./entry-steps.js";
import {
	findCursor,
	following,
	isProblem,
	moveCursor,
	moveTo,
	placeCursor,
} from "./list-cursor.js";
import type { Size } from "./look.js";
import { planScreen, type ScreenPlan } from "./screen-plan.js";
import { firstHopOf } from "./selected-frame.js";
import { plainLook } from "./theme.js";
import type { View } from "./view.js";
import type { Details, World } from "./world.js";

/** What a step is taken among. */
export interface Place {
	readonly world: World;
	readonly size: Size;
	readonly details: Details;
}

/** Up, down, by pages, to an end. */
export type MoveAction = Extract<
	Action,
	{
		readonly kind:
			| "move"
			| "page move"
			| "half page move"
			| "to first"
			| "to last";
	}
>;

/** Moves whatever scrolls now: the list's selection, a page, or what is open over it. */
export function move(view: View, action: MoveAction, place: Place): View {
	const { overlay } = view;
	const { world, size } = place;
	if (overlay?.kind === "help") {
		const height = size.rows - 3;
		const count = drawHelp(view, size.columns, plainLook).length;
		const scroll = scrollBy(overlay.scroll, action, count, height);
		return { ...view, overlay: { ...overlay, scroll } };
	}
	const plan = planScreen(world, view, size);
	if (overlay?.kind === "vms") {
		const last = world.vms.length;
		const by = amountOf(action, plan.bodyRows, last + 1);
		const index = Math.max(0, Math.min(last, overlay.index + by));
		return { ...view, overlay: { ...overlay, index } };
	}
	if (overlay === null && view.page === "journeys") {
		return moveInList(view, action, world, plan);
	}
	if (overlay === null && hasEntries(view.page)) {
		return moveInEntries(view, action, world, plan);
	}
	return scroll(view, action, place, plan);
}

function scroll(
	view: View,
	action: MoveAction,
	{ world, details }: Place,
	{ bodyColumns, bodyRows }: ScreenPlan,
): View {
	const { overlay } = view;
	const parts = { world, view, details, look: plainLook };
	const rows = scrolledRows(parts, bodyColumns);
	const by = (from: number) => scrollBy(from, action, rows.length, bodyRows);
	return overlay?.kind === "details"
		? { ...view, overlay: { ...overlay, scroll: by(overlay.scroll) } }
		: { ...view, scroll: by(view.scroll) };
}

function scrollBy(
	from: number,
	action: MoveAction,
	count: number,
	height: number,
): number {
	const to = clampScroll(from, count, height) + amountOf(action, height, count);
	return clampScroll(to, count, height);
}

/** How many rows an action goes; to an end: as many as there are. */
function amountOf(action: MoveAction, height: number, count: number): number {
	switch (action.kind) {
		case "move":
			return action.by;
		case "page move":
			return action.by * Math.max(1, height - 1);
		case "half page move":
			return action.by * Math.max(1, Math.floor(height / 2));
		case "to first":
			return -count;
		case "to last":
			return count;
	}
}

function moveInList(
	view: View,
	action: MoveAction,
	{ rows }: World,
	{ listRows }: ScreenPlan,
): View {
	if (action.kind === "to last" || rows.length === 0) {
		return { ...view, cursor: following };
	}
	if (action.kind === "to first") {
		return { ...view, cursor: placeCursor(rows, 0, 0) };
	}
	const by = amountOf(action, listRows, rows.length);
	return { ...view, cursor: moveCursor(rows, view.cursor, by, listRows) };
}

function moveInEntries(
	view: View,
	action: MoveAction,
	world: World,
	{ bodyColumns, bodyRows }: ScreenPlan,
): View {
	const { page, entries } = view;
	if (!hasEntries(page)) {
		return view;
	}
	const drawn = drawEntries(world, page, bodyColumns, plainLook);
	const count = drawn.rows.length;
	if (drawn.entries.length === 0) {
		return { ...view, scroll: scrollBy(view.scroll, action, count, bodyRows) };
	}
	const by = amountOf(action, bodyRows, count);
	const cursor = moveEntry(drawn, entries?.[page], by, bodyRows);
	return { ...view, entries: { ...entries, [page]: cursor } };
}

/** To the next or previous row that was not plainly delivered, past the ends as well. */
export function toProblem(view: View, by: -1 | 1, place: Place): View {
	const { rows } = place.world;
	const { overlay } = view;
	const own =
		overlay?.kind === "details"
			? rows.findIndex(({ key }) => key === overlay.key)
			: findCursor(rows, view.cursor);
	const from = Math.max(0, own);
	const found = findProblem(place.world, from, by);
	const row = found === null ? undefined : rows[found];
	if (found === null || row === undefined) {
		const hint = hintAtLoss(view, place.world);
		const message =
			hint === ""
				? "everything here was delivered"
				: `no problem up to here${hint}`;
		return { ...view, message };
	}
	const { listRows } = planScreen(place.world, view, place.size);
	const cursor = moveTo(rows, view.cursor, found, listRows);
	const wrapped = by > 0 ? found <= from : found >= from;
	const message = !wrapped
		? null
		: found === from
			? `no other problem here${hintAtLoss(view, place.world)}`
			: by > 0
				? `past the end: the first problem${hintAtLoss(view, place.world)}`
				: "past the begin: the last problem";
	const open =
		overlay?.kind === "details"
			? {
					...overlay,
					key: row.key,
					scroll: 0,
					hop: firstHopOf(row, place.details),
				}
			: overlay;
	return { ...view, page: "journeys", cursor, overlay: open, message };
}

/** What is shown of a replay ends where it is: the log may go on to a loss. */
function hintAtLoss({ player }: View, { timeline }: World): string {
	const positionNs = player?.positionNs ?? null;
	if (positionNs === null) {
		return "";
	}
	return timeline?.next("loss", positionNs, 1) == null
		? "; none comes after it in the log"
		: "; e goes to the next loss in the log";
}

function findProblem({ rows }: World, from: number, by: -1 | 1): number | null {
	for (let step = 1; step <= rows.length; step++) {
		const index = (from + by * step + rows.length * 2) % rows.length;
		const row = rows[index];
		if (row !== undefined && isProblem(row)) {
			return index;
		}
	}
	return null;
}
