import { drawAlert } from "./alerts.js";
import { type PicturePlan, planPicture } from "./draw-picture.js";
import { drawFooter } from "./footer.js";
import type { Size } from "./look.js";
import { plainLook } from "./theme.js";
import type { View } from "./view.js";
import type { World } from "./world.js";

/** The smallest terminal that is drawn on. */
export const smallest: Size = { columns: 60, rows: 15 };

/** From so many columns on the VMs stand at the left of the list. */
const sideFrom = 140;
const sideColumns = 34;
/** From here on what is selected is told below the list. */
const previewFrom: Size = { columns: 160, rows: 36 };

/** Who gets which rows and columns of the screen. */
export interface ScreenPlan {
	readonly picture: PicturePlan;
	/** Cells of the list of VMs at the left; 0: it is not there. */
	readonly side: number;
	readonly bodyColumns: number;
	readonly bodyRows: number;
	/** Rows of the list, above those that tell of what is selected. */
	readonly listRows: number;
	readonly previewRows: number;
	readonly playerRows: number;
}

/** Rows that are always there: header, tabs. */
const barRows = 2;

/** Whether there is room for a screen. */
export function isTooSmall({ columns, rows }: Size): boolean {
	return columns < smallest.columns || rows < smallest.rows;
}

/** Plans a screen; the last row of the terminal stays free. */
export function planScreen(world: World, view: View, size: Size): ScreenPlan {
	const picture = planPicture(world, view, size);
	const playerRows = view.player === null ? 0 : 1;
	const ownRows =
		barRows +
		drawAlert(world, view, size, plainLook).length +
		playerRows +
		drawFooter(world, view, size, plainLook).length;
	const bodyRows = Math.max(1, size.rows - 1 - ownRows - picture.rows);
	const hasSide = size.columns >= sideFrom && world.vms.length > 0;
	const side = hasSide ? sideColumns : 0;
	const isPreviewed =
		view.page === "journeys" &&
		view.overlay === null &&
		size.columns >= previewFrom.columns &&
		size.rows >= previewFrom.rows;
	const previewRows = isPreviewed ? Math.floor(bodyRows * 0.4) : 0;
	return {
		picture,
		side,
		bodyColumns: size.columns - side,
		bodyRows,
		listRows: bodyRows - previewRows,
		previewRows,
		playerRows,
	};
}
