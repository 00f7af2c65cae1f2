import stringWidth from "string-width";
import type { Hop, Journey } from "../model/journey.js";
import type { Verdict } from "../model/verdict.js";
import { marks } from "./journey-text.js";
import type { Layout } from "./table.js";
import { formatDay, formatElapsed, formatTimeOfDay } from "./units.js";

/** Rows of a ladder; of more, those in the middle are counted. */
const rowLimit = 40;
const gap = "  ";

/** Whether the VM itself sent it. */
type IsOwn = (journey: Journey) => boolean;

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
	const isOwn: IsOwn = (journey) =>
		(journey.source === "vm" && (mac === null || journey.mac === mac)) ||
		isClients(journey);
	const [first] = journeys;
	const begun = first?.hops[0]?.time;
	if (begun === undefined) {
		return [];
	}
	const columns = orderColumns(journeys, isOwn);
	const heading = [formatDay(begun), "MESSAGE", "", ...columns];
	const rows = journeys.map((journey) =>
		toRow(journey, columns, isOwn(journey)),
	);
	const widths = heading.map((_, index) =>
		Math.max(...[heading, ...rows].map((row) => stringWidth(row[index] ?? ""))),
	);
	const lines = rows.map((row, index) => {
		const { mark, tone } = marks[journeys[index]?.outcome ?? "delivered"];
		return `${paint(tone, mark)} ${toLine(row, widths)}`;
	});
	return [paint("quiet", gap + toLine(heading, widths)), ...shorten(lines)];
}

const clientMessages = ["discover", "request", "decline", "inform", "release"];

/** A client's message, where nothing but its kind tells that it is one. */
function isClients({ protocol, message, mac, source }: Journey): boolean {
	return (
		protocol === "dhcp" &&
		mac === null &&
		source === "lan" &&
		clientMessages.includes(message)
	);
}

/** The interfaces in the order of the paths, the VM's side first. */
function orderColumns(journeys: readonly Journey[], isOwn: IsOwn): string[] {
	const columns: string[] = [];
	for (const journey of journeys) {
		let at = -1;
		for (const name of pathOf(journey, isOwn(journey))) {
			const known = columns.indexOf(name);
			if (known < 0) {
				columns.splice(at + 1, 0, name);
			}
			at = columns.indexOf(name);
		}
	}
	return columns;
}

function pathOf({ hops, expected }: Journey, isOwn: boolean): string[] {
	const seen = hops.map(nameOf);
	const path: string[] = seen.every((name) => expected.some((e) => e === name))
		? [...expected]
		: seen;
	return isOwn ? path : path.reverse();
}

/** Captures that do not tell interfaces apart (SLL) have hops without a name. */
function nameOf(hop: Hop): string {
	return hop.interface ?? "unnamed";
}

function toRow(
	journey: Journey,
	columns: readonly string[],
	isOwn: boolean,
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
		isOwn ? "→" : "←",
		...cells,
	];
}

const labels: Readonly<Record<string, string>> = {
	request: "who-has",
	reply: "is-at",
};

function labelOf({ protocol, message, sequence }: Journey): string {
	if (protocol === "dhcp") {
		return message.toUpperCase();
	}
	const name =
		protocol === "arp"
			? (labels[message] ?? message)
			: message.replaceAll("-", " ");
	return sequence === null ? name : `${name} ${sequence}`;
}

function toLine(cells: readonly string[], widths: readonly number[]): string {
	return cells
		.map((cell, index) => {
			const missing = (widths[index] ?? 0) - stringWidth(cell);
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
