import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FaultTruth } from "../lab/fault-truth.js";
import { isExpected, loadFaults, playFault } from "./fault-recordings.js";

const faults = await loadFaults();

/** Whether the fault was all there was in the end: else it worked at last. */
function isLast(effect: FaultTruth["effect"]): boolean {
	return effect !== null && effect.outcome !== "degraded";
}

describe("recordings of faults", () => {
	test("are there", () => {
		assert.ok(faults.length > 20);
	});

	for (const fault of faults) {
		const { name, cause, effect } = fault.truth;
		test(`${name}: ${cause ?? "no cause"} is named, and nothing wrong is proven`, async () => {
			const { exchanges } = await playFault(fault);
			const named = exchanges.flatMap(({ causes }) => causes);
			for (const { id, certainty } of named) {
				assert.ok(certainty !== "proven" || id === cause, `${id} ${certainty}`);
			}
			if (cause === null) {
				assert.deepEqual(named, []);
			}
			const hit = exchanges.filter((one) => isExpected(one, effect));
			assert.ok(hit.length > 0 || !isLast(effect));
			for (const { causes, summary } of hit) {
				assert.ok(
					causes.some(({ id }) => id === cause),
					summary,
				);
			}
		});

		test(`${name}: without documents the place is the same, and nothing is proven of the host`, async () => {
			const { exchanges } = await playFault(fault, () => false);
			const hit = exchanges.filter((one) => isExpected(one, effect));
			assert.ok(hit.length > 0 || !isLast(effect));
			const ids = exchanges
				.flatMap(({ causes }) => causes)
				.filter(({ certainty, id }) => certainty === "proven" && id !== cause)
				.map(({ id }) => id);
			assert.deepEqual(ids, []);
		});
	}
});
