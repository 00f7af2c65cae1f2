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
	"╌": ".",
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

/** Select Graphic Rendition: what `Look.paint` puts around a text. */
const introducer = "\u001b";
const sgr = new RegExp(`${introducer}\\[[0-9;]*m`, "g");

/**
 * A row for terminals without Unicode. Every cell stays where it is: what has no stand-in
 * becomes as many `?` as it has cells.
 */
export function toAscii(row: string): string {
	if (isAscii.test(row)) {
		return row;
	}
	// A mark that a name begins with joins what stands before it, not the end of a code.
	const codes = [...row.matchAll(sgr)];
	let text = "";
	let skipped = 0;
	const takeCodes = (until: number) => {
		while (codes[0] !== undefined && codes[0].index - skipped <= until) {
			const [code = ""] = codes.shift() ?? [];
			text += code;
			skipped += code.length;
		}
	};
	for (const { segment, index } of graphemes.segment(row.replace(sgr, ""))) {
		takeCodes(index);
		text += isAscii.test(segment)
			? segment
			: (standIns[segment] ?? "?".repeat(widthOf(segment)));
	}
	takeCodes(Number.POSITIVE_INFINITY);
	return text;
}
