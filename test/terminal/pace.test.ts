import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "../../src/terminal/pace.js";

/** Draws as often as it may for ten seconds, and counts. */
function draw(costMs: number): { perSecond: number; share: number } {
	const pace = new Pace();
	let [nowMs, count] = [0, 0];
	while (nowMs < 10_000) {
		nowMs += pace.waitMs(nowMs);
		pace.note(nowMs, nowMs + costMs);
		nowMs += costMs;
		count += 1;
	}
	return { perSecond: count / 10, share: (count * costMs) / nowMs };
}

test("waitMs() lets ten drawings a second be made when they cost little", () => {
	const { perSecond, share } = draw(8);
	assert.ok(perSecond > 9.5 && perSecond <= 10.2, String(perSecond));
	assert.ok(share < 0.1);
});

test("waitMs() slows to four a second, and a third of a core, when they cost more", () => {
	const { perSecond, share } = draw(62);
	assert.ok(perSecond >= 3.9 && perSecond <= 4.5, String(perSecond));
	assert.ok(share < 1 / 3, String(share));
});

test("waitMs() leaves room for what drawings leave behind, down to four a second", () => {
	for (const costMs of [25, 35, 45]) {
		const { perSecond, share } = draw(costMs);
		// A fifth, once the average has come near the cost.
		assert.ok(share < 0.22, `${costMs} ms: ${share}`);
		assert.ok(perSecond >= 4, `${costMs} ms: ${perSecond} a second`);
	}
});

test("waitMs() does not wait where nothing was drawn for long", () => {
	const pace = new Pace();
	assert.equal(pace.waitMs(0), 0);
	pace.note(0, 5);
	assert.equal(pace.waitMs(1000), 0);
});

test("waitForKeyMs() never waits for longer than 30 ms", () => {
	const pace = new Pace();
	for (let atMs = 0; atMs < 10_000; atMs += 500) {
		pace.note(atMs, atMs + 200);
		assert.ok(pace.waitForKeyMs(atMs + 200) <= 30);
	}
	assert.equal(new Pace().waitForKeyMs(0), 0);
});
