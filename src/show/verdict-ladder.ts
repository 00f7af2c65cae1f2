import type { Journey } from "../model/journey.js";
import type { Verdict } from "../model/verdict.js";
import { widthOf } from "./cell-width.js";
import { marks } from "./journey-text.js";
import { isOwn, labelOf, nameOf, orderPorts } from "./ladder-words.js";
import type { Layout } from "./table.js";
import { formatDay, formatElapsed, formatTimeOfDay } from "./units.js";

/** Rows of a ladder; of more, those in the middle are counted. */
const rowLimit = 40;
const gap = "  ";

/**
 * Each message and how far it got: a column an interface, from the VM outwards, with the
 * time since it was first seen. A message to the VM reads from right to left.
 *
 * @returns lines without line feeds; none without journeys
 */
export function layOutLadder(
	{ journeys, mac }: Pick<Verdict, "journeys" | "mac">,
	{ paint }: Pick<Layout, "paint">,
): string[] {
	const [first] = journeys;
	const begun = first?.hops[0]?.time;
	if (begun === undefined) {
		return [];
	}
	const columns = orderPorts(journeys, mac);
	const heading = [formatDay(begun), "MESSAGE", "", ...columns];
	const rows = journeys.map((journey) =>
		toRow(journey, columns, isOwn(journey, mac)),
	);
	const widths = heading.map((_, index) =>
		Math.max(...[heading, ...rows].map((row) => widthOf(row[index] ?? ""))),
	);
	const lines = rows.map((row, index) => {
		const { mark, tone } = marks[journeys[index]?.outcome ?? "delivered"];
		return `${paint(tone, mark)} ${toLine(row, widths)}`;
	});
	return [paint("quiet", gap + toLine(heading, widths)), ...shorten(lines)];
}

function toRow(
	journey: Journey,
	columns: readonly string[],
	isOutwards: boolean,
): string[] {
	const { hops, firstMissing, outcome } = journey;
	const [first] = hops;
	const cells = columns.map((name) => {
		const hop = hops.find((one) => nameOf(one) === name);
		if (hop !== undefined) {
			return hop.elapsedNs === 0
				? marks.delivered.mark
				: `${marks.delivered.mark} +${formatElapsed(hop.elapsedNs)}`;
		}
		return name === firstMissing ? marks[outcome].mark : "·";
	});
	return [
		first === undefined ? "" : formatTimeOfDay(first.time),
		labelOf(journey),
		isOutwards ? "→" : "←",
		...cells,
	];
}

function toLine(cells: readonly string[], widths: readonly number[]): string {
	return cells
		.map((cell, index) => {
			const missing = (widths[index] ?? 0) - widthOf(cell);
			return cell + " ".repeat(Math.max(0, missing));
		})
		.join(gap)
		.trimEnd();
}

function shorten(lines: readonly string[]): string[] {
	const left = lines.length - rowLimit;
	const half = rowLimit / 2;
	return left <= 0
		? [...lines]
		: [...lines.slice(0, half), `${gap}… ${left} more`, ...lines.slice(-half)];
}
