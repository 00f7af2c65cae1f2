import { cut } from "../show/cell-width.js";
import { formatCount } from "../show/units.js";
import { drawAlert } from "./alerts.js";
import { clampScroll, takeRows } from "./cells.js";
import { drawBody } from "./draw-body.js";
import { drawHelp } from "./draw-help.js";
import { drawPicture } from "./draw-picture.js";
import { drawPlayer } from "./draw-player.js";
import { drawTabs } from "./draw-tabs.js";
import { drawFooter } from "./footer.js";
import { drawHeader } from "./header.js";
import type { Look, Size } from "./look.js";
import { isTooSmall, planScreen, smallest } from "./screen-plan.js";
import { selectedJourney, selectedRow } from "./selected-frame.js";
import { finish } from "./theme.js";
import type { View } from "./view.js";
import type { Details, World } from "./world.js";

/**
 * The whole screen.
 *
 * @returns one row less than the terminal has, each at most as wide as it: ink clears
 * screen and scrollback when an output is as high as the terminal
 */
export function drawScreen(
	world: World,
	view: View,
	details: Details,
	size: Size,
	look: Look,
): string[] {
	const rows = isTooSmall(size)
		? [sayTooSmall(size)]
		: drawAll(world, view, details, size, look);
	return takeRows(finish(rows, look), 0, Math.max(0, size.rows - 1));
}

function sayTooSmall({ columns, rows }: Size): string {
	const least = `${smallest.columns}x${smallest.rows}`;
	return cut(
		`vmpath needs a terminal of at least ${least}; this one has ${columns}x${rows}`,
		columns,
	);
}

function drawAll(
	world: World,
	view: View,
	details: Details,
	size: Size,
	look: Look,
): string[] {
	const { columns, rows } = size;
	const header = drawHeader(world, view, columns, look);
	const footer = drawFooter(world, view, size, look);
	const { overlay } = view;
	if (overlay?.kind === "help") {
		const height = rows - 2 - footer.length;
		const help = drawHelpFrom(
			overlay.scroll,
			view,
			{ columns, rows: height },
			look,
		);
		return [header, ...help, ...footer];
	}
	const plan = planScreen(world, view, size);
	const hasFrame = view.page === "journeys" || view.overlay !== null;
	const row = hasFrame ? selectedRow(world, view, details) : null;
	const journey = selectedJourney(row, details);
	return [
		header,
		...drawAlert(world, view, size, look),
		...drawPicture(world, plan.picture, journey, columns, look),
		drawTabs(world, view, plan.listRows, columns, look),
		...drawBody({ world, view, details, plan, look }),
		...(plan.playerRows > 0 ? [drawPlayer(world, view, columns, look)] : []),
		...footer,
	];
}

/** The rows of help from one on; what goes on below says so. */
function drawHelpFrom(
	from: number,
	view: View,
	{ columns, rows: height }: Size,
	look: Look,
): string[] {
	const help = drawHelp(view, columns, look);
	const scroll = clampScroll(from, help.length, height);
	const shown = takeRows(help, scroll, height);
	const left = help.length - scroll - height;
	if (left > 0) {
		const more = ` … ${formatCount(left + 1, "more line")}: down`;
		shown[height - 1] = look.paint("unsure", more);
	}
	return shown;
}
