import { widthOf } from "../show/cell-width.js";

/** What vmpath draws with, and what stands for it; one cell each. */
const standIns: Readonly<Record<string, string>> = {
	"●": "o",
	"✗": "x",
	"◆": "*",
	"◇": "+",
	"⊘": "!",
	"○": "-",
	"■": "#",
	"◪": "%",
	"□": ".",
	"▸": ">",
	"→": ">",
	"←": "<",
	"↳": "`",
	"─": "-",
	"━": "=",
	"│": "|",
	"├": "+",
	"└": "`",
	"┬": "+",
	"┴": "+",
	"┼": "+",
	"┌": "+",
	"┐": "+",
	"┘": "+",
	"…": "~",
	"·": ".",
	"×": "x",
	µ: "u",
	"█": "#",
	"░": ".",
};

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const isAscii = /^\p{ASCII}*$/u;

/**
 * A row for terminals without Unicode. Every cell stays where it is: what has no stand-in
 * becomes as many `?` as it has cells.
 */
export function toAscii(row: string): string {
	if (isAscii.test(row)) {
		return row;
	}
	let text = "";
	for (const { segment } of graphemes.segment(row)) {
		text += isAscii.test(segment)
			? segment
			: (standIns[segment] ?? "?".repeat(widthOf(segment)));
	}
	return text;
}
