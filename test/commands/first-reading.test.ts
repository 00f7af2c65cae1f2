import assert from "node:assert/strict";
import { mock, type TestContext, test } from "node:test";
import { FirstReading } from "../../src/commands/first-reading.js";
import type { HostReader } from "../../src/host/host-reader.js";

/** A host that has said all when it is told to, and what was heard of it. */
function read(context: TestContext, waitedFor: readonly string[] = []) {
	mock.timers.enable({ apis: ["setTimeout"] });
	context.after(() => mock.timers.reset());
	let isWhole = () => {};
	const whole = new Promise<void>((resolve) => {
		isWhole = resolve;
	});
	const host: HostReader = {
		waitedFor,
		readAll: () => whole,
		watch: () => {},
		readCounters: async () => {},
		stop: async () => {},
	};
	const heard: string[] = [];
	const reading = new FirstReading(host, {
		onWhole: () => heard.push("whole"),
		onSlow: (programs) => heard.push(`slow: ${programs}`),
	});
	return { reading, heard, isWhole };
}

test("FirstReading tells once what is waited for, when nothing new came for 1 s", async (t) => {
	const { reading, heard } = read(t, ["virsh", "n\u001bft"]);
	const waiting = reading.wholeOrSlow();
	mock.timers.tick(900);
	reading.note();
	mock.timers.tick(900);
	assert.deepEqual(heard, []);
	mock.timers.tick(100);
	assert.deepEqual(heard, ["slow: virsh, n\\x1bft"]);
	await waiting;
	reading.note();
	mock.timers.tick(60_000);
	assert.equal(heard.length, 1);
	assert.equal(reading.isOver, false);
});

test("FirstReading tells of a host of which no program runs now", async (t) => {
	const { reading, heard } = read(t);
	const waiting = reading.wholeOrSlow();
	mock.timers.tick(1000);
	await waiting;
	assert.deepEqual(heard, ["slow: the host"]);
});

test("FirstReading tells of a host that says one thing after the other for 4 s", async (t) => {
	const { reading, heard } = read(t, ["ip"]);
	const waiting = reading.wholeOrSlow();
	for (let ms = 0; ms < 10_000; ms += 500) {
		mock.timers.tick(500);
		reading.note();
		assert.equal(heard.length, ms + 500 < 4000 ? 0 : 1);
	}
	await waiting;
});

test("FirstReading is over once all is said, and says nothing of it afterwards", async (t) => {
	const { reading, heard, isWhole } = read(t);
	const waiting = reading.wholeOrSlow();
	isWhole();
	await waiting;
	mock.timers.tick(60_000);
	assert.deepEqual(heard, ["whole"]);
	assert.equal(reading.isOver, true);
	await reading.next();
});

test("FirstReading is over when nobody waits any more", async (t) => {
	const { reading, heard, isWhole } = read(t);
	const waiting = reading.wholeOrSlow();
	reading.end();
	await waiting;
	isWhole();
	await new Promise((resolve) => setImmediate(resolve));
	mock.timers.tick(60_000);
	assert.deepEqual(heard, []);
});
