import type { Exchange } from "../model/exchange.js";
import { certaintyMarks } from "../show/cause-lines.js";
import { cut, widthOf } from "../show/cell-width.js";
import { exchangeMarks, exchangeToText } from "../show/exchange-text.js";
import { formatCount } from "../show/units.js";
import { drawHappening } from "./cause-rows.js";
import { exchangesOf } from "./headline.js";
import type { Look } from "./look.js";
import { formatClock, type Telling, tellLosses } from "./loss-text.js";
import { concernsVm } from "./vms.js";
import type { PathPicture, World } from "./world.js";

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
	const tellings = listTellings(world, path);
	const isCut = tellings.length > room.most;
	const own = columns - 2 - (isCut ? moreColumns : 0);
	const lines = layOut(tellings, { ...room, columns: own, look });
	const told =
		lines.length > 0 ? lines : [look.paint("quiet", sayNothing(path))];
	const [first = "", ...rest] = told;
	const note = path.isInferred ? noteToFit(columns - 2 - widthOf(first)) : "";
	return [first + look.paint("quiet", note), ...rest].map((line) =>
		cut(`  ${line}`, columns),
	);
}

/** What goes on comes first: losses, else what else is wrong; then what is over. */
function listTellings(world: World, path: PathPicture): Telling[] {
	const losses = tellLosses(path);
	const [current, over] = [false, true].map((isOver) =>
		losses.filter((loss) => loss.isOver === isOver),
	) as [Telling[], Telling[]];
	if (current.length > 0) {
		return losses;
	}
	// What is over was told of as a loss, if one was counted.
	const troubles = tellTrouble(world, path).filter(
		({ isOver }) => !isOver || over.length === 0,
	);
	return [...tellApart(path), ...troubles, ...over];
}

/** Each on one row at least; with more room, why as well, of the first ones first. */
function layOut(tellings: readonly Telling[], brush: LossBrush): string[] {
	const { most, columns, isLong, look } = brush;
	const each = Math.max(1, Math.floor(most / Math.max(1, tellings.length)));
	const drawn = tellings.map((telling) =>
		drawHappening(telling, columns, each).map((line) =>
			look.paint(telling.tone, line),
		),
	);
	let left = most - drawn.flat().length;
	return drawn.flatMap((lines, index) => {
		const telling = tellings[index] as Telling;
		const why = isLong ? tellWhy(telling, look) : [];
		const isFitting = index === 0 || why.length <= left;
		left -= isFitting ? why.length : 0;
		return isFitting ? [...lines, ...why] : lines;
	});
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

/** A port that is out of its bridge, though no frame is known to be lost by it now. */
function tellApart({ ports }: PathPicture): Telling[] {
	return ports.flatMap((port, index): Telling[] => {
		const next = ports[index + 1];
		const text =
			next === undefined
				? `✗ ${port.name} is in no bridge`
				: `✗ ${port.name} and ${next.name} are not plugged together: 3 shows what is`;
		const { causes } = port;
		const happening = { text, brief: text, causes, tone: "bad" as const };
		return port.isApart ? [{ ...happening, readAt: null, isOver: false }] : [];
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

/** What was read then may be otherwise now; what is over needs no mending. */
function tellWhy({ causes, readAt, isOver }: Telling, look: Look): string[] {
	const [first] = causes;
	if (first === undefined) {
		return [];
	}
	const { mark, tone } = certaintyMarks[first.certainty];
	const [evidence = ""] = first.evidence;
	const then =
		readAt !== null ? `at ${formatClock(readAt)}: ` : isOver ? "then: " : "";
	// Of what is only possible nothing was read.
	const when = first.certainty === "possible" ? "" : then;
	const fix = `${look.paint("strong", "fix:")} ${first.fix}`;
	const shown = isOver ? look.paint("quiet", mark) : look.paint(tone, mark);
	return [`${shown} ${when}${evidence}`, ...(isOver ? [] : [fix])].map(
		(line) => `  ${line}`,
	);
}

/** Nothing was lost on the path, and still the VM has no success. */
function tellTrouble({ vms, troubles }: World, { vm }: PathPicture): Telling[] {
	const state = vms.find(({ name }) => name === vm);
	if (state?.outcome === undefined || state.outcome === null) {
		return [];
	}
	const isOwn = (exchange: Exchange) => concernsVm(state, exchange);
	const trouble = troubles.find((one) => exchangesOf(one).some(isOwn));
	const exchange = trouble && exchangesOf(trouble).find(isOwn);
	if (state.outcome === "delivered" || !trouble || !exchange) {
		return [];
	}
	const { count, isOver = false } = trouble;
	const own = exchangeMarks[exchange.outcome];
	const mark = isOver ? `(${own.mark})` : own.mark;
	const tone = isOver ? "unsure" : own.tone;
	const { path } = exchangeToText(exchange, (_tone, text) => text);
	const times = count > 1 ? ` (${formatCount(count, "time")})` : "";
	const well = isOver ? ", later ones went well" : "";
	const protocol = exchange.protocol.toUpperCase();
	const brief = `${mark} ${protocol} ${path.join(" ")}${well}`;
	const text = `${mark} ${protocol} ${path.join(" ")}${times}${well}`;
	const readAt = isOver ? exchange.since : null;
	return [{ text, brief, causes: exchange.causes, tone, readAt, isOver }];
}
