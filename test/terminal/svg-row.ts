import { type CellSize, drawLines, isLine, round } from "./box-drawing.js";
import { type Glyph, readGlyphs, type Span, type Style } from "./sgr.js";

/** Of the window; text on it is light. */
export const background = "#0d1117";
const foreground = "#c9d1d9";

/** What each character gets, whatever the font says. */
export const cell: CellSize = { width: 8.4, height: 19 };
const baseline = 14;

/** Text that may stand in XML 1.0; what it has no way to write becomes U+FFFD. */
export function escapeXml(text: string): string {
	return text
		.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd")
		.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Names for what is in the picture more than once. */
export class Names {
	readonly #prefix: string;
	readonly #names = new Map<string, string>();

	constructor(prefix: string) {
		this.#prefix = prefix;
	}

	of(what: string): string {
		const name =
			this.#names.get(what) ?? this.#prefix + this.#names.size.toString(36);
		this.#names.set(what, name);
		return name;
	}

	entries(): (readonly [what: string, name: string])[] {
		return [...this.#names];
	}
}

function inkOf(style: Style): string {
	return style.isInverse
		? (style.background ?? background)
		: (style.foreground ?? foreground);
}

function groundOf(style: Style): string | null {
	return style.isInverse ? (style.foreground ?? foreground) : style.background;
}

function cssOf(style: Style): string {
	return [
		`fill:${inkOf(style)}`,
		style.isBold ? "font-weight:700" : "",
		style.isDim ? "opacity:.6" : "",
		style.isItalic ? "font-style:italic" : "",
		style.isUnderlined ? "text-decoration:underline" : "",
	]
		.filter((rule) => rule !== "")
		.join(";");
}

/** Texts of letters and spaces, of which no font makes more or less than one cell each. */
const plain = /^[\x20-\x7e\u00a0-\u024f]$/;

/** Words with single spaces between them; where there are more, the next has its own place. */
function* wordsOf(glyphs: readonly Glyph[]): Generator<Glyph> {
	let words: Glyph | null = null;
	for (const glyph of glyphs) {
		const isPlain = plain.test(glyph.text);
		const end = words && words.column + words.cells;
		if (
			words &&
			(!isPlain || glyph.column !== end || / {2}$/.test(words.text))
		) {
			yield words;
			words = null;
		}
		if (!isPlain) {
			yield glyph;
		} else if (words) {
			const { text, column, cells }: Glyph = words;
			words = { text: text + glyph.text, column, cells: cells + 1 };
		} else if (glyph.text !== " ") {
			words = glyph;
		}
	}
	if (words) {
		yield words;
	}
}

function drawWords(words: Glyph, name: string): string {
	const text = words.text.trimEnd();
	if (text === "") {
		return "";
	}
	if (!plain.test(text.slice(0, 1))) {
		const middle = round((words.column + words.cells / 2) * cell.width);
		return `<text x="${middle}" y="${baseline}" class="${name} m">${escapeXml(text)}</text>`;
	}
	const cells = words.cells - (words.text.length - text.length);
	const length =
		cells === 1 ? "" : ` textLength="${round(cells * cell.width)}"`;
	return `<text x="${round(words.column * cell.width)}" y="${baseline}"${length} class="${name}">${escapeXml(text)}</text>`;
}

function drawSpan(
	{ style }: Span,
	glyphs: readonly Glyph[],
	classes: Names,
): string {
	const [first, last] = [glyphs.at(0), glyphs.at(-1)];
	if (first === undefined || last === undefined) {
		return "";
	}
	const ground = groundOf(style);
	const width = (last.column + last.cells - first.column) * cell.width;
	const rect =
		ground === null
			? ""
			: `<rect x="${round(first.column * cell.width)}" width="${round(width)}" height="${cell.height}" fill="${ground}"/>`;
	const lines = drawLines(glyphs, cell);
	const path = (d: string, strokeWidth: number) =>
		d === ""
			? ""
			: `<path d="${d}" stroke="${inkOf(style)}" stroke-width="${strokeWidth}"/>`;
	const letters = glyphs.filter(({ text }) => !isLine(text));
	const texts = [...wordsOf(letters)].map((words) =>
		drawWords(words, classes.of(cssOf(style))),
	);
	return (
		rect + path(lines.light, 1.2) + path(lines.heavy, 2.6) + texts.join("")
	);
}

/** Draws a row of a terminal at the top left; the CSS of its classes is named in `classes`. */
export function drawRow(spans: readonly Span[], classes: Names): string {
	let column = 0;
	return spans
		.map((span) => {
			const glyphs = readGlyphs(span.text, column);
			const last = glyphs.at(-1);
			column = last === undefined ? column : last.column + last.cells;
			return drawSpan(span, glyphs, classes);
		})
		.join("");
}
