import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { execa, type Options } from "execa";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The built program, as users have it. */
export const cli = join(root, "dist/bin/vmpath.js");

/** The file of a scenario's recording. */
export function fixture(scenario: string, file: string): string {
	return join(root, "fixtures/scenarios", scenario, file);
}

/** What a run of the program left behind. */
export interface Run {
	readonly exitCode: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
}

/** No colours from the surroundings, and a zone of which times can be written down. */
const environment = {
	TZ: "UTC",
	NO_COLOR: undefined,
	FORCE_COLOR: undefined,
	VMPATH_DEBUG: undefined,
	NODE_OPTIONS: undefined,
};

/** A run that takes longer hangs. */
const deadlineMs = 60_000;

/** Starts the program; it is killed when it does not end. */
export function startProgram(args: readonly string[], options: Options = {}) {
	return execa(process.execPath, [cli, ...args], {
		stdin: "ignore",
		reject: false,
		stripFinalNewline: false,
		timeout: deadlineMs,
		...options,
		env: { ...environment, ...options.env },
	});
}

/** Runs the program to its end. */
export async function run(
	args: readonly string[],
	options: Options = {},
): Promise<Run> {
	const { exitCode, stdout, stderr } = await startProgram(args, options);
	return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

/** The objects of JSON lines. */
export function parseLines(stdout: string): Record<string, unknown>[] {
	const lines = stdout.split("\n");
	if (lines.pop() !== "") {
		throw new Error("the last line has no end");
	}
	return lines.map((line) => JSON.parse(line));
}

/** Replays as JSON lines, and throws when that fails. */
export async function replayJson(
	...args: readonly string[]
): Promise<Record<string, unknown>[]> {
	const result = await run(["replay", "--format", "jsonl", ...args]);
	if (result.exitCode !== 0) {
		throw new Error(`exit code ${result.exitCode}: ${result.stderr}`);
	}
	return parseLines(result.stdout);
}

/** A directory of the test's own, gone after it. */
export async function createDirectory(context: TestContext): Promise<string> {
	const path = await mkdtemp(join(tmpdir(), "vmpath-test-"));
	context.after(() => rm(path, { recursive: true, force: true }));
	return path;
}

/** A file of the test's own, gone after it. */
export async function createFile(
	context: TestContext,
	name: string,
	content: string | Uint8Array,
): Promise<string> {
	const path = join(await createDirectory(context), name);
	await writeFile(path, content);
	return path;
}
