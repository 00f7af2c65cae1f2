import { cut, widthOf } from "../show/cell-width.js";
import { countAlerts, nothingRead } from "./alerts.js";
import { formatGrouped } from "./cells.js";
import { findCursor, topOf } from "./list-cursor.js";
import type { Look } from "./look.js";
import { type Page, pages, type View } from "./view.js";
import type { World } from "./world.js";

/** The pages, and at the right end where one is in the list. */
export function drawTabs(
	world: World,
	view: View,
	listRows: number,
	columns: number,
	look: Look,
): string {
	const { paint } = look;
	const unread = countAlerts(world.health, view.read);
	const counts: Partial<Record<Page, number>> = {
		findings: countFindings(world),
		health: unread || countAlerts(world.health, nothingRead),
	};
	const tabs = pages.map((page) => {
		const count = counts[page] ?? 0;
		const isAlert = page === "health" && unread > 0;
		const name = count > 0 ? `${page} ${count}${isAlert ? "!" : ""}` : page;
		const tone = isAlert ? "bad" : "unsure";
		return page === view.page
			? paint("selected", `[${name}]`)
			: ` ${count > 0 ? paint(tone, name) : name} `;
	});
	const left = `${paint("bar", "─")} ${tabs.join("")} `;
	const parts = tellList(world, view, listRows);
	const room = columns - widthOf(left) - 3;
	const right = parts.find((part) => widthOf(part) <= room) ?? "";
	const dashes = columns - widthOf(left) - widthOf(right);
	const tail = right === "" ? 0 : 3;
	const bar = paint("bar", "─".repeat(Math.max(0, dashes - tail)));
	const end = right === "" ? "" : ` ${right} ${paint("bar", "─")}`;
	return cut(left + bar + end, columns);
}

function countFindings({ findings, troubles }: World): number {
	return findings.filter(({ isProblem }) => isProblem).length + troubles.length;
}

/** From what says most to what takes least. */
function tellList(
	world: World,
	view: View,
	listRows: number,
): readonly string[] {
	const { rows, hidden, lanBroadcasts } = world;
	const { filter, only } = view;
	if (view.overlay !== null) {
		return [view.overlay.kind === "vms" ? "VMs" : view.overlay.kind];
	}
	if (view.page !== "journeys") {
		return [];
	}
	const index = findCursor(rows, view.cursor);
	const top = topOf(rows.length, index, view.cursor.above, listRows);
	const last = Math.min(rows.length, top + listRows);
	const shown =
		rows.length === 0
			? "0"
			: `${formatGrouped(top + 1)}-${formatGrouped(last)}/${formatGrouped(rows.length)}`;
	const left = hidden > 0 ? ` (${formatGrouped(hidden)} hidden)` : "";
	const given = only === undefined ? shown : `${shown}, only ${only}`;
	const sifted = filter === "" ? given : `${given}, filter: ${filter}${left}`;
	const lan =
		lanBroadcasts > 0 ? `, LAN broadcasts ${formatGrouped(lanBroadcasts)}` : "";
	const brief =
		filter === ""
			? []
			: [24, 12].flatMap((columns) => {
					const some = `${shown} filter: ${cut(filter, columns)}`;
					return [some + left, some];
				});
	return [sifted + lan, sifted, ...brief, given, shown];
}
