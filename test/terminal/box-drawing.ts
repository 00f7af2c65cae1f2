import type { Glyph } from "./sgr.js";

/** Arms of a character of U+2500 to U+257F: left, right, up, down. */
type Arms = readonly [number, number, number, number];

const light: Readonly<Record<string, Arms>> = {
	"─": [1, 1, 0, 0],
	"│": [0, 0, 1, 1],
	"┌": [0, 1, 0, 1],
	"┐": [1, 0, 0, 1],
	"└": [0, 1, 1, 0],
	"┘": [1, 0, 1, 0],
	"├": [0, 1, 1, 1],
	"┤": [1, 0, 1, 1],
	"┬": [1, 1, 0, 1],
	"┴": [1, 1, 1, 0],
	"┼": [1, 1, 1, 1],
};

const heavy: Readonly<Record<string, Arms>> = {
	"━": [1, 1, 0, 0],
	"┃": [0, 0, 1, 1],
};

/** A cell, in pixels. */
export interface CellSize {
	readonly width: number;
	readonly height: number;
}

/** Lines of a row, as the `d` of a path each: those that have any. */
export interface Lines {
	readonly light: string;
	readonly heavy: string;
}

/** Whether a character is drawn here, and not by a font: so lines meet, whatever it is. */
export function isLine(text: string): boolean {
	return text in light || text in heavy;
}

/** Draws what of a row is lines; neighbours that run on are one. */
export function drawLines(glyphs: readonly Glyph[], cell: CellSize): Lines {
	return { light: draw(glyphs, light, cell), heavy: draw(glyphs, heavy, cell) };
}

function draw(
	glyphs: readonly Glyph[],
	shapes: Readonly<Record<string, Arms>>,
	{ width, height }: CellSize,
): string {
	const middle = height / 2;
	let path = "";
	let reached = -1;
	for (const { text, column } of glyphs) {
		const arms = shapes[text];
		if (arms === undefined) {
			continue;
		}
		const [left, right, up, down] = arms;
		const center = (column + 0.5) * width;
		const begin = left ? column * width : center;
		const end = right ? (column + 1) * width : center;
		if (left || right) {
			path = isNear(begin, reached)
				? path.replace(/H[\d.]+$/, `H${round(end)}`)
				: `${path}M${round(begin)} ${middle}H${round(end)}`;
			reached = end;
		}
		if (up || down) {
			path += `M${round(center)} ${up ? 0 : middle}V${down ? height : middle}`;
			reached = -1;
		}
	}
	return path;
}

function isNear(one: number, other: number): boolean {
	return Math.abs(one - other) < 0.01;
}

/** A length in pixels, as short as it can be told. */
export function round(length: number): string {
	return String(Math.round(length * 10) / 10);
}
