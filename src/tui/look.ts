import type { Tone } from "../show/style.js";

/** Tones of the screen: those of lines, and what only a screen has. */
export type ScreenTone = Tone | "accent" | "selected" | "bar";

/** How rows are drawn. Rows are strings with SGR codes, no wider than asked. */
export interface Look {
	readonly paint: (tone: ScreenTone, text: string) => string;
	/** False: every character of a row is ASCII. */
	readonly hasUnicode: boolean;
}

/** Room for a drawing, in cells. */
export interface Size {
	readonly columns: number;
	readonly rows: number;
}
