import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { LogTime } from "../../src/model/capture.js";
import { createCapEngine } from "../../src/recorder/cap-engine.js";
import type {
	CaptureEngine,
	EnginePort,
	PortFailure,
} from "../../src/recorder/engine.js";

const fakeChild = fileURLToPath(new URL("cap-fake-child.js", import.meta.url));
/** As many frames of 1000 bytes as the fake child sends in a flood. */
const floodFrames = 20_000;

function portOf(name: string): EnginePort {
	return { name, index: name.length, isPromiscuous: true, linkType: 1 };
}

/** An engine whose children only play; what it tells is kept. */
function createEngine(context: TestContext) {
	const ends: PortFailure[] = [];
	const notices: string[] = [];
	const engine = createCapEngine(
		{
			snapLength: 2048,
			bufferBytes: 1 << 20,
			filter: null,
			onPortEnd: (end) => ends.push(end),
			onNotice: (message) => notices.push(message),
		},
		[process.execPath, fakeChild],
	);
	context.after(() => engine.stop());
	return { engine, ends, notices };
}

function now(): LogTime {
	const ms = Date.now();
	const seconds = Math.floor(ms / 1000);
	return { seconds, nanos: (ms - seconds * 1000) * 1e6 };
}

/** Drains until something is so; frames as text, with what else is said of them. */
async function takeUntil(
	engine: CaptureEngine,
	isDone: (taken: readonly string[], isWhole: boolean) => boolean,
): Promise<string[]> {
	const taken: string[] = [];
	for (let isWhole = false; !isDone(taken, isWhole); ) {
		await engine.wait(50);
		isWhole = engine.drain(now(), (frame) => {
			const { bytes, start, captured, length, flags, nanos, port } = frame;
			const text = bytes.toString("utf8", start, start + captured);
			taken.push(`${port.name} ${text} ${length} ${flags} ${nanos}`);
			return true;
		});
	}
	return taken;
}

/** Processes this one has started that still run. */
function countChildren(): number {
	const own = `/proc/${process.pid}/task`;
	const lists = readdirSync(own).map((id) =>
		readFileSync(`${own}/${id}/children`, "utf8"),
	);
	return lists.join(" ").split(" ").filter(Boolean).length;
}

test("createCapEngine() hands on the frames of a child, and no noise", async (t) => {
	const { engine, notices, ends } = createEngine(t);
	assert.equal(await engine.open(portOf("works")), null);
	assert.deepEqual(await takeUntil(engine, ({ length }) => length === 2), [
		"works one 13 2 1",
		"works two 13 2 2",
	]);
	await takeUntil(engine, (_taken, isWhole) => isWhole);
	assert.deepEqual([...notices, ...ends, ...engine.readDrops()], []);
	assert.equal(engine.countsDrops, false);
	assert.equal(engine.time, "userland");
});

test("drain() is whole only when every child has said how far it is", async (t) => {
	const { engine } = createEngine(t);
	assert.equal(await engine.open(portOf("idles")), null);
	const later = { ...now(), seconds: now().seconds + 60 };
	assert.equal(
		engine.drain(later, () => true),
		false,
	);
	await takeUntil(engine, (_taken, isWhole) => isWhole);
});

test("drain() ends early when no more is wanted, and goes on there", async (t) => {
	const { engine } = createEngine(t);
	assert.equal(await engine.open(portOf("bursts")), null);
	const first: number[] = [];
	assert.equal(
		engine.drain(now(), ({ nanos }) => first.push(nanos) < 1),
		false,
	);
	assert.deepEqual(first, [1]);
	assert.deepEqual(await takeUntil(engine, ({ length }) => length === 1), [
		"bursts two 13 2 2",
	]);
});

test("open() says why a port cannot be captured, in one line", async (t) => {
	const { engine, ends } = createEngine(t);
	const port = portOf("fails");
	assert.deepEqual(await engine.open(port), {
		port,
		reason: "fails: No such\\x0adevice",
	});
	await engine.wait(0);
	assert.equal(
		engine.drain(now(), () => true),
		true,
	);
	assert.deepEqual(ends, []);
});

test("open() says that its child cannot be started", async (t) => {
	const options = { snapLength: 1, bufferBytes: 1, filter: null };
	const tell = { onPortEnd: () => {}, onNotice: () => {} };
	const engine = createCapEngine({ ...options, ...tell }, ["/no/such/program"]);
	t.after(() => engine.stop());
	const failure = await engine.open(portOf("works"));
	assert.match(failure?.reason ?? "", /cannot be started: .*ENOENT/);
});

test("a port that ends by itself is told of behind its last frame", async (t) => {
	const { engine, ends } = createEngine(t);
	const reasons = {
		aborts: "the interface is gone, or was set down",
		ends: "its capture process ended (exit code 4): out of\\x1b[2J luck",
		babbles: "its capture process sent something that is no record",
	};
	assert.equal(await engine.open(portOf("idles")), null);
	for (const [name, reason] of Object.entries(reasons)) {
		const port = portOf(name);
		assert.equal(await engine.open(port), null);
		const taken = await takeUntil(engine, () => ends.length > 0);
		assert.deepEqual(taken, name === "aborts" ? ["aborts one 13 2 1"] : []);
		assert.deepEqual(ends.splice(0), [{ port, reason }]);
		engine.close(port);
	}
	await takeUntil(engine, (_taken, isWhole) => isWhole);
});

test("what is not taken waits in a bounded room, and nothing of it is lost", async (t) => {
	const { engine } = createEngine(t);
	assert.equal(await engine.open(portOf("floods")), null);
	let order = 0;
	let most = 0;
	while (order < floodFrames) {
		await engine.wait(50);
		let bytes = 0;
		engine.drain(now(), ({ nanos, captured }) => {
			assert.equal(nanos, order);
			order += 1;
			bytes += captured;
			return true;
		});
		most = Math.max(most, bytes);
		// Turns in which the child could send all it has.
		for (let turn = 0; turn < 100; turn += 1) {
			await new Promise((resolve) => setImmediate(resolve));
		}
	}
	assert.ok(most > 0 && most < 5 * 1024 * 1024, `${most} bytes`);
});

test("close() ends the child, and what waits is still handed on", async (t) => {
	const { engine, ends } = createEngine(t);
	const port = portOf("bursts");
	assert.equal(await engine.open(port), null);
	engine.close(port);
	const taken: number[] = [];
	engine.drain(now(), ({ nanos }) => taken.push(nanos) > 0);
	assert.deepEqual(taken, [1, 2]);
	await engine.wait(0);
	engine.drain(now(), () => true);
	assert.deepEqual(ends, []);
});

test("stop() leaves no child", {
	skip: !existsSync("/proc/self/task"),
}, async (t) => {
	const { engine } = createEngine(t);
	const before = countChildren();
	await Promise.all([
		engine.open(portOf("idles")),
		engine.open(portOf("floods")),
	]);
	assert.equal(countChildren(), before + 2);
	await engine.stop();
	assert.equal(countChildren(), before);
});

test("a port that was not to be promiscuous is told of, once", async (t) => {
	const { engine, notices } = createEngine(t);
	for (const name of ["idles", "works"]) {
		await engine.open({ ...portOf(name), isPromiscuous: false });
	}
	assert.equal(notices.length, 1);
	assert.match(notices[0] ?? "", /idles .*promiscuous/);
});
