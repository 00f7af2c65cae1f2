import type { Readable } from "node:stream";
import { execa } from "execa";
import type { Gap, HostStatement, Json } from "../model/host-document.js";
import { missingTool, refused } from "./gap.js";
import { environmentOf, type HostOptions } from "./host-options.js";

/** A program and its arguments; no shell ever reads it. */
export type Command = readonly [program: string, ...args: string[]];

/** Bounds of one run, and what counts as success. */
export interface CommandLimits {
	/** Milliseconds until it is killed. */
	readonly timeoutMs?: number;
	/** Bytes of output until it is killed. */
	readonly outputLimit?: number;
	/** Exit codes that are no failure, besides 0. */
	readonly exitCodes?: readonly number[];
}

/** What a command printed, or why it is of no use. */
export interface CommandResult {
	readonly stdout: string;
	readonly stderr: string;
	readonly gap: Gap | null;
}

const defaultTimeoutMs = 5000;
const defaultOutputLimit = 16 << 20;
const reasonLimit = 200;

/** Runs a command to its end, within limits of time and output. Never throws. */
export async function runCommand(
	command: Command,
	options: HostOptions,
	limits: CommandLimits = {},
): Promise<CommandResult> {
	const [program, ...args] = command;
	if (command.some((word) => word.includes("\0"))) {
		const gap = { reason: "no command holds a NUL", fix: null };
		return { stdout: "", stderr: "", gap };
	}
	if (options.signal?.aborted) {
		const gap = { reason: "nobody waits for its answer", fix: null };
		return { stdout: "", stderr: "", gap };
	}
	const timeoutMs = limits.timeoutMs ?? defaultTimeoutMs;
	const outputLimit = limits.outputLimit ?? defaultOutputLimit;
	const child = execa(program, args, {
		env: environmentOf(options),
		stdin: "ignore",
		// execa would quote all of a long output in the message of its error.
		buffer: false,
		reject: false,
		killSignal: "SIGKILL",
		cwd: "/",
	});
	const end = () => {
		child.kill();
		// What the command started may hold its output open, and would be waited for.
		child.stdout.destroy();
		child.stderr.destroy();
	};
	const stdout = new Printed(child.stdout, outputLimit, end);
	const stderr = new Printed(child.stderr, outputLimit, end);
	let isLate = false;
	const timer = setTimeout(() => {
		isLate = true;
		end();
	}, timeoutMs);
	options.signal?.addEventListener("abort", end);
	const running = { name: program };
	options.running?.add(running);
	const ended = await child;
	options.running?.delete(running);
	options.signal?.removeEventListener("abort", end);
	clearTimeout(timer);
	const gap = isLate
		? { reason: `no answer within ${timeoutMs / 1000} s`, fix: null }
		: stdout.isTooLong || stderr.isTooLong
			? {
					reason: `it prints more than ${describeBytes(outputLimit)}`,
					fix: null,
				}
			: judge(program, { ...ended, stderr: stderr.text }, options, limits);
	return { stdout: stdout.text, stderr: stderr.text, gap };
}

/** What a command prints, up to a limit. */
class Printed {
	readonly #chunks: Buffer[] = [];
	readonly #limit: number;
	#length = 0;

	/** @param onExcess called once there is more than the limit */
	constructor(stream: Readable, limit: number, onExcess: () => void) {
		this.#limit = limit;
		stream.on("data", (chunk: Buffer) => {
			if (!this.isTooLong) {
				this.#chunks.push(chunk);
				this.#length += chunk.length;
				if (this.isTooLong) {
					onExcess();
				}
			}
		});
		stream.on("error", () => {
			// It was destroyed when the command was ended.
		});
	}

	get isTooLong(): boolean {
		return this.#length > this.#limit;
	}

	/** Without the line feed at its end. */
	get text(): string {
		const bytes = Buffer.concat(this.#chunks).subarray(0, this.#limit);
		return bytes.toString("utf8").replace(/\n$/, "");
	}
}

interface Ended {
	readonly exitCode?: number | undefined;
	readonly code?: string | undefined;
	readonly signal?: string | undefined;
	readonly stderr?: string | undefined;
}

function judge(
	program: string,
	ended: Ended,
	options: HostOptions,
	limits: CommandLimits,
): Gap | null {
	const { exitCode, code, signal, stderr = "" } = ended;
	if (code === "ENOENT") {
		return missingTool(program, options);
	}
	if (code === "EACCES") {
		return refused();
	}
	if (exitCode === 0 || limits.exitCodes?.includes(exitCode ?? -1)) {
		return null;
	}
	if (/permission denied|not permitted|must be root/i.test(stderr)) {
		return refused();
	}
	const end = signal ? `ended by ${signal}` : `exit code ${exitCode ?? code}`;
	return { reason: clip(firstLine(stderr) ?? `${program}: ${end}`), fix: null };
}

/** Runs a command that prints JSON; what it prints is the statement's output. */
export async function stateJson(
	command: Command,
	options: HostOptions,
	limits?: CommandLimits,
): Promise<HostStatement> {
	const source = command.join(" ");
	const { stdout, gap } = await runCommand(command, options, limits);
	if (gap) {
		return { source, output: null, gap };
	}
	try {
		// `ip -j` prints nothing at all where it has nothing to list.
		const output = stdout.trim() === "" ? [] : parseJson(stdout);
		return { source, output, gap: null };
	} catch {
		const reason = "it prints JSON that cannot be read";
		return {
			source,
			output: null,
			gap: { reason, fix: `update ${command[0]}` },
		};
	}
}

/** Control characters that JSON does not have; those that are white space may stand. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what they are for
const rawControls = /[\x00-\x08\x0b\x0c\x0e-\x1f]/g;

/** `ip -j` prints those in the name of an interface as they are, and any name may have them. */
function parseJson(text: string): Json {
	const json = text.replace(
		rawControls,
		(control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
	return JSON.parse(json) as Json;
}

/** Runs a command that prints text. */
export async function stateText(
	command: Command,
	options: HostOptions,
	limits?: CommandLimits,
): Promise<HostStatement> {
	const source = command.join(" ");
	const { stdout, gap } = await runCommand(command, options, limits);
	return { source, output: gap ? null : stdout, gap };
}

/** The first line that says something, without `error: `. */
export function firstLine(stderr: string): string | undefined {
	return stderr
		.split("\n")
		.map((line) => line.replace(/^error:\s*/i, "").trim())
		.find((line) => line !== "");
}

function clip(text: string): string {
	return text.length <= reasonLimit ? text : `${text.slice(0, reasonLimit)}…`;
}

function describeBytes(bytes: number): string {
	return bytes >= 1 << 20 ? `${bytes >> 20} MiB` : `${bytes} bytes`;
}
