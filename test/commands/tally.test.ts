import assert from "node:assert/strict";
import { test } from "node:test";
import { noJourneys, Tally } from "../../src/commands/tally.js";
import { journey } from "../show/journeys.js";

test("Tally counts journeys by outcome", () => {
	const tally = new Tally(noJourneys);
	tally.add(journey({ id: 1, outcome: "delivered" }));
	tally.add(journey({ id: 2, outcome: "delivered" }));
	tally.add(journey({ id: 3, outcome: "lost" }));
	assert.deepEqual(tally.counts, { delivered: 2, lost: 1, inconclusive: 0 });
});

test("Tally counts a journey that comes again once, as it came last", () => {
	const tally = new Tally(noJourneys);
	tally.add(journey({ id: 1, outcome: "lost" }));
	tally.add(journey({ id: 1, revision: 1, outcome: "inconclusive" }));
	tally.add(journey({ id: 1, revision: 2, outcome: "delivered" }));
	assert.deepEqual(tally.counts, { delivered: 1, lost: 0, inconclusive: 0 });
});

test("Tally forgets the oldest journeys, not how many there were", () => {
	const tally = new Tally(noJourneys);
	for (let id = 0; id < 200_000; id += 1) {
		tally.add(journey({ id, outcome: "delivered" }));
	}
	tally.add(journey({ id: 199_999, revision: 1, outcome: "lost" }));
	assert.deepEqual(tally.counts, {
		delivered: 199_999,
		lost: 1,
		inconclusive: 0,
	});
});
