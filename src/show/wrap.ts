import { widthOf } from "./cell-width.js";

/**
 * Puts pieces on as few lines as they need, a blank between two pieces of one line. A
 * piece that is longer than a line is left so.
 *
 * @param columns of a line; wide characters take two, ANSI colours none
 */
export function wrap(pieces: readonly string[], columns: number): string[] {
	const lines: string[] = [];
	let line = "";
	for (const piece of pieces) {
		const longer = line === "" ? piece : `${line} ${piece}`;
		if (line !== "" && widthOf(longer) > columns) {
			lines.push(line);
			line = piece;
		} else {
			line = longer;
		}
	}
	return line === "" ? lines : [...lines, line];
}
