import type { SafeText } from "../model/safe-text.js";
import { formatCount } from "../show/units.js";
import type { Notice } from "../trace/session-events.js";

/** More remarks on one file than this are only counted. */
const noticeLimit = 10;

/** Tells remarks on files, and does not flood who listens. */
export class Notices {
	readonly #names: readonly SafeText[];
	readonly #tell: (message: string) => void;
	readonly #counts = new Map<number, number>();

	/**
	 * @param names of the files, by source
	 * @param tell takes one line, without its line feed
	 */
	constructor(names: readonly SafeText[], tell: (message: string) => void) {
		this.#names = names;
		this.#tell = tell;
	}

	add({ source, offset, message }: Notice): void {
		const count = (this.#counts.get(source) ?? 0) + 1;
		this.#counts.set(source, count);
		if (count <= noticeLimit) {
			const place = offset === null ? "" : ` byte ${offset}:`;
			this.#tell(`${this.#names[source]}:${place} ${message}`);
		}
	}

	/** Says how many remarks were not told. */
	end(): void {
		for (const [source, count] of this.#counts) {
			if (count > noticeLimit) {
				const more = formatCount(count - noticeLimit, "more such remark");
				this.#tell(`${this.#names[source]}: ${more}`);
			}
		}
	}
}
