import { cut, widthOf } from "../show/cell-width.js";
import { exchangeToText } from "../show/exchange-text.js";
import { type JourneyText, journeyToText } from "../show/journey-text.js";
import type { Paint } from "../show/style.js";
import { formatElapsed } from "../show/units.js";
import { fit, pad } from "./cells.js";
import type { Look } from "./look.js";
import type { ListRow } from "./world.js";

const gap = "  ";
const timeColumns = 12;
const vmColumns = 17;

/** Which columns a row has, as on the lines of `watch`. */
interface Grid {
	readonly vm: number;
	/** The least that a frame takes; 0: what follows stands at the right end. */
	readonly summary: number;
	/** `ICMP echo` is told as `echo`, to have room for the number. */
	readonly isShort: boolean;
}

/**
 * @param columns of the list
 * @param hasVm whether rows of several VMs are in it
 */
function chooseGrid(columns: number, hasVm: boolean): Grid {
	const vm = hasVm && columns >= 110 ? vmColumns : 0;
	const left = 4 + timeColumns + 2 * gap.length + vm;
	return { vm, summary: columns - left >= 100 ? 56 : 0, isShort: columns < 88 };
}

/** One row of the list, cut to its cells. */
export function drawRow(
	row: ListRow,
	isSelected: boolean,
	columns: number,
	hasVm: boolean,
	look: Look,
): string {
	const paint: Paint = isSelected ? (_tone, text) => text : look.paint;
	const text =
		row.kind === "exchange"
			? exchangeToText(row.exchange, paint)
			: journeyToText(row.journey, paint);
	const grid = chooseGrid(columns, hasVm);
	const start = [
		`${isSelected ? "▸" : " "}${text.mark} ${fit(text.time, timeColumns)}`,
		...(grid.vm > 0 ? [fit(text.vm, grid.vm)] : []),
	].join(gap);
	const room = columns - widthOf(start) - gap.length;
	const summary = grid.isShort
		? text.summary.replace(/^ICMP echo /, "echo ")
		: text.summary;
	const line = start + gap + layOut(row, { ...text, summary }, grid, room);
	return isSelected
		? look.paint("selected", fit(line, columns))
		: cut(line, columns);
}

/** The frame, and as much of its path as there is room for. */
function layOut(
	row: ListRow,
	text: JourneyText,
	{ summary }: Grid,
	room: number,
): string {
	const width = Math.max(summary, widthOf(text.summary));
	const ends = listEnds(row, text);
	const free = room - width - gap.length;
	const end = ends.find((one) => widthOf(one) <= free);
	if (end !== undefined && summary > 0) {
		return pad(text.summary, width) + gap + end;
	}
	const shortest = end ?? ends.at(-1) ?? "";
	const left = room - widthOf(shortest) - gap.length;
	return shortest === "" || left < 8
		? cut(text.summary, room)
		: fit(text.summary, left) + gap + shortest;
}

/** What follows a frame, from the longest to the shortest that still says it. */
function listEnds(row: ListRow, text: JourneyText): string[] {
	const { path, copies, remark, paintRemark } = text;
	const way = path.join(" ");
	const why = remark === "" ? "" : paintRemark(remark);
	const all = [copies.named, copies.counted].map((one) =>
		join([way, one], why),
	);
	// Its mark says that it cannot be told.
	const isOpen =
		row.kind === "exchange" && row.exchange.outcome === "inconclusive";
	const ends = [...all, join([way], why), isOpen ? why : "", way];
	return [...ends, shortEnd(row, text)].filter((end) => end !== "");
}

function join(parts: readonly string[], why: string): string {
	const way = parts.filter((part) => part !== "").join(" ");
	return why === "" ? way : way + gap + why;
}

/** `+25.1 µs`, `br0 ✗ vnet0`, `cannot tell`. */
function shortEnd(row: ListRow, { mark, paintRemark }: JourneyText): string {
	if (row.kind === "exchange") {
		return paintRemark(row.exchange.outcome);
	}
	const { hops, outcome, lastSeen, firstMissing } = row.journey;
	if (outcome === "delivered") {
		const elapsed = hops.at(-1)?.elapsedNs ?? 0;
		return elapsed === 0 ? "" : `+${formatElapsed(elapsed)}`;
	}
	if (outcome === "lost" && lastSeen !== null && firstMissing !== null) {
		return `${lastSeen} ${mark} ${firstMissing}`;
	}
	return paintRemark(outcome === "lost" ? "lost" : "cannot tell");
}
