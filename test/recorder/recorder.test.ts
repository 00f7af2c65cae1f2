import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elapsedNs } from "../../src/model/capture.js";
import type { CaptureState } from "../../src/model/host-document.js";
import type { ChosenPort } from "../../src/recorder/capture-history.js";
import { Recorder } from "../../src/recorder/recorder.js";
import { FakeClock, FakeEngine, FakeLog, FakeOutput } from "./fakes.js";

const port = (name: string, index: number): ChosenPort => ({
	name,
	index,
	isPromiscuous: false,
	linkType: 1,
	description: null,
});
const vnet0 = port("vnet0", 2);
const vnet1 = port("vnet1", 3);
const br0 = port("br0", 5);

interface Limits {
	readonly durationMs?: number;
	readonly count?: number;
}

/** A recorder with nothing real around it. */
function build({ durationMs, count }: Limits = {}) {
	const clock = new FakeClock();
	const engine = new FakeEngine(clock);
	const log = new FakeLog();
	const output = new FakeOutput(clock);
	const notices: string[] = [];
	const recorder = new Recorder({
		engine,
		log,
		output,
		clock,
		filter: null,
		snapLength: 2048,
		durationMs: durationMs ?? null,
		count: count ?? null,
		onNotice: (message) => notices.push(message),
	});
	return { clock, engine, log, output, notices, recorder };
}

/** The last `capture` document. */
function captured({ documents }: FakeLog): CaptureState {
	const last = documents.at(-1)?.statements[0]?.output;
	return last as unknown as CaptureState;
}

describe("Recorder", () => {
	test("writes ports, frames, counters of all ports and a last tick", async () => {
		const { engine, log, recorder } = build();
		await recorder.setPorts([vnet0, br0]);
		engine.drops.set("vnet0", { received: 2, dropped: 0 });
		engine.onWait = () => {
			engine.pass(vnet0, "a");
			engine.pass(br0, "b");
			recorder.stop("asked");
		};
		assert.equal(await recorder.run(), "asked");
		assert.deepEqual(log.events, [
			"port vnet0",
			"port br0",
			"document capture",
			"frame vnet0 a",
			"frame br0 b",
			"statistics vnet0 2 0",
			"statistics br0 0 0",
		]);
		assert.match(log.lines.at(-1) ?? "", /^tick /);
		assert.equal(recorder.frames, 2);
	});

	test("ends the output before any port, which may take seconds to close", async () => {
		const { engine, output, recorder } = build({ durationMs: 100 });
		await recorder.setPorts([vnet0]);
		assert.equal(await recorder.run(), "duration");
		assert.equal(output.hasEnded, true);
		assert.deepEqual(engine.calls, ["open vnet0"]);
	});

	test("ticks at least every 250 ms, and never ahead of what was read", async () => {
		const { clock, log, recorder } = build({ durationMs: 5000 });
		await recorder.setPorts([vnet0]);
		await recorder.run();
		assert.ok(log.ticks.length >= 20, `${log.ticks.length} ticks in 5 s`);
		let before = log.ticks[0];
		for (const tick of log.ticks.slice(1)) {
			const apart = elapsedNs(before?.until ?? tick.until, tick.until);
			assert.ok(apart >= 0 && apart <= 250e6, `${apart} ns apart`);
			assert.ok(elapsedNs(tick.until, clock.read().real) >= 0);
			before = tick;
		}
	});

	test("counters that grew stand before the tick that settles what they hit", async () => {
		const { engine, log, recorder } = build({ durationMs: 300 });
		await recorder.setPorts([vnet0]);
		engine.onWait = (waits) => {
			if (waits === 2) {
				engine.drops.set("vnet0", { received: 9, dropped: 4 });
			}
		};
		await recorder.run();
		const told = log.lines.indexOf("statistics vnet0 9 4");
		const before = log.lines.slice(0, told).filter((l) => l.endsWith(" 4"));
		assert.ok(told > 0);
		assert.deepEqual(before, []);
		assert.match(log.lines[told + 1] ?? "", /^tick \d+ 4$/);
		assert.equal(recorder.dropped, 4);
	});

	test("ends after so many frames, with not one more", async () => {
		const { engine, log, recorder } = build({ count: 2 });
		await recorder.setPorts([vnet0]);
		engine.onWait = () => {
			for (const text of ["a", "b", "c"]) {
				engine.pass(vnet0, text);
			}
		};
		assert.equal(await recorder.run(), "count");
		const frames = log.lines.filter((line) => line.startsWith("frame"));
		assert.deepEqual(frames, ["frame vnet0 a", "frame vnet0 b"]);
	});

	test("reads nothing from the kernel while the output is full, and says so once", async () => {
		const { engine, output, log, notices, recorder } = build();
		await recorder.setPorts([vnet0]);
		output.isFull = true;
		engine.pass(vnet0, "late");
		let drained = 0;
		output.onDrained = () => {
			drained += 1;
			assert.doesNotMatch(log.lines.join(), /frame|tick/);
			output.isFull = drained < 3;
		};
		engine.onWait = () => recorder.stop("asked");
		await recorder.run();
		assert.equal(drained, 3);
		assert.equal(notices.length, 1);
		assert.match(notices[0] ?? "", /does not keep up/);
		assert.ok(log.lines.includes("frame vnet0 late"));
	});

	test("can be stopped while the output is full", async () => {
		const { output, recorder } = build();
		await recorder.setPorts([vnet0]);
		output.isFull = true;
		output.onDrained = () => recorder.stop("asked");
		assert.equal(await recorder.run(), "asked");
	});

	test("ends when the output fails, and tells a closed one from a full disk", async () => {
		for (const isClosed of [true, false]) {
			const { output, engine, recorder } = build();
			await recorder.setPorts([vnet0]);
			engine.onWait = () => {
				output.failure = { isClosed, message: "no" };
			};
			const reason = isClosed ? "output closed" : "output failed";
			assert.equal(await recorder.run(), reason);
		}
	});

	test("a new file begins with counters at zero", async () => {
		const { engine, output, log, recorder } = build({ durationMs: 300 });
		await recorder.setPorts([vnet0]);
		engine.drops.set("vnet0", { received: 7, dropped: 3 });
		engine.onWait = (waits) => {
			output.due = waits === 2;
			if (waits === 3) {
				engine.drops.set("vnet0", { received: 10, dropped: 5 });
			}
		};
		await recorder.run();
		const section = log.lines.indexOf("section");
		assert.ok(log.lines.slice(0, section).includes("statistics vnet0 7 3"));
		assert.ok(log.lines.slice(section).includes("statistics vnet0 3 2"));
		assert.equal(recorder.dropped, 5);
	});

	test("a port that comes up is opened, one that goes is closed after its last frame", async () => {
		const { engine, log, recorder } = build();
		await recorder.setPorts([vnet0]);
		engine.onWait = async (waits) => {
			if (waits === 1) {
				engine.pass(vnet0, "last");
				await recorder.setPorts([vnet1]);
			} else if (waits === 4) {
				recorder.stop("asked");
			}
		};
		await recorder.run();
		assert.deepEqual(engine.calls, ["open vnet0", "close vnet0", "open vnet1"]);
		const last = log.lines.indexOf("frame vnet0 last");
		assert.ok(last > 0 && last < log.lines.indexOf("end vnet0"));
		const [gone, here] = captured(log).interfaces;
		assert.equal(gone?.name, "vnet0");
		assert.ok(gone?.untilNs !== null);
		assert.deepEqual([here?.name, here?.untilNs], ["vnet1", null]);
	});

	test("an interface that is renamed goes on under its new name", async () => {
		const { engine, log, recorder } = build();
		await recorder.setPorts([vnet0]);
		await recorder.setPorts([{ ...vnet0, name: "web" }]);
		assert.deepEqual(engine.calls, ["open vnet0"]);
		engine.onWait = () => {
			engine.pass(vnet0, "x");
			recorder.stop("asked");
		};
		await recorder.run();
		assert.ok(log.lines.includes("frame web x"));
		assert.deepEqual(
			captured(log).interfaces.map(({ name }) => name),
			["vnet0", "web"],
		);
	});

	test("what cannot be opened is told once, until it changes", async () => {
		const { engine, notices, log, recorder } = build();
		engine.refused.set("vnet0", "it is a teapot");
		await recorder.setPorts([vnet0, br0]);
		await recorder.setPorts([vnet0, br0]);
		assert.deepEqual(notices, ["vnet0 cannot be captured: it is a teapot"]);
		assert.deepEqual(recorder.portNames, ["br0"]);
		await recorder.setPorts([br0]);
		engine.refused.clear();
		await recorder.setPorts([vnet0, br0]);
		assert.deepEqual(recorder.portNames, ["br0", "vnet0"]);
		assert.equal(captured(log).interfaces.length, 2);
	});

	test("a port that ends by itself is told, and the others go on", async () => {
		const { engine, notices, log, recorder } = build();
		await recorder.setPorts([vnet0, br0]);
		engine.onWait = (waits) => {
			if (waits === 2) {
				recorder.endPort({ port: vnet0, reason: "the interface is gone" });
				engine.pass(br0, "on");
			} else if (waits === 3) {
				recorder.stop("asked");
			}
		};
		await recorder.run();
		assert.deepEqual(notices, ["vnet0: the interface is gone"]);
		assert.ok(log.lines.includes("frame br0 on"));
		const [gone] = captured(log).interfaces;
		assert.equal(gone?.name, "vnet0");
		assert.notEqual(gone?.untilNs, null);
	});
});
