import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { makeSafe, type SafeText, safeTextLimit } from "../model/safe-text.js";
import type { Elevation } from "./privileges.js";
import type { CaptureOptions } from "./record-options.js";
import { RecorderRequests } from "./recorder-requests.js";

/** A recorder that runs beside us and writes its log into a pipe. */
export interface RecorderChild {
	readonly log: Readable;
	/** Resolves when it has ended; what it said last, if it failed. */
	readonly ended: Promise<RecorderEnd>;
	/** Asks it to read counters: something was lost, and they may tell by what. */
	askForCounters(): void;
	/** Asks it to end: it still writes what waits. How it ends then is no failure. */
	stop(): void;
}

/** How a recorder ended. */
export interface RecorderEnd {
	readonly isFailure: boolean;
	/** What it said last, or what ended it; one line. */
	readonly reason: SafeText;
}

/** A recorder that fails says why, and has ended so soon after. */
const lastWordsMs = 300;
/** One that was asked to end, and has not after so long, is killed. */
const patienceMs = 5000;
/** What a recorder's messages begin with. */
const prefix = /^vmpath: /;

/**
 * Starts a recorder of this very program.
 *
 * @param onMessage told of each line that it says
 */
export function startRecorder(
	options: CaptureOptions,
	elevation: Elevation,
	onMessage: (message: SafeText) => void,
): RecorderChild {
	const program = [
		process.execPath,
		realpathSync(process.argv[1] ?? ""),
		...["record", "--restricted", "-w", "-"],
		...captureArguments(options),
	];
	const [file = "", ...args] =
		elevation === "sudo" ? ["sudo", "--", ...program] : program;
	const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
	const requests = new RecorderRequests(child.stdin);
	const words = new LastWords(onMessage);
	let isAsked = false;
	createInterface({ input: child.stderr }).on("line", (line) => {
		words.add(readMessage(line));
	});
	const ended = new Promise<RecorderEnd>((resolve) => {
		child.once("error", ({ message }) => {
			const reason = makeSafe(`the recorder cannot be started: ${message}`);
			resolve({ isFailure: true, reason });
		});
		child.once("close", (code, signal) => {
			const isFailure = code !== 0 && !isAsked;
			const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
			const why = isFailure && signal === null ? words.take() : null;
			words.tell();
			const reason = why ?? makeSafe(`the recorder was ended ${how}`);
			resolve({ isFailure, reason });
		});
	});
	const stop = () => {
		isAsked = true;
		// What sudo runs is not ours to signal: it ends as it is asked, with its terminal, or its pipe.
		requests.askToEnd();
		if (elevation === "none") {
			child.kill("SIGINT");
			setTimeout(() => child.kill("SIGKILL"), patienceMs).unref();
		}
	};
	const askForCounters = () => requests.askForCounters();
	return { log: child.stdout, ended, askForCounters, stop };
}

/** What our own program says is safe already: safe again, its escapes would be doubled. */
export function readMessage(line: string): SafeText {
	const message = line.replace(prefix, "");
	const plain = message.replaceAll("\\", "");
	const isSafe =
		message !== line &&
		message.length <= safeTextLimit &&
		makeSafe(plain) === plain;
	return isSafe ? (message as SafeText) : makeSafe(message);
}

/** The last line that was said is told a little later: it may be why all ends. */
class LastWords {
	readonly #onMessage: (message: SafeText) => void;
	#line: SafeText | null = null;
	#timer: NodeJS.Timeout | undefined;

	constructor(onMessage: (message: SafeText) => void) {
		this.#onMessage = onMessage;
	}

	add(line: SafeText): void {
		this.tell();
		this.#line = line;
		this.#timer = setTimeout(() => this.tell(), lastWordsMs);
	}

	tell(): void {
		const line = this.take();
		if (line !== null) {
			this.#onMessage(line);
		}
	}

	/** @returns what was not told yet, which then is not told any more */
	take(): SafeText | null {
		const line = this.#line;
		this.#line = null;
		clearTimeout(this.#timer);
		return line;
	}
}

/** The options of `vmpath record` that ask for the same. */
function captureArguments(options: CaptureOptions): string[] {
	const { snapLength, bufferBytes, durationMs, count } = options;
	const { filter, connect, engine } = options;
	const repeated = (name: string, values: readonly string[]) =>
		values.map((value) => `--${name}=${value}`);
	const once = (name: string, value: string | number | null) =>
		value === null ? [] : [`--${name}=${value}`];
	return [
		...repeated("vm", options.vms),
		...repeated("bridge", options.bridges),
		...repeated("interface", options.interfaces),
		...once("snaplen", snapLength),
		...once("buffer", bufferBytes),
		...once("duration", durationMs === null ? null : `${durationMs}ms`),
		...once("count", count),
		...once("filter", filter),
		...once("connect", connect),
		...once("engine", engine),
	];
}
