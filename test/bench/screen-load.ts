import { writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Keyboard } from "../../src/terminal/keyboard.js";
import { Screen } from "../../src/terminal/screen.js";
import type { Key } from "../../src/tui/keys.js";
import { Store } from "../../src/tui/store.js";
import { createLook } from "../../src/tui/theme.js";
import { createView } from "../../src/tui/view.js";
import { makeJourney } from "../tui/made.js";

// Run by screen.js in a terminal: a screen over many journeys while many more come.

const [, , file = "", inMemory = "50000", perSecond = "10000"] = process.argv;
const seconds = 10;
const batchMs = 20;
const keyMs = 230;

const store = new Store();
let id = 0;
const nsBetween = 1e9 / Number(perSecond);

function add(count: number): void {
	for (let each = 0; each < count; each += 1) {
		id += 1;
		store.addJourney(
			makeJourney({
				id,
				atNs: id * nsBetween,
				vm: `VM${id % 8}`,
				mac: `52:54:00:00:00:0${id % 8}`,
				outcome: id % 50 === 0 ? "lost" : "delivered",
			}),
		);
	}
}

/** Keys that a program presses. */
class KeyPresser {
	press: (key: Key) => void = () => {};

	listen(onKey: (key: Key) => void): void {
		this.press = onKey;
	}

	resume(): void {}

	close(): void {}
}

/** Feeds for a while; returns the share of a core that it took, in the end. */
async function feed(each: () => void): Promise<number> {
	const cpu = process.cpuUsage();
	const begun = performance.now();
	let fed = 0;
	while (performance.now() - begun < seconds * 1000) {
		const due = ((performance.now() - begun) / 1000) * Number(perSecond);
		add(Math.floor(due) - fed);
		fed = Math.floor(due);
		each();
		await pause(batchMs);
	}
	return shareSince(cpu, begun);
}

function shareSince(cpu: NodeJS.CpuUsage, begunMs: number): number {
	const { user, system } = process.cpuUsage(cpu);
	return (user + system) / 1000 / (performance.now() - begunMs);
}

add(Number(inMemory));
const alone = await feed(() => {});
const keys = new KeyPresser();
let wroteMs = 0;
let frames = 0;
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = ((text: string) => {
	wroteMs = performance.now();
	frames += 1;
	return write(text);
}) as typeof process.stdout.write;
const screen = new Screen({
	store,
	view: createView(null),
	look: createLook(true, true),
	keyboard: keys as unknown as Keyboard,
	source: null,
	perform: async () => "",
});
await pause(1000);
const latencies: number[] = [];
let pressedMs: number | null = null;
let nextMs = performance.now() + keyMs;
const names = ["up", "up", "down", "pgup", "pgdn", "tab", "G"];
const watching = setInterval(() => {
	if (pressedMs !== null && wroteMs > pressedMs) {
		latencies.push(wroteMs - pressedMs);
		pressedMs = null;
	}
	if (pressedMs === null && performance.now() > nextMs) {
		nextMs = performance.now() + keyMs;
		pressedMs = performance.now();
		const name = names[latencies.length % names.length] ?? "up";
		keys.press({ name, text: "" });
	}
}, 2);
frames = 0;
const busy = await feed(() => screen.wake());
const busyFrames = frames / seconds;
clearInterval(watching);
await pause(1000);
frames = 0;
const idleCpu = process.cpuUsage();
const idleMs = performance.now();
for (let second = 0; second < 50; second += 1) {
	// A recorder in whose capture nothing happens still ticks.
	screen.wake();
	await pause(100);
}
const idle = shareSince(idleCpu, idleMs);
const idleFrames = frames;
screen.close();
latencies.sort((a, b) => a - b);
writeFileSync(
	file,
	JSON.stringify({
		keys: latencies.length,
		medianMs: latencies[Math.floor(latencies.length / 2)],
		worstMs: latencies.at(-1),
		alone,
		busy,
		framesPerSecond: busyFrames,
		idle,
		idleFrames,
	}),
);
process.exit(0);
