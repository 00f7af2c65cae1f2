import { findEntry, type PlacedEntry } from "./entry-page.js";
import { drawEntries, hasEntries } from "./entry-pages.js";
import type { Place } from "./move-steps.js";
import { planScreen } from "./screen-plan.js";
import { plainLook } from "./theme.js";
import type { Page, View } from "./view.js";

/** Another page, from its top, with nothing over it; on one of entries the cursor stays. */
export function toPage(view: View, page: Page): View {
	const known = view.entries?.[page];
	if (known === undefined) {
		return { ...view, page, scroll: 0, overlay: null };
	}
	const { keys, index } = known;
	const entries = { ...view.entries, [page]: { keys, index } };
	return { ...view, page, scroll: 0, overlay: null, entries };
}

/** The entry that the cursor stands on; null: the page has none. */
export function chosenEntry(
	view: View,
	{ world, size }: Place,
): PlacedEntry | null {
	const { page } = view;
	if (!hasEntries(page)) {
		return null;
	}
	const { bodyColumns } = planScreen(world, view, size);
	const { entries } = drawEntries(world, page, bodyColumns, plainLook);
	return entries[findEntry(entries, view.entries?.[page])] ?? null;
}

/** A cursor that is seen on the first entry stays on that one, whatever comes before it. */
export function settleEntry(view: View, place: Place): View {
	const { page, entries } = view;
	const entry = entries?.[page] === undefined ? chosenEntry(view, place) : null;
	return entry === null
		? view
		: {
				...view,
				entries: { ...entries, [page]: { keys: entry.keys, index: 0 } },
			};
}
