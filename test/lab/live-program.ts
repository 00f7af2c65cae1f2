import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { cli } from "../commands/program.js";
import type { Command } from "./command.js";
import type { Lab } from "./lab.js";
import { inNamespace } from "./namespaces.js";
import { waitFor } from "./wait.js";

/** A piece of standard output, and when it came: milliseconds since the epoch. */
export interface Piece {
	readonly bytes: Buffer;
	readonly atMs: number;
}

/** How a run of the program ended. */
export interface Run {
	readonly exitCode: number | null;
	readonly stdout: Buffer;
	readonly stderr: string;
}

/** The program while it runs on the KVM host of a lab. */
export interface Program {
	/** Of the program itself. */
	readonly pid: number;
	readonly stdout: Readable;
	/** What came of it so far. */
	readonly pieces: readonly Piece[];
	readonly stderr: string;
	readonly isOver: boolean;
	readonly ended: Promise<Run>;
	/** All of standard output so far. */
	read(): Buffer;
	signal(signal: NodeJS.Signals): void;
	/** Signals it, and waits for its end. */
	stop(signal?: NodeJS.Signals): Promise<Run>;
	/** Waits until standard error has what `pattern` matches. */
	saying(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>;
	/** Waits for its end; it is an error when it does not come. */
	end(deadlineMs?: number): Promise<Run>;
}

const usualMs = 10_000;

/** Of the program: neither colours nor a debugger from the surroundings. */
export const environment = {
	...process.env,
	TZ: "UTC",
	NO_COLOR: undefined,
	FORCE_COLOR: undefined,
	VMPATH_DEBUG: undefined,
	NODE_OPTIONS: undefined,
};

/** How a program is started. */
export interface StartOptions {
	/** Runs the program as its last argument says: `setpriv …`. */
	readonly wrapper?: readonly string[];
	readonly env?: NodeJS.ProcessEnv;
}

/** Starts the program on the KVM host; it is killed with the lab. */
export function startProgram(
	lab: Lab,
	args: readonly string[],
	{ wrapper = [], env = {} }: StartOptions = {},
): Program {
	const [file = "", ...wrapped] = [...wrapper, process.execPath, cli, ...args];
	return startOnHost(lab, [file, ...wrapped], env);
}

/** Starts any command on the KVM host; it is killed with the lab. */
export function startOnHost(
	lab: Lab,
	command: Command,
	env: NodeJS.ProcessEnv = {},
): Program {
	const [file, ...args] = inNamespace(lab.namespaces.kvmhost, command);
	const child = spawn(file, args, {
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...environment, ...env },
	});
	const pieces: Piece[] = [];
	let stderr = "";
	let isOver = false;
	child.stdout.on("data", (bytes: Buffer) => {
		pieces.push({ bytes, atMs: Date.now() });
	});
	child.stderr.on("data", (bytes: Buffer) => {
		stderr += bytes.toString();
	});
	const read = () => Buffer.concat(pieces.map(({ bytes }) => bytes));
	const ended = new Promise<Run>((resolve) => {
		child.on("close", (exitCode) => {
			isOver = true;
			resolve({ exitCode, stdout: read(), stderr });
		});
	});
	const end = async (deadlineMs = usualMs) => {
		await waitFor(`the end of ${command.join(" ")}`, deadlineMs, async () =>
			isOver ? true : undefined,
		).catch((error) => {
			throw new Error(`${error.message}; it said: ${stderr}`);
		});
		return ended;
	};
	lab.teardown.add(async () => {
		child.stdout.resume();
		child.kill("SIGKILL");
		await ended;
	});
	return {
		pid: child.pid ?? 0,
		stdout: child.stdout,
		pieces,
		get isOver() {
			return isOver;
		},
		get stderr() {
			return stderr;
		},
		ended,
		read,
		signal: (signal) => child.kill(signal),
		stop: (signal = "SIGINT") => {
			child.kill(signal);
			return end();
		},
		saying: (pattern, deadlineMs = usualMs) =>
			waitFor(`${pattern} in ${stderr}`, deadlineMs, async () => {
				const match = pattern.exec(stderr);
				if (match === null && isOver) {
					throw new Error(`it ended without ${pattern}: ${stderr}`);
				}
				return match ?? undefined;
			}),
		end,
	};
}

/** Runs the program on the KVM host to its end. */
export function runProgram(
	lab: Lab,
	args: readonly string[],
	options: StartOptions = {},
): Promise<Run> {
	return startProgram(lab, args, options).end(30_000);
}
