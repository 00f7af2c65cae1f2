import type { Totals } from "../../src/show/presenter.js";

/** What came of a small log, or what a test makes of it. */
export function totals(changes: Partial<Totals> = {}): Totals {
	return {
		frames: { read: 1, relevant: 1, malformed: 0, untimed: 0, dropped: 0 },
		journeys: { delivered: 1, lost: 0, inconclusive: 0 },
		exchanges: {
			delivered: 0,
			degraded: 0,
			refused: 0,
			lost: 0,
			unanswered: 0,
			inconclusive: 0,
		},
		letGo: {
			journeys: 0,
			exchanges: 0,
			messages: 0,
			sightings: 0,
			unordered: 0,
			addresses: 0,
		},
		addresses: [],
		end: null,
		reason: "end of capture",
		...changes,
	};
}
