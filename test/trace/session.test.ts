import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elapsedNs } from "../../src/model/capture.js";
import { inOrder, loadScenarios, mapTimes, play } from "./recording.js";

const scenarios = await loadScenarios();
const scenario = scenarios.find(
	({ truth }) => truth.name === "healthy-bridged",
);
assert.ok(scenario);
const recording = inOrder(scenario.pcapng);
const middle = recording.frames[Math.floor(recording.frames.length / 2)]?.time;
assert.ok(middle);

/** Sets the clock to other seconds from the middle of the capture on. */
function setClock(seconds: number) {
	return mapTimes(recording, (time) =>
		elapsedNs(middle ?? time, time) < 0
			? time
			: { ...time, seconds: time.seconds + seconds },
	);
}

describe("a clock that is set while frames are captured", () => {
	for (const seconds of [-3600, -2, 2, 3600]) {
		test(`by ${seconds} s makes no frame lost`, () => {
			const { journeys } = play(setClock(seconds));
			assert.ok(journeys.length > 0);
			for (const { outcome, summary } of journeys) {
				assert.notEqual(outcome, "lost", summary);
			}
		});
	}

	test("back is told, and what comes then is traced", () => {
		const { notices, journeys } = play(setClock(-3600));
		assert.ok(
			notices.some(({ message }) =>
				message.startsWith("the clock of the capture went back by 3"),
			),
		);
		const after = journeys.filter(
			({ hops: [first] }) =>
				first !== undefined && elapsedNs(first.time, middle) > 1000e9,
		);
		assert.ok(after.some(({ outcome }) => outcome === "delivered"));
	});
});
