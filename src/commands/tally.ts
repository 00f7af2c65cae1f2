import type { Journey, Outcome } from "../model/journey.js";

/** How many journeys' outcomes are remembered, for when one comes again. */
const memory = 65_536;

/** Counts journeys by outcome; one that comes again counts once, as it came last. */
export class Tally {
	readonly counts: Record<Outcome, number> = {
		delivered: 0,
		lost: 0,
		inconclusive: 0,
	};
	/** By id, the oldest first. */
	readonly #outcomes = new Map<number, Outcome>();

	add({ id, revision, outcome }: Journey): void {
		const before = revision > 0 ? this.#outcomes.get(id) : undefined;
		if (before !== undefined) {
			this.counts[before] -= 1;
		}
		this.counts[outcome] += 1;
		this.#outcomes.set(id, outcome);
		if (this.#outcomes.size > memory) {
			const [oldest] = this.#outcomes.keys();
			this.#outcomes.delete(oldest ?? id);
		}
	}
}
