import { cut } from "../show/cell-width.js";
import { formatCount } from "../show/units.js";
import { clampScroll, fit, takeRows } from "./cells.js";
import { drawDetails } from "./draw-details.js";
import { drawDhcp } from "./draw-dhcp.js";
import { drawHealth } from "./draw-health.js";
import { drawRow } from "./draw-list.js";
import { drawSide, drawVms } from "./draw-vms.js";
import { markEntry, topOfPage } from "./entry-page.js";
import { drawEntries, hasEntries } from "./entry-pages.js";
import { findCursor, topOf } from "./list-cursor.js";
import type { Look } from "./look.js";
import type { ScreenPlan } from "./screen-plan.js";
import type { View } from "./view.js";
import type { Details, World } from "./world.js";

/** What a page is drawn of. */
export interface PageParts {
	readonly world: World;
	readonly view: View;
	readonly details: Details;
	readonly look: Look;
}

interface BodyParts extends PageParts {
	readonly plan: ScreenPlan;
}

/** What stands below the tabs: a page, or what is open over it; the VMs beside it. */
export function drawBody(parts: BodyParts): string[] {
	const { world, view, plan, look } = parts;
	const { side, bodyColumns, bodyRows } = plan;
	const page = drawPage(parts);
	const rows = takeRows(page, 0, bodyRows).map((row) => cut(row, bodyColumns));
	if (side === 0) {
		return rows;
	}
	const vms = takeRows(
		drawSide(world, view.vm, side, bodyRows, look),
		0,
		bodyRows,
	);
	const edge = " ".repeat(side - 1) + look.paint("bar", "│");
	return rows.map((row, at) => (vms[at] || edge) + row);
}

function drawPage(parts: BodyParts): string[] {
	const { world, view, plan, look } = parts;
	const { overlay } = view;
	const { bodyColumns, bodyRows } = plan;
	if (overlay?.kind === "vms") {
		const rows = drawVms(world, overlay.index, bodyColumns, look);
		const [heading = "", ...choices] = rows;
		const top = clampScroll(
			overlay.index - Math.floor(bodyRows / 2),
			choices.length,
			bodyRows - 1,
		);
		return [heading, ...choices.slice(top)];
	}
	if (overlay === null && view.page === "journeys") {
		return drawList(parts);
	}
	const page =
		overlay === null && hasEntries(view.page)
			? drawEntries(world, view.page, bodyColumns, look)
			: null;
	if (page !== null && page.entries.length > 0) {
		const cursor = view.entries?.[view.page];
		const rows = markEntry(page, cursor, bodyColumns, look);
		const top = topOfPage(page, cursor, bodyRows);
		return sayWhatIsBelow(rows.slice(top), bodyRows, look);
	}
	const rows = scrolledRows(parts, bodyColumns);
	const scroll = overlay?.kind === "details" ? overlay.scroll : view.scroll;
	const shown = rows.slice(clampScroll(scroll, rows.length, bodyRows));
	return sayWhatIsBelow(shown, bodyRows, look);
}

/** What goes on below the last row says so there. */
function sayWhatIsBelow(
	rows: string[],
	bodyRows: number,
	look: Look,
): string[] {
	const below = rows.length - bodyRows + 1;
	return below <= 1
		? rows
		: [
				...rows.slice(0, bodyRows - 1),
				look.paint("quiet", ` … ${formatCount(below, "more row")}`),
			];
}

/** All rows of what is scrolled as a whole: details, or a page that is no list. */
export function scrolledRows(
	{ world, view, details, look }: PageParts,
	columns: number,
): string[] {
	if (view.overlay?.kind === "details") {
		return drawDetails(world, view, details, columns, look);
	}
	switch (view.page) {
		case "journeys":
			return [];
		case "dhcp":
			return drawDhcp(world, columns, look);
		case "topology":
		case "findings": {
			const page = drawEntries(world, view.page, columns, look);
			return markEntry(page, view.entries?.[view.page], columns, look);
		}
		case "health":
			return drawHealth(world, columns, look);
	}
}

function drawList({ world, view, details, plan, look }: BodyParts): string[] {
	const { rows, vms } = world;
	const { bodyColumns, listRows, previewRows } = plan;
	if (rows.length === 0) {
		return ["", `  ${look.paint("quiet", whyEmpty(world, view))}`];
	}
	const index = findCursor(rows, view.cursor);
	const top = topOf(rows.length, index, view.cursor.above, listRows);
	const hasVm = view.vm === null && vms.length > 1;
	const list = rows
		.slice(top, top + listRows)
		.map((row, at) =>
			drawRow(row, top + at === index, bodyColumns, hasVm, look),
		);
	if (previewRows === 0) {
		return list;
	}
	const bar = look.paint(
		"bar",
		fit(`─ selected ${"─".repeat(bodyColumns)}`, bodyColumns).replace("…", "─"),
	);
	const preview = drawDetails(world, view, details, bodyColumns, look);
	return [...takeRows(list, 0, listRows), bar, ...preview];
}

function whyEmpty({ hidden, isOpen }: World, { filter, vm }: View): string {
	if (hidden > 0) {
		return `the filter ${filter} hides all ${hidden}: esc ends it`;
	}
	const whose = vm === null ? "" : ` of ${vm}`;
	return isOpen
		? `no ARP, DHCP or ICMP${whose} yet`
		: `no ARP, DHCP or ICMP${whose} in this log`;
}
