import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fixture } from "../commands/program.js";
import { isRunning } from "../lab/live-process.js";
import { waitFor } from "../lab/wait.js";
import { noTmux, openPane, type Pane } from "./pane.js";

const deadlineMs = 10_000;
const capture = fixture("offer-lost-at-bridge", "ports.pcapng");
/** The last row, which has keys, while the screen is open. */
const open = /\? help/;
/** As a shell has it: 128, and the number of the signal. */
const status = { hangup: 129, stopped: 148 };

/** Whether the second screen is shown, and whether the cursor is. */
function terminalOf(pane: Pane): Promise<string> {
	return pane.tmux("list-panes", "-F", "#{alternate_on} #{cursor_flag}");
}

/** Waits for the exit code that a shell without a terminal wrote down. */
function exitCodeOf({ directory }: Pane): Promise<number> {
	return waitFor("the end of the program", deadlineMs, async () => {
		const file = join(directory, "status");
		const text = await readFile(file, "utf8").catch(() => "");
		return text.endsWith("\n") ? Number(text) : undefined;
	});
}

async function checkGone(pid: number): Promise<void> {
	await waitFor("the program to be gone", deadlineMs, async () =>
		(await isRunning(pid)) ? undefined : true,
	);
}

describe("the screen", { skip: noTmux }, () => {
	test("ends by SIGHUP when that is sent, with the terminal as it was", async (context) => {
		const pane = await openPane(context, `replay '${capture}'`);
		await pane.showing(open);
		process.kill(await pane.pid(), "SIGHUP");
		assert.equal(await pane.ended(), status.hangup);
		assert.equal(await terminalOf(pane), "0 1");
	});

	test("ends quietly when its terminal is closed, and nobody tells it so", async (context) => {
		const pane = await openPane(context, `replay '${capture}'`, {
			before: "trap '' HUP;",
			behind: "2> said; echo $? > status",
		});
		await pane.showing(open);
		await pane.tmux("kill-pane");
		assert.equal(await exitCodeOf(pane), status.hangup);
		assert.equal(await readFile(join(pane.directory, "said"), "utf8"), "");
		assert.deepEqual(
			(await readdir(pane.directory)).filter((name) => /^core/.test(name)),
			[],
		);
	});

	for (const [what, before, args] of [
		["a file", "", `replay '${capture}'`],
		["standard input", `(cat '${capture}'; exec sleep 60) |`, "replay -"],
	] as const) {
		test(`is gone with its terminal, the log being ${what}`, async (context) => {
			const pane = await openPane(context, args, { before });
			await pane.showing(open);
			const pid = await pane.pid();
			await pane.tmux("kill-window");
			await checkGone(pid);
		});
	}

	test("is gone with its terminal while it is stopped", async (context) => {
		const pane = await openPane(context, `replay '${capture}'`, {
			before: "set -m;",
			behind: "|| { echo stopped $?; read again; }",
		});
		await pane.showing(open);
		const pid = await pane.pid();
		await pane.press("C-z");
		await pane.showing(/^stopped \d+$/m);
		await pane.tmux("kill-window");
		await checkGone(pid);
	});
});

describe("a log on standard input", { skip: noTmux }, () => {
	test("stays on the screen when it ends, and whoever waits for more is told", async (context) => {
		const pane = await openPane(context, "replay -", {
			before: `(cat '${capture}'; sleep 4) |`,
		});
		await pane.showing(/following/);
		await pane.showing(/standard input has ended: nothing new comes/);
		await pane.showing(/ at the end/);
		await pane.press("q");
		assert.equal(await pane.ended(), 0);
	});
});

describe("ctrl-Z", { skip: noTmux }, () => {
	/** The program as a job of a shell that goes on with it after enter. */
	const shell = {
		before: "set -m;",
		behind: "|| { echo stopped $?; read again; fg; }",
	};
	const ways: readonly (readonly [string, (pane: Pane) => Promise<unknown>])[] =
		[
			["ctrl-Z", (pane) => pane.press("C-z")],
			["SIGTSTP", async (pane) => process.kill(await pane.pid(), "SIGTSTP")],
		];

	for (const [way, stop] of ways) {
		test(`${way} gives the terminal back to the shell, and fg goes on`, async (context) => {
			const pane = await openPane(context, `replay '${capture}'`, shell);
			await pane.showing(open);
			await stop(pane);
			await pane.showing(new RegExp(`^stopped ${status.stopped}$`, "m"));
			assert.equal(await terminalOf(pane), "0 1");
			assert.match((await pane.screen()).join("\n"), /^line 60$/m);
			await pane.press("Enter");
			assert.match(await pane.showing(open), /^ vmpath /m);
			assert.equal(await terminalOf(pane), "1 0");
			await pane.press("?");
			await pane.showing(/back to the shell/);
			await pane.press("C-c");
			assert.equal(await pane.ended(), 0);
			assert.equal(await terminalOf(pane), "0 1");
		});
	}

	test("fills a terminal whose size changed meanwhile", async (context) => {
		const pane = await openPane(context, `replay '${capture}'`, shell);
		await pane.showing(open);
		await pane.press("C-z");
		await pane.showing(/^stopped \d+$/m);
		await pane.tmux("resize-window", "-x", "140", "-y", "35");
		await pane.press("Enter");
		// Its last row but one, with the keys on it.
		const rows = /^ vmpath.*\n(?:.*\n){32} \? help/;
		const text = await pane.showing(rows);
		assert.ok(text.split("\n").some((row) => row.length > 130));
	});

	test("stops what feeds standard input as well: a shell waits for the whole job", async (context) => {
		const pane = await openPane(context, "replay -", {
			...shell,
			before: `set -m; (cat '${capture}'; exec sleep 60) |`,
		});
		await pane.showing(open);
		await pane.press("C-z");
		await pane.showing(/^stopped \d+$/m);
		await pane.press("Enter");
		await pane.showing(open);
		await pane.press("q");
		await pane.showing(/journeys: /);
	});

	test("goes on at once where no shell could continue it", async (context) => {
		const pane = await openPane(context, `replay '${capture}'`);
		await pane.showing(open);
		await pane.press("C-z", "?");
		await pane.showing(/back to the shell/);
		assert.equal(await terminalOf(pane), "1 0");
	});
});

describe("w", { skip: noTmux }, () => {
	async function write(pane: Pane, file: string): Promise<void> {
		await pane.press("w", "C-u");
		await pane.press("-l", file);
		await pane.press("Enter");
	}

	test("leaves nothing behind of a file there is no room for", async (context) => {
		const pane = await openPane(context, `replay '${capture}'`, {
			before: "ulimit -f 2;",
		});
		await pane.showing(open);
		const before = await readdir(pane.directory);
		await write(pane, "shown.pcapng");
		await pane.showing(/cannot write shown\.pcapng: .*: nothing written/);
		assert.deepEqual(await readdir(pane.directory), before);
		await write(pane, "no/shown.pcapng");
		await pane.showing(/no\/shown\.pcapng: there is no such directory/);
		await write(pane, "/proc/shown.pcapng");
		await pane.showing(/cannot write \/proc\/shown\.pcapng: /);
	});

	test("takes ~ for the home directory, and makes the file for its owner only", async (context) => {
		const pane = await openPane(context, `replay '${capture}'`, {
			environment: 'HOME="$D"',
		});
		await pane.showing(open);
		await write(pane, "~/shown.pcapng");
		await pane.showing(/wrote \d+ frames to \/.*\/shown\.pcapng/);
		const { mode } = await stat(join(pane.directory, "shown.pcapng"));
		assert.equal(mode & 0o777, 0o600);
		await write(pane, "~");
		await pane.showing(/is there already: nothing written/);
	});
});

describe("the health page", { skip: noTmux }, () => {
	test("tells what captured a recording, and that it lost nothing", async (context) => {
		const log = fixture(
			"../faults/bridge-netfilter-half-open",
			"log.pcapng.gz",
		);
		const pane = await openPane(context, `replay '${log}'`);
		await pane.showing(open);
		await pane.press("5");
		const text = await pane.showing(/engine/);
		assert.match(text, /^ engine +packet/m);
		assert.match(text, /^ lost +0 by the capture itself/m);
	});
});
