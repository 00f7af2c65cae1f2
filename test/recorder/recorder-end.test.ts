import assert from "node:assert/strict";
import { test } from "node:test";
import { Recorder } from "../../src/recorder/recorder.js";
import { FakeClock, FakeEngine, FakeLog, FakeOutput } from "./fakes.js";

test("run() puts what the host says at the end before the last tick", async () => {
	const clock = new FakeClock();
	const log = new FakeLog();
	const recorder: Recorder = new Recorder({
		engine: new FakeEngine(clock),
		log,
		output: new FakeOutput(clock),
		clock,
		filter: null,
		snapLength: 2048,
		durationMs: 300,
		count: null,
		onNotice: () => {},
		beforeEnd: async () => {
			clock.nowMs += 50;
			const { real } = clock.read();
			recorder.addDocument({ type: "host-firewall", statements: [] }, real);
		},
	});
	assert.equal(await recorder.run(), "duration");
	assert.deepEqual(
		log.lines.slice(-2).map((line) => line.split(" ")[0]),
		["document", "tick"],
	);
});
