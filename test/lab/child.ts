import { execa } from "execa";
import type { Command } from "./command.js";
import { waitFor } from "./wait.js";

/** A program of the lab that runs until it is stopped: a capture, a DHCP server. */
export interface Child {
	/** Waits until it has printed what `pattern` matches. Throws when it ends before. */
	saying(pattern: RegExp): Promise<void>;
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
				if (pattern.test(text)) {
					return null;
				}
				if (over) {
					throw new Error(`${command.join(" ")} ended: ${text}`);
				}
				return undefined;
			}).then(() => undefined),
		stop: async (signal) => {
			child.kill(signal);
			await ended;
			return text;
		},
	};
}
