import { styleText } from "node:util";

/** What a piece of text means; each meaning has a colour, and words or marks besides. */
export type Tone = "good" | "bad" | "unsure" | "quiet" | "strong";

const formats = {
	good: "green",
	bad: "red",
	unsure: "yellow",
	quiet: "gray",
	strong: "bold",
} as const;

/** Puts a tone on a text, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

/** Paints with ANSI colours. */
export const paintColors: Paint = (tone, text) =>
	text === "" ? "" : styleText(formats[tone], text);

/** Paints nothing: for files, pipes and NO_COLOR. */
export const paintNothing: Paint = (_tone, text) => text;
