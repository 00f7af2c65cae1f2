import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { execa } from "execa";
import { cli } from "../commands/program.js";
import { waitFor } from "../lab/wait.js";

const deadlineMs = 30_000;

/** Why there is no terminal to test in; false: there is one. */
export const noTmux: string | false =
	(await execa("tmux", ["-V"], { reject: false })).exitCode === 0
		? false
		: "tmux is not installed";

/** How a pane is begun. */
export interface PaneOptions {
	readonly columns?: number;
	readonly rows?: number;
	/** Put before the program: `NO_COLOR=1`. */
	readonly environment?: string;
	/** Put before all: `cat file |`. */
	readonly before?: string;
	/** Put behind the program: `| cat`. */
	readonly behind?: string;
}

/** A terminal of a test's own, in which the program runs. */
export interface Pane {
	/** Rows as they are shown; the second screen while there is one. */
	screen(): Promise<string[]>;
	/** All that was scrolled up and is shown on the first screen. */
	scrollback(): Promise<string[]>;
	/** Waits until the screen has it. */
	showing(pattern: RegExp): Promise<string>;
	/** Waits until the program has ended and its exit code stands there. */
	ended(): Promise<number>;
	press(...keys: readonly string[]): Promise<void>;
	/** Sends bytes as a terminal might, in hexadecimal. */
	send(bytes: Uint8Array): Promise<void>;
	tmux(...args: readonly string[]): Promise<string>;
	/**
	 * All the program wrote so far.
	 *
	 * @param until waits for it: what writes this down may be behind the screen
	 */
	written(until?: string): Promise<string>;
	/** Process id of the program. */
	pid(): Promise<number>;
	readonly directory: string;
}

/**
 * Runs the program in a terminal that shows 60 numbered lines first.
 *
 * @param args as a shell takes them; `$D` is a directory of the test's own
 */
export async function openPane(
	context: TestContext,
	args: string,
	options: PaneOptions = {},
): Promise<Pane> {
	const { columns = 100, rows = 30, environment = "" } = options;
	const { before = "", behind = "" } = options;
	const directory = await mkdtemp(join(tmpdir(), "vmpath-test-"));
	const socket = join(directory, "tmux");
	const tmux = async (...words: readonly string[]) => {
		const result = await execa(
			"tmux",
			["-u", "-S", socket, "-f", "/dev/null", ...words],
			{ env: { TMUX: undefined, TERM: "xterm-256color", LANG: "C.UTF-8" } },
		);
		return String(result.stdout);
	};
	context.after(async () => {
		await tmux("kill-server").catch(() => {});
		await rm(directory, { recursive: true, force: true });
	});
	const size = ["-x", String(columns), "-y", String(rows)];
	const shell = `stty -echo; read begin; D='${directory}'; cd "$D"; seq -f 'line %g' 60; ${before} env -u NO_COLOR -u FORCE_COLOR -u LC_ALL -u LC_CTYPE -u CI TZ=UTC LANG=C.UTF-8 ${environment} sh -c 'echo $$ > pid; exec "$@"' sh '${process.execPath}' '${cli}' ${args} ${behind}; echo exit code $?; exec cat`;
	await tmux("new-session", "-d", ...size, shell);
	await tmux("pipe-pane", `cat > '${join(directory, "written")}'`);
	await tmux("send-keys", "Enter");
	const lines = (text: string) => text.split("\n");
	const screen = async () => lines(await tmux("capture-pane", "-p"));
	const showing = (pattern: RegExp) => {
		let before = "";
		return waitFor(`the screen to show ${pattern}`, deadlineMs, async () => {
			const text = (await screen()).join("\n");
			// What is not the same twice may be in the middle of its drawing.
			const isDrawn = text === before;
			before = text;
			return isDrawn && pattern.test(text) ? text : undefined;
		}).catch(async (error: unknown) => {
			const text = (await screen()).join("\n");
			throw new Error(`it shows:\n${text}`, { cause: error });
		});
	};
	const written = (until = "") =>
		waitFor(`${JSON.stringify(until)} to be written`, deadlineMs, async () => {
			const text = await readFile(join(directory, "written"), "latin1");
			return text.includes(until) ? text : undefined;
		});
	return {
		screen,
		scrollback: async () => lines(await tmux("capture-pane", "-pJ", "-S", "-")),
		showing,
		ended: async () => {
			const text = await showing(/^exit code \d+$/m);
			const [line = "", code] = /^exit code (\d+)$/m.exec(text) ?? [];
			await written(line);
			return Number(code);
		},
		press: async (...keys) => {
			await tmux("send-keys", ...keys);
		},
		send: async (bytes) => {
			const codes = [...bytes].map((one) => one.toString(16));
			await tmux("send-keys", "-H", ...codes);
		},
		tmux,
		written,
		pid: () =>
			waitFor("the program to begin", deadlineMs, async () => {
				const text = await readFile(join(directory, "pid"), "utf8").catch(
					() => "",
				);
				return text.endsWith("\n") ? Number(text) : undefined;
			}),
		directory,
	};
}
