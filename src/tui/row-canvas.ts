import type { Look, ScreenTone } from "./look.js";

/** A row that is drawn cell by cell. Every character put on it takes one cell. */
export class RowCanvas {
	readonly #cells: { text: string; tone: ScreenTone | null }[];

	constructor(columns: number) {
		this.#cells = Array.from({ length: columns }, () => ({
			text: " ",
			tone: null,
		}));
	}

	/** Puts a text on the row; what is beyond its ends is left out. */
	put(at: number, text: string, tone: ScreenTone | null): void {
		for (const [index, character] of [...text].entries()) {
			const cell = this.#cells[at + index];
			if (cell !== undefined) {
				cell.text = character;
				cell.tone = tone;
			}
		}
	}

	/** The row, without the blanks at its end. */
	toRow({ paint }: Look): string {
		const runs: { text: string; tone: ScreenTone | null }[] = [];
		const last = this.#cells.findLastIndex(({ text }) => text !== " ");
		for (const { text, tone } of this.#cells.slice(0, last + 1)) {
			const run = runs.at(-1);
			if (run?.tone === tone) {
				run.text += text;
			} else {
				runs.push({ text, tone });
			}
		}
		return runs
			.map(({ text, tone }) => (tone === null ? text : paint(tone, text)))
			.join("");
	}
}
