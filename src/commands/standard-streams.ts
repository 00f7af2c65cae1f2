import { makeSafe } from "../model/safe-text.js";
import {
	hangUp,
	isTerminalLost,
	letGoOfLostTerminals,
} from "../terminal/lost-terminal.js";
import { tell } from "./output.js";

const exitCannotTell = 3;

/** However those end who read what this process writes, it ends in order. */
export function guardStandardStreams(): void {
	process.on("exit", letGoOfLostTerminals);
	process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
		if (isTerminalLost()) {
			hangUp();
			return;
		}
		// Whoever reads our output has gone: that is no error.
		if (code === "EPIPE") {
			process.exit(0);
		}
		tell(`cannot write to standard output: ${makeSafe(message)}`);
		process.exit(exitCannotTell);
	});
	process.stderr.on("error", () => {
		// Nobody reads our messages: the exit code says it.
	});
}
