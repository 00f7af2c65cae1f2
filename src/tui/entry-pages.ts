import { drawFindings } from "./draw-findings.js";
import { drawTopology } from "./draw-topology.js";
import type { EntryPage } from "./entry-page.js";
import type { Look } from "./look.js";
import type { Page } from "./view.js";
import type { World } from "./world.js";

/** Pages on which a cursor goes from entry to entry. */
export type PageOfEntries = "topology" | "findings";

/** Whether a cursor goes from entry to entry there. */
export function hasEntries(page: Page): page is PageOfEntries {
	return page === "topology" || page === "findings";
}

/** Such a page with its entries, as wide as it is shown. */
export function drawEntries(
	world: World,
	page: PageOfEntries,
	columns: number,
	look: Look,
): EntryPage {
	return page === "topology"
		? drawTopology(world, columns, look)
		: drawFindings(world, columns, look);
}
