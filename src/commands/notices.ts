import type { SafeText } from "../model/safe-text.js";
import type { Notice } from "../trace/session.js";
import { tell } from "./output.js";

/** More remarks on one file than this are only counted. */
const noticeLimit = 10;

/** Tells remarks on files on standard error, and does not flood it. */
export class Notices {
	readonly #names: readonly SafeText[];
	readonly #counts = new Map<number, number>();

	/** @param names of the files, by source */
	constructor(names: readonly SafeText[]) {
		this.#names = names;
	}

	tell({ source, offset, message }: Notice): void {
		const count = (this.#counts.get(source) ?? 0) + 1;
		this.#counts.set(source, count);
		if (count <= noticeLimit) {
			const place = offset === null ? "" : ` byte ${offset}:`;
			tell(`${this.#names[source]}:${place} ${message}`);
		}
	}

	/** Says how many remarks were not told. */
	end(): void {
		for (const [source, count] of this.#counts) {
			if (count > noticeLimit) {
				tell(
					`${this.#names[source]}: ${count - noticeLimit} more such remarks`,
				);
			}
		}
	}
}
