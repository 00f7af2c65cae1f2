import assert from "node:assert/strict";
import { test } from "node:test";
import { StallWatch } from "../../src/commands/stall-watch.js";

/** Looks every half second from one time to another, as `watch` does. */
function check(watch: StallWatch, fromMs: number, toMs: number): void {
	for (let nowMs = fromMs; nowMs <= toMs; nowMs += 500) {
		watch.check(nowMs);
	}
}

test("StallWatch tells once that nothing comes, and when it goes on", () => {
	const told: string[] = [];
	const watch = new StallWatch((message) => told.push(message));
	check(watch, 0, 9000);
	assert.deepEqual(told, []);
	watch.note(9100);
	check(watch, 9500, 20_000);
	assert.equal(told.length, 1);
	assert.match(told[0] ?? "", /^nothing comes from the recorder/);
	watch.note(20_100);
	assert.deepEqual(told.slice(1), ["the recorder goes on after 11.0 s"]);
});

test("StallWatch does not blame the recorder when this process stood still", () => {
	const told: string[] = [];
	const watch = new StallWatch((message) => told.push(message));
	watch.note(0);
	check(watch, 0, 1000);
	check(watch, 60_000, 61_000);
	watch.note(61_100);
	check(watch, 61_500, 63_000);
	assert.deepEqual(told, []);
	check(watch, 63_500, 64_000);
	assert.equal(told.length, 1);
});
