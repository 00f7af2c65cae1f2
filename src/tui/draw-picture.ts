import type { Journey } from "../model/journey.js";
import { cut } from "../show/cell-width.js";
import { journeyToText } from "../show/journey-text.js";
import { takeRows } from "./cells.js";
import { drawLosses, type LossRoom, moreColumns } from "./draw-losses.js";
import {
	type Density,
	drawPath,
	type PathPlan,
	planPath,
} from "./draw-path.js";
import type { Look, Size } from "./look.js";
import { plainLook } from "./theme.js";
import type { View } from "./view.js";
import type { World } from "./world.js";

/** The picture on top: how many rows each of its parts has. */
export interface PicturePlan {
	readonly path: PathPlan | null;
	readonly losses: LossRoom;
	readonly lossRows: number;
	readonly rows: number;
}

/** Rows of the picture where no path is known. */
const unknownRows = 3;

/** Lays out the picture; the same for every selection, so that the list stands still. */
export function planPicture(world: World, view: View, size: Size): PicturePlan {
	const { columns, rows } = size;
	const path = planPath(world, columns, densityFor(view, size));
	const isLong = rows >= 32;
	if (path === null) {
		const losses = { most: 0, isLong };
		return { path, losses, lossRows: 0, rows: unknownRows };
	}
	const most = rows < 24 ? 1 : rows < 32 ? 2 : Math.floor(rows / 6);
	const room = { most, isLong };
	const lines = drawLosses(world, columns, room, plainLook).length;
	const lossRows = Math.min(lines, most);
	const whole = Math.min(path.rows + lossRows, Math.floor(rows / 2));
	return { path, losses: room, lossRows, rows: whole };
}

function densityFor({ overlay }: View, { rows }: Size): Density {
	if (rows < 20) {
		return "tiny";
	}
	return rows < 24 || (overlay?.kind === "details" && rows < 32)
		? "compact"
		: "full";
}

/** The path with the selected frame lit up, and below it where frames are lost. */
export function drawPicture(
	world: World,
	plan: PicturePlan,
	journey: Journey | null,
	columns: number,
	look: Look,
): string[] {
	if (plan.path === null) {
		return drawUnknown(world, journey, columns, look);
	}
	const path = drawPath(world, plan.path, journey, columns, look);
	const losses = drawLosses(world, columns, plan.losses, look);
	const shown = losses.slice(0, plan.lossRows);
	const left = losses.length - shown.length;
	if (left > 0 && plan.lossRows > 0) {
		const last = shown.pop() ?? "";
		shown.push(
			`${cut(last, columns - moreColumns)}${look.paint("quiet", ` (${left} more: 4)`)}`,
		);
	}
	const room = plan.rows - shown.length;
	const drawn = path.slice(0, room);
	if (drawn.length < path.length) {
		const more = "  … the path goes on: a larger terminal shows all of it";
		drawn.splice(-1, 1, look.paint("unsure", cut(more, columns)));
	}
	return takeRows([...drawn, ...shown], 0, plan.rows);
}

/** Why there is no picture, and what it needs; the selected frame's own path instead. */
function drawUnknown(
	{ topology, vms, isOpen }: World,
	journey: Journey | null,
	columns: number,
	look: Look,
): string[] {
	const why =
		vms.length > 0
			? "no path is known of this VM"
			: isOpen
				? "no VM was seen yet"
				: "no VM is in this log";
	const needs =
		topology === null
			? "the log says nothing of the host: record it with vmpath, or give --topology or --links"
			: "it needs a tap that the host knows of, and frames of the VM";
	const lines = [look.paint("unsure", why), look.paint("quiet", needs)];
	const own =
		journey === null
			? ""
			: `this frame: ${journeyToText(journey, look.paint).path.join(" ")}`;
	return [...lines, own].map((line) => cut(`  ${line}`, columns));
}
