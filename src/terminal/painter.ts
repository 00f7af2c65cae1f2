const csi = "\u001b[";
/**
 * Erases to the end of the line (ECMA-48: EL), before the row is written: behind a row of
 * full width the cursor still stands on its last cell.
 */
const beginRow = `${csi}K`;
/** Resets colours (SGR). */
const endRow = `${csi}0m`;
/** Erases what is below (ED). */
const eraseBelow = `${csi}J`;
/** The terminal shows what is between at once, if it knows how (DEC private mode 2026). */
const beginUpdate = `${csi}?2026h`;
const endUpdate = `${csi}?2026l`;

/** Knows what stands on the screen, and writes only rows that are different. */
export class Painter {
	#rows: readonly string[] = [];
	#isKnown = false;

	/** Nobody knows what stands there any more: its size changed, or another wrote. */
	forget(): void {
		this.#isKnown = false;
	}

	/** What makes these the rows of the screen, from its top; empty: they are. */
	paint(rows: readonly string[]): string {
		const isWhole = !this.#isKnown;
		const changed = rows.flatMap((row, index) =>
			isWhole || row !== this.#rows[index]
				? [`${csi}${index + 1};1H${beginRow}${row}${endRow}`]
				: [],
		);
		if (isWhole || rows.length < this.#rows.length) {
			changed.push(`${csi}${rows.length + 1};1H${eraseBelow}`);
		}
		this.#rows = rows;
		this.#isKnown = true;
		return changed.length === 0
			? ""
			: beginUpdate + changed.join("") + endUpdate;
	}
}
