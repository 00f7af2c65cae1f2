const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Signals that ask this process to end: it does so in its own way. */
export class EndSignals {
	readonly #onSignal: () => void;

	constructor(onSignal: () => void) {
		this.#onSignal = onSignal;
		for (const signal of signals) {
			process.on(signal, this.#onSignal);
		}
	}

	close(): void {
		for (const signal of signals) {
			process.off(signal, this.#onSignal);
		}
	}
}
