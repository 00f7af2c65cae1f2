import { cut, widthOf } from "./cell-width.js";
import type { FrameText } from "./frame-text.js";
import type { JourneyText } from "./journey-text.js";
import type { Paint } from "./style.js";
import { wrap } from "./wrap.js";

const timeColumns = 12;
/** A MAC address. */
const vmColumns = 17;
const placeColumns = 17;
const gap = "  ";

/** How rows are laid out. */
export interface Layout {
	/** Of the terminal; null for a file or pipe, where a journey is one line, uncut. */
	readonly columns: number | null;
	readonly paint: Paint;
}

/** Which columns a journey's row has. */
interface Grid {
	/** The path says the tap; the VM is for those who have room for both. */
	readonly hasVm: boolean;
	/** Width of the frame's summary; null: the path has a line of its own. */
	readonly summaryColumns: number | null;
	/** Where the lines below a row begin. */
	readonly indentColumns: number;
}

/**
 * - 150 columns and more, files and pipes: time, VM, frame, path. The longest ping
 *   (`ICMP echo request 192.168.100.100 → 192.168.100.101 seq 65535`) has 61.
 * - 120 and more: time, frame, path. A ping of a usual network has 56, and a broadcast
 *   over tap, bridge and uplink with one copy fits behind it.
 * - Less: the path stands below the frame.
 */
function chooseGrid({ columns }: Layout): Grid {
	const left = 2 + timeColumns + gap.length;
	if (columns === null || columns >= 150) {
		const indentColumns = left + vmColumns + gap.length;
		return { hasVm: true, summaryColumns: 61, indentColumns };
	}
	return {
		hasVm: false,
		summaryColumns: columns >= 120 ? 56 : null,
		indentColumns: columns >= 80 ? left : 4,
	};
}

/** The day, and the headings over the columns. */
export function layOutHeading(day: string, layout: Layout): string {
	const { hasVm, summaryColumns } = chooseGrid(layout);
	const headings = [
		pad(day, timeColumns),
		...(hasVm ? [pad("VM", vmColumns)] : []),
		summaryColumns === null ? "FRAME, PATH" : pad("FRAME", summaryColumns),
		...(summaryColumns === null ? [] : ["PATH"]),
	];
	return toLines([layout.paint("quiet", gap + headings.join(gap))], layout);
}

/**
 * One journey, as one or more lines, each ending in a line feed. What does not fit
 * behind the frame goes below it, and breaks between hops and words: of a path, nothing
 * but a name longer than the terminal is cut.
 */
export function layOutJourney(text: JourneyText, layout: Layout): string {
	const { columns } = layout;
	const grid = chooseGrid(layout);
	const start = joinParts(gap, [
		`${text.mark} ${pad(text.time, timeColumns)}`,
		grid.hasVm ? pad(text.vm, vmColumns) : "",
	]);
	const head = start + gap + pad(text.summary, grid.summaryColumns ?? 0);
	if (columns === null) {
		const path = joinParts(" ", [...text.path, text.copies.named]);
		const remark = text.paintRemark(text.remark);
		return toLines([joinParts(gap, [head, path, remark])], layout);
	}
	const room = { columns, indent: " ".repeat(grid.indentColumns) };
	const row = grid.summaryColumns === null ? null : addPath(head, text, room);
	const lines =
		row === null
			? [...layOutHead(start, text, room), ...layOutPath(text, room)]
			: [row];
	return toLines(addRemark(lines, text, room), layout);
}

/** The first cells of a row, the frame on as many lines as it needs. */
function layOutHead(
	start: string,
	{ summary }: JourneyText,
	{ columns }: Room,
): string[] {
	const left = widthOf(start + gap);
	return wrap(summary.split(" "), columns - left).map((line, index) =>
		index === 0 ? start + gap + line : " ".repeat(left) + line,
	);
}

type Remarked = Pick<JourneyText, "remark" | "paintRemark">;

/** How wide a terminal is, and what the lines below a row begin with. */
interface Room {
	readonly columns: number;
	readonly indent: string;
}

/** Puts the path behind the frame; the copies by number when their names do not fit. */
function addPath(head: string, text: JourneyText, room: Room): string | null {
	const { named, counted } = text.copies;
	const rows = [named, counted].map((copies) =>
		joinParts(gap, [head, joinParts(" ", [...text.path, copies])]),
	);
	return rows.find((row) => widthOf(row) <= room.columns) ?? null;
}

function layOutPath(
	{ path, copies: { named, counted } }: JourneyText,
	{ columns, indent }: Room,
): string[] {
	const width = columns - indent.length;
	const layOut = (copies: string) =>
		wrap(copies === "" ? path : [...path, copies], width);
	const lines = layOut(named);
	return (lines.length === 1 ? lines : layOut(counted)).map(
		(line) => indent + line,
	);
}

/** Puts the remark behind the last line, or below it when it does not fit there. */
function addRemark(
	lines: readonly string[],
	{ remark, paintRemark }: Remarked,
	{ columns, indent }: Room,
): string[] {
	const whole = joinParts(gap, [lines.at(-1) ?? "", paintRemark(remark)]);
	if (widthOf(whole) <= columns) {
		return [...lines.slice(0, -1), whole];
	}
	const words = remark.split(" ").filter((word) => word !== "");
	const below = wrap(words, columns - indent.length);
	return [...lines, ...below.map((line) => indent + paintRemark(line))];
}

/** What stands below a row: a line, or as many as it needs. */
export function layOutBelow(
	text: string,
	depth: number,
	layout: Layout,
): string {
	const { columns } = layout;
	const indent = " ".repeat(chooseGrid(layout).indentColumns + 2 * depth);
	const lines =
		columns === null
			? [text]
			: wrap(text.split(" "), Math.max(20, columns - indent.length));
	return toLines(
		lines.map((line) => indent + line),
		layout,
	);
}

/** One frame, as one or more lines. */
export function layOutFrame(text: FrameText, layout: Layout): string {
	const { columns } = layout;
	const row = joinParts(gap, [
		gap + pad(text.time, timeColumns),
		pad(text.place, placeColumns),
		text.summary,
	]);
	if (columns === null) {
		const remark = text.paintRemark(text.remark);
		return toLines([joinParts(gap, [row, remark])], layout);
	}
	const indent = " ".repeat(chooseGrid(layout).indentColumns);
	return toLines(addRemark([row], text, { columns, indent }), layout);
}

function toLines(lines: readonly string[], { columns }: Layout): string {
	return lines
		.map((line) => (columns === null ? line : cut(line, columns)))
		.map((line) => `${line}\n`)
		.join("");
}

function joinParts(separator: string, parts: readonly string[]): string {
	return parts.filter((part) => part !== "").join(separator);
}

/** Fills a text up to a width in columns, of which wide characters take two. */
function pad(text: string, columns: number): string {
	return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}
