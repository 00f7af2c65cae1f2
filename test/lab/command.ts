import { execa } from "execa";

/** A program and its arguments; no shell ever reads it. */
export type Command = readonly [program: string, ...args: string[]];

/** How a command ended. */
export interface Ended {
	readonly exitCode: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
}

// Without `cleanup` execa listens to no signals: ending in order is the teardown's work.
const options = { input: "", timeout: 60_000, cleanup: false } as const;

/**
 * Runs a command to its end and returns its standard output. Throws when it fails, or
 * takes longer than `timeout` milliseconds.
 */
export async function run(
	command: Command,
	input = "",
	{ timeout } = options as { readonly timeout: number },
): Promise<string> {
	const [program, ...args] = command;
	const { stdout } = await execa(program, args, { ...options, input, timeout });
	return stdout;
}

/** Runs a command that may fail; how it ended is for the caller to judge. */
export async function tryRun(command: Command): Promise<Ended> {
	const [program, ...args] = command;
	const { exitCode, stdout, stderr } = await execa(program, args, {
		...options,
		reject: false,
	});
	return { exitCode, stdout, stderr };
}
