import { hangUp } from "./lost-terminal.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Signals that ask this process to end: it does so in its own way. */
export class EndSignals {
	readonly #onSignal: () => void;
	#isHungUp = false;

	constructor(onSignal: () => void) {
		this.#onSignal = onSignal;
		for (const signal of signals) {
			process.on(signal, this.#take);
		}
	}

	close(): void {
		for (const signal of signals) {
			if (signal !== "SIGHUP" || !this.#isHungUp) {
				process.off(signal, this.#take);
			}
		}
	}

	readonly #take = (signal: NodeJS.Signals): void => {
		if (signal === "SIGHUP" && !this.#isHungUp) {
			this.#isHungUp = true;
			process.once("exit", dieOfHangup);
		}
		this.#onSignal();
	};
}

/**
 * Last of all: who waits for this process learns why it ended. It comes more than once,
 * from the kernel and from a shell, and until now nothing was to be cut short by it.
 */
function dieOfHangup(): void {
	process.removeAllListeners("SIGHUP");
	hangUp();
}
