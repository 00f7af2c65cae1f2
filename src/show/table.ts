import cliTruncate from "cli-truncate";
import stringWidth from "string-width";
import type { FrameText } from "./frame-text.js";
import type { JourneyText } from "./journey-text.js";
import type { Paint } from "./style.js";

/** From this many columns on, a journey stands on one row. */
const oneRowColumns = 120;
const timeColumns = 12;
const vmColumns = 17;
const summaryColumns = 48;
const placeColumns = 19;
const gap = "  ";

/** How rows are laid out. */
export interface Layout {
	/** Of the terminal; null for a file or pipe, where nothing is cut. */
	readonly columns: number | null;
	readonly paint: Paint;
}

/** The day, and the headings over the rows where a journey has one row. */
export function layOutHeading(day: string, layout: Layout): string {
	const headings = [
		pad(day, timeColumns),
		pad("VM", vmColumns),
		pad("FRAME", summaryColumns),
		"PATH",
	];
	const row = isNarrow(layout) ? day : headings.join(gap);
	return toLines([layout.paint("quiet", gap + row)], layout);
}

/** One journey, as one or more lines, each ending in a line feed. */
export function layOutJourney(text: JourneyText, layout: Layout): string {
	const time = layout.paint("quiet", pad(text.time, timeColumns));
	const remark = text.remark === "" ? [] : [text.remark];
	if (isNarrow(layout)) {
		const head = `${text.mark} ${time}${gap}${text.summary}`;
		const rest = [text.path, ...remark].map((line) => gap + gap + line);
		return toLines([head, ...rest], layout);
	}
	const cells = [
		`${text.mark} ${time}`,
		pad(text.vm, vmColumns),
		pad(text.summary, summaryColumns),
		text.path,
	];
	const indent = pad("", 2 + timeColumns + vmColumns) + gap + gap;
	const rest = remark.map((line) => indent + line);
	return toLines([cells.join(gap), ...rest], layout);
}

/** One frame, as one or two lines. */
export function layOutFrame(text: FrameText, layout: Layout): string {
	const cells = [
		layout.paint("quiet", pad(text.time, timeColumns)),
		pad(text.place, placeColumns),
		text.summary,
	];
	const remark = text.remark === "" ? [] : [gap + text.remark];
	return toLines([gap + cells.join(gap), ...remark], layout);
}

function isNarrow({ columns }: Layout): boolean {
	return columns !== null && columns < oneRowColumns;
}

function toLines(lines: readonly string[], { columns }: Layout): string {
	return lines
		.map((line) => (columns === null ? line : cliTruncate(line, columns)))
		.map((line) => `${line}\n`)
		.join("");
}

/** Fills a text up to a width in columns, of which wide characters take two. */
function pad(text: string, columns: number): string {
	return text + " ".repeat(Math.max(0, columns - stringWidth(text)));
}
