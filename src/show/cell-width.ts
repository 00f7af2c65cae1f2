import stringWidth from "string-width";

/** Select Graphic Rendition: what `Look.paint` puts around a text. */
const introducer = "\u001b";
const sgr = new RegExp(`${introducer}\\[[0-9;]*m`, "g");

/**
 * Characters that take a cell each, whatever stands beside them: ASCII, Latin, Greek,
 * Cyrillic, and what vmpath draws with.
 */
const plain = " -~¡-¬®-ˬͰ-ͷΑ-ΡΣ-ϿЀ-ҁ←→↳─━│├└┬┴┼┌┐┘…·×●○■□◪▸◆◇✗⊘█░";

const isPlain = new RegExp(`^[${plain}]*$`, "u");
/** What is measured with care, and the characters at its ends that it may join. */
const others = new RegExp(
	`[${plain}]?[^${plain}]+(?:[${plain}][^${plain}]+)*[${plain}]?`,
	"gu",
);

/** Widths of texts that are not plain: the same names come with every drawing. */
const known = new Map<string, number>();
const knownLimit = 2_000;

/**
 * Cells that a text takes. As `string-width`, which takes 0.7 ms for a row of the screen
 * that is not ASCII; a row has to be measured in some microseconds.
 */
export function widthOf(text: string): number {
	const bare = text.includes(introducer) ? text.replace(sgr, "") : text;
	if (isPlain.test(bare)) {
		return bare.length;
	}
	let width = bare.length;
	for (const [run] of bare.matchAll(others)) {
		width += measure(run) - run.length;
	}
	return width;
}

function measure(run: string): number {
	const found = known.get(run);
	if (found !== undefined) {
		return found;
	}
	if (known.size >= knownLimit) {
		known.clear();
	}
	const width = stringWidth(run);
	known.set(run, width);
	return width;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The characters of a text without codes, as a person sees them. */
export function splitCharacters(text: string): string[] {
	return isPlain.test(text)
		? [...text]
		: Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** The longest begin of a text without codes that takes at most so many cells. */
function takeCells(text: string, columns: number): string {
	if (isPlain.test(text)) {
		return text.slice(0, columns);
	}
	let taken = "";
	let left = columns;
	for (const character of splitCharacters(text)) {
		left -= widthOf(character);
		if (left < 0) {
			break;
		}
		taken += character;
	}
	return taken;
}

/** Cuts a text that is wider than so many cells; it ends in `…` then. */
export function cut(text: string, columns: number): string {
	if (columns < 1) {
		return "";
	}
	if (widthOf(text) <= columns) {
		return text;
	}
	let line = "";
	let left = columns - 1;
	let isFull = false;
	let at = 0;
	const take = (part: string) => {
		if (isFull) {
			return;
		}
		const taken = takeCells(part, left);
		left -= widthOf(taken);
		isFull = taken.length < part.length;
		line += isFull ? `${taken}…` : taken;
	};
	// Codes behind the cut stay: they end the tones that began before it.
	for (const code of text.matchAll(sgr)) {
		take(text.slice(at, code.index));
		line += code[0];
		at = code.index + code[0].length;
	}
	take(text.slice(at));
	return line;
}

/** Cuts the begin off: the ends of files' names tell them apart; it begins with `…` then. */
export function cutFront(text: string, columns: number): string {
	return columns < 1 || widthOf(text) <= columns
		? cut(text, columns)
		: `…${takeLastCells(text, columns - 1)}`;
}

/** Cuts in the middle: the ends of interfaces' names tell them apart. */
export function cutMiddle(text: string, columns: number): string {
	if (columns < 1 || widthOf(text) <= columns) {
		return columns < 1 ? "" : text;
	}
	const begin = takeCells(text, Math.ceil((columns - 1) / 2));
	return `${begin}…${takeLastCells(text, columns - 1 - widthOf(begin))}`;
}

/** The longest end of a text without codes that takes at most so many cells. */
function takeLastCells(text: string, columns: number): string {
	const end: string[] = [];
	let left = columns;
	for (const character of splitCharacters(text).reverse()) {
		left -= widthOf(character);
		if (left < 0) {
			break;
		}
		end.unshift(character);
	}
	return end.join("");
}
