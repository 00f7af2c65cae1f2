import { once } from "node:events";
import { connect } from "node:net";
import { waitFor } from "../lab/wait.js";
import { endMark, readyLine } from "./guest-init.js";

/** A connection to the shell of a guest that is up. */
export interface GuestShell {
	/** Runs a line of shell and returns what it printed. Throws when it fails. */
	run(line: string): Promise<string>;
	/** Has a line of shell read whose end is not told, such as `poweroff -f`. */
	tell(line: string): void;
	close(): void;
}

/** A guest boots in 5 s; three at once under software emulation on a busy machine in more. */
const bootMs = 90_000;
const answerMs = 30_000;

/** Waits until the guest behind a serial port says that it is ready. */
export async function openGuestShell(path: string): Promise<GuestShell> {
	const socket = connect(path);
	await once(socket, "connect");
	let text = "";
	let over = false;
	socket.setEncoding("utf8");
	socket.on("data", (chunk: string) => {
		text += chunk;
	});
	socket.on("error", () => undefined);
	socket.on("close", () => {
		over = true;
	});
	const awaitMatch = (what: string, pattern: RegExp, deadlineMs: number) =>
		waitFor(what, deadlineMs, async () => {
			const match = pattern.exec(text);
			if (!match && over) {
				throw new Error(`the guest went away, waiting for ${what}: ${text}`);
			}
			return match ?? undefined;
		});
	const end = new RegExp(`^${endMark}(\\d+)$`, "m");
	const run = async (line: string) => {
		text = "";
		socket.write(`${line}\n`);
		const match = await awaitMatch(`the end of "${line}"`, end, answerMs);
		const output = text.slice(0, match.index);
		if (match[1] !== "0") {
			throw new Error(`"${line}" ended with ${match[1]}: ${output}`);
		}
		return output;
	};

	try {
		await awaitMatch(`${path} to be ready`, new RegExp(readyLine), bootMs);
		// One byte cannot be cut in two by the time-out the guest still reads with.
		await run("");
	} catch (error) {
		socket.destroy();
		throw error;
	}
	return {
		run,
		tell: (line) => {
			socket.write(`${line}\n`);
		},
		close: () => {
			socket.destroy();
		},
	};
}
