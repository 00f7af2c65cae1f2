import { certaintyMarks } from "../show/cause-lines.js";
import { cut, widthOf } from "../show/cell-width.js";
import { exchangeMarks, exchangeToText } from "../show/exchange-text.js";
import type { Tone } from "../show/style.js";
import { formatCount } from "../show/units.js";
import { drawHappening, type Happening } from "./cause-rows.js";
import type { Look } from "./look.js";
import type { PathPicture, Trouble, World } from "./world.js";

/**
 * What stands below the path: where frames are lost, and why; else what went wrong with
 * the VM beyond it.
 *
 * @param room `most` rows for each; `isLong`: evidence and what mends it are told as well
 */
export function drawLosses(
	world: World,
	columns: number,
	room: LossRoom,
	look: Look,
): string[] {
	const { path } = world;
	if (path === null) {
		return [];
	}
	const isOneOf = room.most === 1 && countLosses(path) > 1;
	const own = columns - 2 - (isOneOf ? moreColumns : 0);
	const brush = { ...room, columns: own, look };
	const losses = listLosses(path, brush);
	const lines =
		losses.length > 0
			? losses
			: [...tellApart(path, brush), ...tellTrouble(world, path, brush)];
	const told =
		lines.length > 0 ? lines : [look.paint("quiet", sayNothing(path))];
	const [first = "", ...rest] = told;
	const note = path.isInferred ? noteToFit(columns - 2 - widthOf(first)) : "";
	return [first + look.paint("quiet", note), ...rest].map((line) =>
		cut(`  ${line}`, columns),
	);
}

function countLosses({ ports }: PathPicture): number {
	return ports.filter(
		({ lostToNext, lostFromNext }) => lostToNext + lostFromNext > 0,
	).length;
}

/** Cells behind the last row that say how much more there is: ` (12 more: 4)`. */
export const moreColumns = 18;

/** How much is told of what went wrong. */
export interface LossRoom {
	readonly most: number;
	readonly isLong: boolean;
}

interface LossBrush extends LossRoom {
	readonly columns: number;
	readonly look: Look;
}

function noteToFit(columns: number): string {
	const notes = [" (path put together from what passed)", " (path inferred)"];
	return notes.find((text) => widthOf(text) <= columns) ?? "";
}

/** A port that is out of its bridge, though no frame is known to be lost by it. */
function tellApart({ ports }: PathPicture, brush: LossBrush): string[] {
	return ports.flatMap((port, index) => {
		const next = ports[index + 1];
		const text =
			next === undefined
				? `✗ ${port.name} is in no bridge`
				: `✗ ${port.name} and ${next.name} are not plugged together: 4 says more`;
		return port.isApart
			? tell({ text, brief: text, causes: port.causes }, "bad", brush)
			: [];
	});
}

/** What was not seen cannot be said to have arrived. */
function sayNothing({ ports }: PathPicture): string {
	const unsure = ports.reduce(
		(sum, { unsureToNext = 0, unsureFromNext = 0 }) =>
			sum + unsureToNext + unsureFromNext,
		0,
	);
	if (unsure > 0) {
		const frames = formatCount(unsure, "frame");
		return `nothing is known to be lost on this path; of ${frames} nobody can tell`;
	}
	const isSeen = ports.some(({ counts }) =>
		Object.values(counts).some((count) => count > 0),
	);
	return isSeen
		? "nothing is known to be lost on this path"
		: "nothing was seen on this path";
}

function listLosses(
	{ ports, gateway }: PathPicture,
	brush: LossBrush,
): string[] {
	return ports.flatMap((port, index) => {
		const { lostToNext, lostFromNext, causes } = port;
		const lost =
			lostToNext === 0
				? `${lostFromNext} lost inwards`
				: lostFromNext === 0
					? `${lostToNext} lost outwards`
					: `${lostToNext} lost outwards and ${lostFromNext} inwards`;
		if (lostToNext + lostFromNext === 0) {
			return [];
		}
		const next = ports[index + 1]?.name ?? gateway?.address ?? "what follows";
		const [from, to] = lostToNext > 0 ? [port.name, next] : [next, port.name];
		const text = `✗ ${lost} between ${from} and ${to}`;
		const isOneWay = lostToNext === 0 || lostFromNext === 0;
		const count = lostToNext + lostFromNext;
		const brief = isOneWay ? `✗ ${count} lost ${from} → ${to}` : text;
		return tell({ text, brief, causes }, "bad", brush);
	});
}

function tell(
	happening: Happening,
	tone: Tone,
	{ columns, most, isLong, look }: LossBrush,
): string[] {
	return [
		...drawHappening(happening, columns, most).map((line) =>
			look.paint(tone, line),
		),
		...(isLong ? tellWhy(happening.causes, look) : []),
	];
}

function tellWhy(causes: Trouble["exchange"]["causes"], look: Look): string[] {
	const [first] = causes;
	if (first === undefined) {
		return [];
	}
	const { mark, tone } = certaintyMarks[first.certainty];
	const [evidence = ""] = first.evidence;
	return [
		`${look.paint(tone, mark)} ${evidence}`,
		`${look.paint("strong", "fix:")} ${first.fix}`,
	].map((line) => `  ${line}`);
}

/** Nothing was lost on the path, and still the VM has no success. */
function tellTrouble(
	{ vms, troubles }: World,
	{ vm, mac }: PathPicture,
	brush: LossBrush,
): string[] {
	const state = vms.find(({ name }) => name === vm);
	if (state?.outcome === undefined || state.outcome === null) {
		return [];
	}
	const trouble = troubles.find(
		({ exchange }) =>
			exchange.vm === vm || (mac !== null && exchange.mac === mac),
	);
	if (state.outcome === "delivered" || trouble === undefined) {
		return [];
	}
	const { exchange, count } = trouble;
	const { mark, tone } = exchangeMarks[exchange.outcome];
	const { path } = exchangeToText(exchange, (_tone, text) => text);
	const times = count > 1 ? ` (${formatCount(count, "time")})` : "";
	const protocol = exchange.protocol.toUpperCase();
	const text = `${mark} ${protocol} ${path.join(" ")}${times}`;
	const brief = `${mark} ${protocol} ${path.join(" ")}`;
	return tell({ text, brief, causes: exchange.causes }, tone, brush);
}
