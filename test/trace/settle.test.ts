import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { run, trace, traceJourneys } from "./notation.js";

const known = { isKnown: true };

describe("Tracer settles by log time", () => {
	test("an egress 800 ms late, behind a full queue, is in time", () => {
		assert.deepEqual(trace("echo: vnet0<0 br0<0 ens3>800ms", known), [
			"echo-request vnet0< br0< ens3> delivered",
		]);
	});

	test("one that is later sends the journey out again", () => {
		const { told } = run("echo: vnet0<0 br0<0 ens3>1.5s", known);
		assert.deepEqual(
			told.map(({ id, revision, outcome }) => [
				id - (told[0]?.id ?? 0),
				revision,
				outcome,
			]),
			[
				[0, 0, "lost"],
				[0, 1, "delivered"],
			],
		);
	});

	test("a copy that is later as well", () => {
		const { told } = run("discover: vnet0<0 br0<0 ens3>37 vnet1>2s", known);
		assert.deepEqual(
			told.map(({ revision, copies }) => [revision, copies.length]),
			[
				[0, 0],
				[1, 1],
			],
		);
	});

	test("what arrived does not wait a second", () => {
		const text = `echo: vnet0<0 br0<0 ens3>37
			echo(seq=2): vnet0<500ms br0<500ms
			echo(seq=3): vnet0<600ms br0<600ms ens3>600.04ms`;
		const { told } = run(text, known);
		assert.deepEqual(
			told.map(({ sequence }) => sequence),
			[1, 3, 2],
		);
	});

	test("a frame that two captures show at one port is there once", () => {
		const [journey] = traceJourneys("echo: vnet0<0 br0<0 ens3>37", known);
		assert.equal(journey?.hops.length, 3);
	});
});

describe("Tracer is bounded", () => {
	test("more identical frames than a train counts are in doubt", () => {
		const lines = Array.from(
			{ length: 300 },
			(_, at) => `who-has(to=lan): vnet0<${at} br0<${at}`,
		);
		const journeys = traceJourneys(
			`${lines.join("\n")}\nwho-has(to=lan): ens3>400`,
			known,
		);
		assert.equal(journeys.length, 300);
		for (const { outcome } of journeys) {
			assert.equal(outcome, "inconclusive");
		}
	});

	test("a flood of identical frames is let go, and never lost", () => {
		const lines = Array.from(
			{ length: 2000 },
			(_, at) => `who-has(to=lan): vnet0<${at} br0<${at}`,
		);
		const { told, tracer } = run(
			`${lines.join("\n")}\nwho-has(to=lan): ens3>3ms`,
			known,
		);
		assert.ok(tracer.settledEarly >= 1000);
		assert.ok(told.every(({ outcome }) => outcome === "inconclusive"));
	});
});
