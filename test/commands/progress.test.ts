import assert from "node:assert/strict";
import { test } from "node:test";
import stringWidth from "string-width";
import {
	ProgressBar,
	type ProgressScreen,
	worthShowing,
} from "../../src/commands/progress.js";

const gigabyte = 1e9;

/** A terminal, or what a test makes of it, that keeps what was written. */
function createScreen(
	changes: Partial<ProgressScreen> = {},
): ProgressScreen & { readonly written: string[] } {
	const written: string[] = [];
	const write = (text: string) => written.push(text);
	return { isTTY: true, columns: 80, ...changes, write, written };
}

test("a progress bar shows share, size and time left", () => {
	const screen = createScreen();
	const bar = new ProgressBar(screen, 1_000);
	bar.setTotal(2 * gigabyte);
	bar.add(gigabyte / 2, 4_000);
	// A quarter took 3 s: three quarters take 9 s; 7.5 of 30 columns round to 8.
	assert.deepEqual(screen.written, [
		`\r\u001b[Kreading ${"█".repeat(8)}${"░".repeat(22)} 25 %  500 of 2000 MB, 9 s left`,
	]);
});

test("a progress bar is drawn at most ten times a second", () => {
	const screen = createScreen();
	const bar = new ProgressBar(screen, 0);
	bar.setTotal(gigabyte);
	for (let nowMs = 0; nowMs <= 1_000; nowMs += 10) {
		bar.add(1_000_000, nowMs);
	}
	assert.equal(screen.written.length, 10);
});

test("a progress bar is taken off once, and comes again", () => {
	const screen = createScreen();
	const bar = new ProgressBar(screen, 0);
	bar.setTotal(gigabyte);
	bar.clear();
	assert.deepEqual(screen.written, []);
	bar.add(1, 100);
	bar.clear();
	bar.clear();
	assert.deepEqual(screen.written.slice(1), ["\r\u001b[K"]);
	bar.add(1, 200);
	assert.equal(screen.written.length, 3);
});

test("a progress bar is narrower than the terminal", () => {
	for (const columns of [20, 40, 80]) {
		const screen = createScreen({ columns });
		const bar = new ProgressBar(screen, 0);
		bar.setTotal(100 * gigabyte);
		bar.add(10 * gigabyte, 100_000);
		const [text = ""] = screen.written;
		assert.ok(stringWidth(text) < columns, text);
	}
});

test("a progress bar of more than was announced stops at 100 %", () => {
	const screen = createScreen();
	const bar = new ProgressBar(screen, 0);
	bar.setTotal(gigabyte);
	bar.add(2 * gigabyte, 100);
	assert.match(screen.written[0] ?? "", /█{30} 100 % .* 0 left$/);
});

const silent: readonly (readonly [
	what: string,
	screen: Partial<ProgressScreen>,
	total: number | null,
])[] = [
	["without a terminal", { isTTY: false }, gigabyte],
	["below 64 MiB", {}, worthShowing - 1],
	["where the size is not known", {}, null],
	["for nothing to read", {}, 0],
];

for (const [what, changes, total] of silent) {
	test(`a progress bar draws nothing ${what}`, () => {
		const screen = createScreen(changes);
		const bar = new ProgressBar(screen, 0);
		bar.setTotal(total);
		bar.add(1_000, 10_000);
		bar.clear();
		assert.deepEqual(screen.written, []);
	});
}

test("64 MiB are worth a progress bar", () => {
	assert.equal(worthShowing, 67_108_864);
	const screen = createScreen();
	const bar = new ProgressBar(screen, 0);
	bar.setTotal(67_108_864);
	bar.add(1, 100);
	assert.equal(screen.written.length, 1);
});
