/** What a piece of text means; each meaning has a colour, and words or marks besides. */
export type Tone = "good" | "bad" | "unsure" | "quiet" | "strong";

/**
 * Select Graphic Rendition codes (ECMA-48 section 8.3.117): those that begin a tone and
 * those that end it. Written here and not by `styleText`, which later versions of Node
 * let look at the terminal for themselves.
 */
const codes: Readonly<Record<Tone, readonly [begin: number, end: number]>> = {
	good: [32, 39],
	bad: [31, 39],
	unsure: [33, 39],
	quiet: [90, 39],
	strong: [1, 22],
};

/** Puts a tone on a text, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

/** Paints with ANSI colours. */
export const paintColors: Paint = (tone, text) => {
	const [begin, end] = codes[tone];
	return text === "" ? "" : `\u001b[${begin}m${text}\u001b[${end}m`;
};

/** Paints nothing: for files, pipes and NO_COLOR. */
export const paintNothing: Paint = (_tone, text) => text;
