import stringWidth from "string-width";

/** How text looks; colours as CSS has them, null: the terminal's own. */
export interface Style {
	readonly foreground: string | null;
	readonly background: string | null;
	readonly isBold: boolean;
	readonly isDim: boolean;
	readonly isItalic: boolean;
	readonly isUnderlined: boolean;
	readonly isInverse: boolean;
}

/** What a row has in one style, or a part of it. */
export interface Span {
	readonly text: string;
	readonly style: Style;
}

/** A character as it is seen, and the cells it takes. */
export interface Glyph {
	readonly text: string;
	/** From 0. */
	readonly column: number;
	/** 1, or 2 for wide ones. */
	readonly cells: number;
}

/** Colours 0 to 15, for a dark background. */
const palette = [
	...["#484f58", "#ff7b72", "#3fb950", "#d29922"],
	...["#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4"],
	...["#7d8590", "#ffa198", "#56d364", "#e3b341"],
	...["#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff"],
];

/** A terminal's text before any code. */
export const plainStyle: Style = {
	foreground: null,
	background: null,
	isBold: false,
	isDim: false,
	isItalic: false,
	isUnderlined: false,
	isInverse: false,
};

/** What each code of ECMA-48 section 8.3.117 changes, but for the colours. */
const changes: Readonly<Record<number, Partial<Style>>> = {
	0: plainStyle,
	1: { isBold: true },
	2: { isDim: true },
	3: { isItalic: true },
	4: { isUnderlined: true },
	7: { isInverse: true },
	22: { isBold: false, isDim: false },
	23: { isItalic: false },
	24: { isUnderlined: false },
	27: { isInverse: false },
	39: { foreground: null },
	49: { background: null },
};

function hex(parts: readonly number[]): string {
	const two = (part: number) =>
		Math.min(255, part).toString(16).padStart(2, "0");
	return `#${parts.map(two).join("")}`;
}

/** Colour of the 256: the palette, a cube of six steps a side, 24 greys. */
function indexed(index: number): string | null {
	if (index < 16) {
		return palette[index] ?? null;
	}
	if (index >= 232) {
		const grey = 8 + 10 * (index - 232);
		return hex([grey, grey, grey]);
	}
	const step = (size: number) => {
		const at = Math.floor((index - 16) / size) % 6;
		return at === 0 ? 0 : 55 + 40 * at;
	};
	return hex([step(36), step(6), step(1)]);
}

/** What codes from the first on change, and how many of them it took. */
function change(codes: readonly number[]): readonly [Partial<Style>, number] {
	const [code = 0, kind, ...values] = codes;
	const [tens, ones] = [Math.floor(code / 10), code % 10];
	const key = [3, 9].includes(tens) ? "foreground" : "background";
	if (code === 38 || code === 48) {
		return kind === 2
			? [{ [key]: hex([0, 1, 2].map((index) => values[index] ?? 0)) }, 5]
			: [{ [key]: indexed(values[0] ?? 0) }, 3];
	}
	if (ones < 8 && [3, 4, 9, 10].includes(tens)) {
		return [{ [key]: palette[ones + (tens >= 9 ? 8 : 0)] ?? null }, 1];
	}
	return [changes[code] ?? {}, 1];
}

function applyCodes(before: Style, text: string): Style {
	let style = before;
	let codes = text.split(/[;:]/).map(Number);
	while (codes.length > 0) {
		const [changed, taken] = change(codes);
		style = { ...style, ...changed };
		codes = codes.slice(taken);
	}
	return style;
}

const esc = "\u001b";

/** Control sequences, commands of the operating system, and what else begins so. */
const escapes = new RegExp(
	[
		`${esc}\\[([0-?]*)[ -/]*([@-~])`,
		`${esc}\\][^\\x07${esc}]*(?:\\x07|${esc}\\\\)`,
		`${esc}[ -/]*[0-~]?`,
	].join("|"),
	"g",
);

/** Takes rows of `tmux capture-pane -e -p` apart; other codes than SGR go. */
export function readRows(rows: readonly string[]): Span[][] {
	// tmux ends at the beginning of a row what began on the row before.
	let style = plainStyle;
	return rows.map((row) => {
		const spans: Span[] = [];
		let from = 0;
		const take = (to: number) => {
			if (to > from) {
				spans.push({ text: row.slice(from, to), style });
			}
		};
		for (const found of row.matchAll(escapes)) {
			take(found.index);
			from = found.index + found[0].length;
			if (found[2] === "m") {
				style = applyCodes(style, found[1] ?? "");
			}
		}
		take(row.length);
		return spans;
	});
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Characters of a text from a column on; what takes no cell goes. */
export function readGlyphs(text: string, from: number): Glyph[] {
	let column = from;
	return [...segmenter.segment(text)].flatMap(({ segment }) => {
		const cells = stringWidth(segment);
		const glyph = { text: segment, column, cells };
		column += cells;
		return cells === 0 ? [] : [glyph];
	});
}
