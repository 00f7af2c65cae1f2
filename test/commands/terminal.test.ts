import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import stringWidth from "string-width";
import { cli, fixture } from "./program.js";

const deadlineMs = 30_000;
const pollMs = 50;
/** What every colour begins with. */
const csi = "\u001b[";

/** Asks the tmux server of a socket of this test's own. */
async function tmux(socket: string, ...args: readonly string[]) {
	return execa("tmux", ["-S", socket, "-f", "/dev/null", ...args], {
		reject: false,
		env: { TMUX: undefined, TERM: "xterm-256color" },
	});
}

/**
 * Runs the program in a terminal so wide, and returns all it showed, with colours, once
 * the totals stand there. Lines that the terminal had to wrap are one line of it.
 */
async function show(
	context: TestContext,
	columns: number,
	before: string,
): Promise<string | null> {
	const directory = await mkdtemp(join(tmpdir(), "vmpath-test-"));
	const socket = join(directory, "tmux");
	context.after(async () => {
		await tmux(socket, "kill-server");
		await rm(directory, { recursive: true, force: true });
	});
	const file = fixture("offer-lost-at-bridge", "ports.pcapng");
	const command = `env -u NO_COLOR -u FORCE_COLOR TZ=UTC ${before} '${process.execPath}' '${cli}' replay --lines '${file}'; cat`;
	const size = ["-x", String(columns), "-y", "50"];
	const started = await tmux(socket, "new-session", "-d", ...size, command);
	if (started.exitCode === undefined) {
		context.skip("tmux is not installed");
		return null;
	}
	assert.equal(started.exitCode, 0, String(started.stderr));
	const end = performance.now() + deadlineMs;
	for (;;) {
		const pane = await tmux(socket, "capture-pane", "-peJ", "-S", "-");
		const text = String(pane.stdout);
		if (/inferred from\s+names/.test(stripVTControlCharacters(text))) {
			return text;
		}
		assert.ok(performance.now() < end, `no totals: ${text}`);
		await pause(pollMs);
	}
}

for (const columns of [80, 120, 160]) {
	test(`rows fit a terminal of ${columns} columns, and have colours`, async (context) => {
		const text = await show(context, columns, "");
		if (text === null) {
			return;
		}
		assert.ok(text.includes(csi), "no colours");
		const lines = text
			.split("\n")
			.map((line) => stripVTControlCharacters(line));
		for (const line of lines) {
			assert.ok(stringWidth(line.trimEnd()) <= columns, line);
		}
		assert.ok(lines.some((line) => /ens3 → br0 ✗ vnet0/.test(line)));
		assert.ok(lines.some((line) => /^\d+ journeys: /.test(line)));
	});
}

test("NO_COLOR takes the colours off a terminal", async (context) => {
	const text = await show(context, 120, "NO_COLOR=1");
	assert.ok(text === null || !text.includes(csi));
});

test("NO_COLOR comes before FORCE_COLOR, and nobody is told", async (context) => {
	const text = await show(context, 120, "NO_COLOR=1 FORCE_COLOR=1");
	assert.ok(text === null || !(text.includes(csi) || text.includes("Warning")));
});

test("a terminal that has no colours gets none", async (context) => {
	const text = await show(context, 120, "TERM=dumb");
	assert.ok(text === null || !text.includes(csi));
});
