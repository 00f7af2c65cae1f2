import { openSync, readFileSync } from "node:fs";
import { ReadStream } from "node:tty";
import type { Key } from "../tui/keys.js";
import { KeyDecoder } from "./decode-keys.js";
import { hangUp } from "./lost-terminal.js";

/** A terminal sends a sequence at once; what comes so much later is another key. */
const briefMs = 50;
/** A paste or reply that stands still for so long has lost its end. */
const longMs = 1000;

/**
 * The terminal that keys come from: standard input, or, where that is the log or
 * something else, the terminal this process belongs to.
 *
 * @returns null where there is none, or it is not ours to read
 */
export function openKeyboard(isStandardInputTaken: boolean): Keyboard | null {
	if (!isInForeground()) {
		return null;
	}
	const { stdin } = process;
	if (!isStandardInputTaken && stdin.isTTY) {
		return new Keyboard(stdin);
	}
	try {
		return new Keyboard(new ReadStream(openSync("/dev/tty", "r")));
	} catch {
		return null;
	}
}

/** Who reads a terminal from the background is stopped (`man 3 tcsetattr`: SIGTTOU). */
function isInForeground(): boolean {
	try {
		const stat = readFileSync("/proc/self/stat", "utf8");
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		const [, , group, , , terminalGroup] = fields;
		return group === terminalGroup || terminalGroup === "-1";
	} catch {
		return true;
	}
}

/** Keys as they are pressed. */
export class Keyboard {
	readonly #stream: ReadStream;
	readonly #decoder = new KeyDecoder();
	#onKey: (key: Key) => void = () => {};
	#timer: NodeJS.Timeout | undefined;

	constructor(stream: ReadStream) {
		this.#stream = stream;
	}

	/** From now on keys are ours, one by one, and none is shown. */
	listen(onKey: (key: Key) => void): void {
		this.#onKey = onKey;
		this.#stream.setRawMode(true);
		this.#stream.on("data", this.#feed);
		// Typed, the end of input is a key: only a terminal that is gone has one, or errors.
		this.#stream.on("end", hangUp);
		this.#stream.on("error", hangUp);
	}

	/** Lines are lines for a while, and read by another. */
	pause(): void {
		this.#stream.setRawMode(false);
	}

	/** The terminal was used by another: it is asked for single keys again. */
	resume(): void {
		this.#stream.setRawMode(false);
		this.#stream.setRawMode(true);
	}

	/** Lines are lines again. */
	close(): void {
		clearTimeout(this.#timer);
		this.#stream.off("data", this.#feed);
		this.#stream.off("end", hangUp);
		this.#stream.off("error", hangUp);
		this.#stream.on("error", () => {});
		try {
			this.#stream.setRawMode(false);
		} catch {
			// The terminal is gone.
		}
		this.#stream.pause();
		if (this.#stream === process.stdin) {
			this.#stream.unref();
		} else {
			this.#stream.destroy();
		}
	}

	readonly #feed = (bytes: Buffer): void => {
		clearTimeout(this.#timer);
		this.#tell(this.#decoder.feed(bytes));
		const { waits } = this.#decoder;
		if (waits !== null) {
			const ms = waits === "brief" ? briefMs : longMs;
			this.#timer = setTimeout(() => this.#tell(this.#decoder.flush()), ms);
		}
	};

	#tell(keys: readonly Key[]): void {
		for (const key of keys) {
			this.#onKey(key);
		}
	}
}
