import type { Hop, Journey } from "../model/journey.js";
import { keyOf } from "./item.js";
import { findCursor } from "./list-cursor.js";
import type { View } from "./view.js";
import type { Details, ListRow, World } from "./world.js";

/**
 * The row that details are about, or that is selected; null: none is.
 *
 * @param details where an exchange is looked up that is not among the rows
 */
export function selectedRow(
	world: World,
	view: View,
	details: Details | null = null,
): ListRow | null {
	const { overlay } = view;
	if (overlay?.kind === "details") {
		const { key } = overlay;
		const row = world.rows.find((one) => one.key === key);
		return row ?? (details && findExchange(key, details));
	}
	return world.rows[findCursor(world.rows, view.cursor)] ?? null;
}

const numbered = /\d+$/;

/** An exchange that the list leaves out: of another VM than the chosen one, filtered. */
function findExchange(key: string, details: Details): ListRow | null {
	const id = Number(numbered.exec(key)?.[0] ?? Number.NaN);
	const exchange = key === keyOf("exchange", id) ? details.exchange(id) : null;
	return exchange && { kind: "exchange", exchange, key };
}

/** The row that somebody went to, or opened; null: the list follows. */
export function chosenRow(world: World, view: View): ListRow | null {
	const isChosen = view.cursor.key !== null || view.overlay?.kind === "details";
	return isChosen ? selectedRow(world, view) : null;
}

/**
 * The frame that the path lights up for: of an exchange the message that decided it, else
 * its last one.
 */
export function selectedJourney(
	row: ListRow | null,
	details: Details,
): Journey | null {
	if (row === null || row.kind === "journey") {
		return row?.journey ?? null;
	}
	const { messages } = row.exchange;
	const decisive = messages.findLast(({ outcome }) => outcome !== "delivered");
	const message = decisive ?? messages.at(-1);
	return message === undefined ? null : details.journey(message.journey);
}

/** The hops that one goes through sideways in details, in order of messages. */
export function hopsOf(row: ListRow, details: Details): readonly Hop[] {
	if (row.kind === "journey") {
		return row.journey.hops;
	}
	return row.exchange.messages.flatMap(
		({ journey }) => details.journey(journey)?.hops ?? [],
	);
}

/** Where details begin: at the first hop of the frame that the path lights up for. */
export function firstHopOf(row: ListRow, details: Details): number {
	const selected = selectedJourney(row, details);
	if (row.kind === "journey" || selected === null) {
		return 0;
	}
	const { messages } = row.exchange;
	const at = messages.findIndex(({ journey }) => journey === selected.id);
	return messages
		.slice(0, Math.max(0, at))
		.reduce(
			(sum, { journey }) => sum + (details.journey(journey)?.hops.length ?? 0),
			0,
		);
}
