import { type Item, mergeItems, removeGone } from "./item.js";
import type { ItemChange } from "./item-list.js";
import type { ListRow } from "./world.js";

/** Which rows are of the chosen VM, and which of these pass the filter. */
export interface RowTests {
	/** Null: all are. */
	readonly isOfVm: ((row: ListRow) => boolean) | null;
	/** Null: all do. */
	readonly passes: ((row: ListRow) => boolean) | null;
}

/**
 * The rows of one VM and one filter. Each item is tested once: when the tests are new, or
 * when it comes.
 */
export class ShownRows {
	readonly #tests: RowTests;
	/** Of the VM, in order. */
	readonly #ofVm: Item[];
	/** Of these, what passes the filter; the same list where there is none. */
	readonly #matched: Item[];
	#version = 0;

	constructor(tests: RowTests, items: readonly Item[]) {
		this.#tests = tests;
		this.#ofVm = items.filter((item) => this.#isOfVm(item));
		const { passes } = tests;
		this.#matched =
			passes === null
				? this.#ofVm
				: this.#ofVm.filter(({ row }) => passes(row));
	}

	/** In order. */
	get matched(): readonly Item[] {
		return this.#matched;
	}

	/** Of the VM, whether they pass the filter or not; in order. */
	get ofVm(): readonly Item[] {
		return this.#ofVm;
	}

	/** Rises with what is in the lists. */
	get version(): number {
		return this.#version;
	}

	/** Whether an item would be shown if it was one for the list. */
	concerns({ row }: Item): boolean {
		return (this.#tests.isOfVm?.(row) ?? true) && this.passes(row);
	}

	/** Whether a row of the VM passes the filter. */
	passes(row: ListRow): boolean {
		return this.#tests.passes?.(row) ?? true;
	}

	apply({ added, goneSince }: ItemChange): void {
		const hasGone = goneSince !== null;
		const { passes } = this.#tests;
		const ofVm = added.filter((item) => !item.isGone && this.#isOfVm(item));
		if (!hasGone && ofVm.length === 0) {
			return;
		}
		this.#version += 1;
		if (hasGone) {
			removeGone(this.#ofVm);
		}
		mergeItems(this.#ofVm, ofVm);
		if (passes !== null) {
			if (hasGone) {
				removeGone(this.#matched);
			}
			mergeItems(
				this.#matched,
				ofVm.filter(({ row }) => passes(row)),
			);
		}
	}

	#isOfVm({ isRow, row }: Item): boolean {
		return isRow && (this.#tests.isOfVm?.(row) ?? true);
	}
}
