import type { Exchange } from "../model/exchange.js";
import { cut, widthOf } from "../show/cell-width.js";
import { exchangeToText } from "../show/exchange-text.js";
import { type JourneyText, journeyToText } from "../show/journey-text.js";
import type { Paint } from "../show/style.js";
import { formatCount } from "../show/units.js";
import { cutName, fit, pad } from "./cells.js";
import type { Look } from "./look.js";
import { shortenPath } from "./short-path.js";
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
			? tellExchange(row.exchange, paint)
			: journeyToText(row.journey, paint);
	const grid = chooseGrid(columns, hasVm);
	const start = [
		`${isSelected ? "▸" : " "}${text.mark}${drawTime(row, text.time, paint)}`,
		...(grid.vm > 0 ? [`${fit(cutName(text.vm, grid.vm), grid.vm)} `] : []),
		"",
	].join(" ");
	const summary = grid.isShort
		? text.summary.replace(/^ICMP echo /, "echo ")
		: text.summary;
	// What is made of frames is not to be taken for one.
	const told = row.kind === "exchange" ? paint("strong", summary) : summary;
	const ends = listEnds(row, text, paint);
	const line =
		start + layOut(told, ends, grid.summary, columns - widthOf(start));
	return isSelected
		? look.paint("selected", fit(line, columns))
		: cut(line, columns);
}

/** With how many frames it is made of where those have their copies. */
function tellExchange(exchange: Exchange, paint: Paint): JourneyText {
	const { length } = exchange.messages;
	const named =
		length === 0 ? "" : paint("quiet", `(${formatCount(length, "frame")})`);
	const copies = { named, counted: "" };
	return { ...exchangeToText(exchange, paint), copies };
}

/** ` 13:44:02.123 ` of a frame, `[13:44:02.123]` of an exchange. */
function drawTime({ kind }: ListRow, time: string, paint: Paint): string {
	const text = fit(time, timeColumns);
	return kind === "exchange"
		? paint("strong", "[") + text + paint("strong", "]")
		: ` ${text} `;
}

/**
 * The frame, and as much of its path as there is room for.
 *
 * @param least cells that the frame takes; 0: what follows stands at the right end
 */
function layOut(
	frame: string,
	ends: readonly string[],
	least: number,
	room: number,
): string {
	const width = Math.max(least, widthOf(frame));
	const free = room - width - gap.length;
	const end = ends.find((one) => widthOf(one) <= free);
	if (end !== undefined && least > 0) {
		return pad(frame, width) + gap + end;
	}
	const shortest = end ?? ends.at(-1) ?? "";
	const left = room - widthOf(shortest) - gap.length;
	return shortest === "" || left < 8
		? cut(frame, room)
		: fit(frame, left) + gap + shortest;
}

/** What follows a frame, from the longest to the shortest that still says it. */
function listEnds(row: ListRow, text: JourneyText, paint: Paint): string[] {
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
	const told = [...ends, ...listShortEnds(row, text, paint)];
	const isLost = row.kind === "exchange" || row.journey.outcome === "lost";
	// Where it passed may go unsaid: its mark says what became of it.
	return [...told.filter((end) => end !== ""), ...(isLost ? [] : [""])];
}

function join(parts: readonly string[], why: string): string {
	const way = parts.filter((part) => part !== "").join(" ");
	return why === "" ? way : way + gap + why;
}

/** `vnet0→ens3` and what is shorter, `br0 ✗ vnet0`, `lost`, `cannot tell`. */
function listShortEnds(
	row: ListRow,
	{ mark, paintRemark }: JourneyText,
	paint: Paint,
): readonly string[] {
	const told = row.kind === "exchange" ? row.exchange : row.journey;
	const { outcome, lastSeen, firstMissing } = told;
	if (row.kind === "journey" && outcome === "delivered") {
		return shortenPath(row.journey, paint);
	}
	const isPlaced =
		outcome === "lost" && lastSeen !== null && firstMissing !== null;
	const places = isPlaced
		? [`${lastSeen} ${mark} ${firstMissing}`, `${mark} ${firstMissing}`]
		: [];
	const word = outcome === "inconclusive" ? "cannot tell" : outcome;
	return [...places, paintRemark(word)];
}
