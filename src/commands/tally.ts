/** At least so many outcomes are remembered, for when a journey or exchange comes again. */
const memory = 32_768;

/** What is counted: a journey or an exchange. */
interface Counted<Outcome> {
	readonly id: number;
	readonly revision: number;
	readonly outcome: Outcome;
}

/** Counts by outcome; what comes again counts once, as it came last. */
export class Tally<Outcome extends string> {
	readonly counts: Record<Outcome, number>;
	/** By id; given up as a whole, since a `Map` is slow to tell its oldest entry. */
	#latest = new Map<number, Outcome>();
	#earlier: ReadonlyMap<number, Outcome> = new Map();

	/** @param zero every outcome, with a count of 0 */
	constructor(zero: Readonly<Record<Outcome, number>>) {
		this.counts = { ...zero };
	}

	add({ id, revision, outcome }: Counted<Outcome>): void {
		const before =
			revision > 0
				? (this.#latest.get(id) ?? this.#earlier.get(id))
				: undefined;
		if (before !== undefined) {
			this.counts[before] -= 1;
		}
		this.counts[outcome] += 1;
		this.#latest.set(id, outcome);
		if (this.#latest.size >= memory) {
			this.#earlier = this.#latest;
			this.#latest = new Map();
		}
	}
}

export const noJourneys = { delivered: 0, lost: 0, inconclusive: 0 };
export const noExchanges = {
	delivered: 0,
	degraded: 0,
	refused: 0,
	lost: 0,
	unanswered: 0,
	inconclusive: 0,
};
