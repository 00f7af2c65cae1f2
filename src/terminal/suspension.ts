/** What a screen does about being stopped. */
export interface SuspensionOptions {
	/** The terminal is for others now. */
	readonly onStop: () => void;
	/** It is ours again, and others may have written on it. */
	readonly onContinue: () => void;
}

/** Every process of this one's group, which is what a shell calls a job (`man 2 kill`). */
const wholeJob = 0;

/** Lets this process be stopped and continued by a shell: ctrl-Z, `kill -TSTP`, `fg`. */
export class Suspension {
	readonly #options: SuspensionOptions;
	#isStopped = false;

	constructor(options: SuspensionOptions) {
		this.#options = options;
		process.on("SIGTSTP", this.#stop);
		process.on("SIGCONT", this.#continue);
	}

	/**
	 * ctrl-Z was typed. A terminal that hands it on as a byte stops nobody: what it would
	 * have stopped is the whole job, and a shell waits for all of it.
	 */
	stopJob(): void {
		this.#suspend(wholeJob);
	}

	close(): void {
		process.off("SIGTSTP", this.#stop);
		process.off("SIGCONT", this.#continue);
	}

	#suspend(target: number): void {
		this.#options.onStop();
		this.#isStopped = true;
		process.off("SIGTSTP", this.#stop);
		// It stands still in here until it is continued.
		process.kill(target, "SIGTSTP");
		process.on("SIGTSTP", this.#stop);
		// Where no shell could continue it, the kernel does not stop it, and no SIGCONT comes.
		setImmediate(() => setImmediate(() => this.#goOn()));
	}

	#goOn(): void {
		if (this.#isStopped) {
			this.#continue();
		}
	}

	readonly #stop = (): void => this.#suspend(process.pid);

	readonly #continue = (): void => {
		this.#isStopped = false;
		this.#options.onContinue();
	};
}
