import { execa } from "execa";
import type { Command } from "./command.js";
import { waitFor } from "./wait.js";

/** A program of the lab that runs until it is stopped: a capture, a DHCP server. */
export interface Child {
	/** Waits until it has printed what `pattern` matches, and returns the match. Throws when it ends before. */
	saying(pattern: RegExp): Promise<RegExpExecArray>;
	/** Sends it a signal it does not end by. */
	signal(signal: "SIGUSR1" | "SIGUSR2"): void;
	/** Ends it by its process id, waits for its end and returns all it printed. */
	stop(signal: "SIGINT" | "SIGTERM"): Promise<string>;
}

const readyMs = 10_000;

/** Starts a program that runs until it is stopped. */
export function startChild(command: Command): Child {
	const [program, ...args] = command;
	const child = execa(program, args, { stdin: "ignore", reject: false });
	let over = false;
	const ended = child.then(() => {
		over = true;
	});
	let text = "";
	const keep = (chunk: Buffer) => {
		text += chunk.toString();
	};
	child.stdout.on("data", keep);
	child.stderr.on("data", keep);

	return {
		saying: (pattern) =>
			waitFor(`${command.join(" ")} to say ${pattern}`, readyMs, async () => {
				const match = pattern.exec(text);
				if (match) {
					return match;
				}
				if (over) {
					throw new Error(`${command.join(" ")} ended: ${text}`);
				}
				return undefined;
			}),
		signal: (signal) => {
			child.kill(signal);
		},
		stop: async (signal) => {
			child.kill(signal);
			await ended;
			return text;
		},
	};
}
