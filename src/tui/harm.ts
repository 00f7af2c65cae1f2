import type { Cause, Exchange } from "../model/exchange.js";
import { compareOutcomes } from "./standing.js";

/** From what nobody can say to what is proven. */
const sureness: Readonly<Record<Cause["certainty"], number>> = {
	possible: 1,
	likely: 2,
	proven: 3,
};

/** The surer one comes first. */
export function compareCauses(a: Cause, b: Cause): number {
	return sureness[b.certainty] - sureness[a.certainty];
}

/**
 * What went wrong worse comes first: that whose cause is surer, as it can be mended; of
 * equally sure ones the worse outcome. When it was does not count.
 */
export function compareHarm(a: Exchange, b: Exchange): number {
	return surenessOf(b) - surenessOf(a) || compareOutcomes(a.outcome, b.outcome);
}

/** By its first cause: the surest is told first. */
function surenessOf({ causes: [first] }: Exchange): number {
	return first === undefined ? 0 : sureness[first.certainty];
}
