/** How many outcomes are remembered, for when a journey or exchange comes again. */
const memory = 65_536;

/** What is counted: a journey or an exchange. */
interface Counted<Outcome> {
	readonly id: number;
	readonly revision: number;
	readonly outcome: Outcome;
}

/** Counts by outcome; what comes again counts once, as it came last. */
export class Tally<Outcome extends string> {
	readonly counts: Record<Outcome, number>;
	/** By id, the oldest first. */
	readonly #outcomes = new Map<number, Outcome>();

	/** @param zero every outcome, with a count of 0 */
	constructor(zero: Readonly<Record<Outcome, number>>) {
		this.counts = { ...zero };
	}

	add({ id, revision, outcome }: Counted<Outcome>): void {
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

export const noJourneys = { delivered: 0, lost: 0, inconclusive: 0 };
export const noExchanges = {
	delivered: 0,
	degraded: 0,
	refused: 0,
	lost: 0,
	unanswered: 0,
	inconclusive: 0,
};
