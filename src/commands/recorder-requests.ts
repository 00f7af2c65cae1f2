import type { Readable, Writable } from "node:stream";

/** What a recorder that was started for `watch` may be asked, a line each. */
export interface RequestTaker {
	/** Read what counts frames that were taken away. */
	counters(): void;
	/** End the recording. */
	end(): void;
}

const words = ["counters", "end"] as const satisfies (keyof RequestTaker)[];
/** No request is longer. */
const lineLimit = 64;
/** Reading counters starts processes: whoever asks more often is not heard. */
const takePauseMs = 1000;

/**
 * Does what is asked by lines on standard input, and nothing else. Its end asks for
 * nothing, nor does a terminal: people type.
 */
export function takeRequests(
	input: Readable & { readonly isTTY?: boolean; unref?(): void },
	taker: RequestTaker,
): void {
	if (input.isTTY) {
		return;
	}
	let line = "";
	let countedMs = Number.NEGATIVE_INFINITY;
	const take = (word: keyof RequestTaker) => {
		const nowMs = performance.now();
		if (word === "counters") {
			if (nowMs - countedMs < takePauseMs) {
				return;
			}
			countedMs = nowMs;
		}
		taker[word]();
	};
	input.on("data", (chunk: Buffer) => {
		const [first = "", ...others] = chunk.toString("latin1").split("\n");
		const lines = [line + first, ...others];
		line = lines.pop()?.slice(0, lineLimit) ?? "";
		for (const asked of lines) {
			const word = words.find((one) => one === asked);
			if (word !== undefined) {
				take(word);
			}
		}
	});
	input.on("error", () => {
		// Nobody asks any more.
	});
	input.unref?.();
}

/** Counters are asked for at most so often. */
const counterPauseMs = 3000;

/** The other end: asks a recorder. */
export class RecorderRequests {
	readonly #input: Writable;
	#timer: NodeJS.Timeout | null = null;
	#isWanted = false;

	/** @param input standard input of the recorder */
	constructor(input: Writable) {
		this.#input = input;
		input.on("error", () => {
			// It has ended, and says itself why.
		});
	}

	/** At once, or as soon as the last time is long enough ago. */
	askForCounters(): void {
		if (this.#timer !== null) {
			this.#isWanted = true;
			return;
		}
		this.#ask("counters");
		this.#timer = setTimeout(() => this.#goOn(), counterPauseMs).unref();
	}

	askToEnd(): void {
		this.#ask("end");
	}

	#goOn(): void {
		this.#timer = null;
		if (this.#isWanted) {
			this.#isWanted = false;
			this.askForCounters();
		}
	}

	#ask(word: keyof RequestTaker): void {
		if (this.#input.writable) {
			this.#input.write(`${word}\n`);
		}
	}
}
