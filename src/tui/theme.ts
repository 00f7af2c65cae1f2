import { paintColors, type Tone } from "../show/style.js";
import { toAscii } from "./ascii.js";
import type { Look, ScreenTone } from "./look.js";

/** Codes of ECMA-48 section 8.3.117 that begin a tone, and those that end it. */
type Codes = readonly [begin: string, end: string];

type OwnTone = Exclude<ScreenTone, Tone>;

const colored: Readonly<Record<OwnTone, Codes>> = {
	accent: ["\u001b[1m\u001b[36m", "\u001b[39m\u001b[22m"],
	selected: ["\u001b[7m", "\u001b[27m"],
	bar: ["\u001b[36m", "\u001b[39m"],
};

/** NO_COLOR is about colours: bold and inverse stay. */
const monochrome: Readonly<Partial<Record<ScreenTone, Codes>>> = {
	strong: ["\u001b[1m", "\u001b[22m"],
	accent: ["\u001b[1m", "\u001b[22m"],
	selected: ["\u001b[7m", "\u001b[27m"],
};

function isOwn(tone: ScreenTone): tone is OwnTone {
	return tone in colored;
}

function enclose([begin, end]: Codes, text: string): string {
	return text === "" ? "" : begin + text + end;
}

/** How the screen looks on a terminal that can do so much. */
export function createLook(hasColors: boolean, hasUnicode: boolean): Look {
	return {
		hasUnicode,
		paint: (tone, text) => {
			if (!hasColors) {
				const codes = monochrome[tone];
				return codes === undefined ? text : enclose(codes, text);
			}
			return isOwn(tone)
				? enclose(colored[tone], text)
				: paintColors(tone, text);
		},
	};
}

/** Rows without a single code: for measuring, and where a row has one tone. */
export const plainLook: Look = {
	hasUnicode: true,
	paint: (_tone, text) => text,
};

/** Rows as the terminal can show them. */
export function finish(rows: readonly string[], look: Look): string[] {
	return look.hasUnicode ? [...rows] : rows.map(toAscii);
}
