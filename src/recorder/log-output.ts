/** Where a log goes: a file, several by turns, or a pipe. */
export interface LogOutput {
	/** Takes whole blocks; they are written in order, while the caller goes on. */
	write(bytes: Buffer): void;
	/**
	 * So much waits to be written that no more should be read from the kernel: it counts
	 * what it has no room for.
	 */
	readonly isFull: boolean;
	/** Why nothing more can be written; null while it can. */
	readonly failure: OutputFailure | null;
	/** Bytes written so far, over all files. */
	readonly written: number;
	/** Resolves when less waits, when writing failed, or after `timeoutMs`. */
	drained(timeoutMs: number): Promise<void>;
	/**
	 * Whether the next block should stand in a new file.
	 *
	 * @param nowMs of a clock that only goes forward
	 */
	isDue(nowMs: number): boolean;
	/** What is written from now on goes into the next file. */
	rotate(nowMs: number): void;
	/** Ends it once all is written; gives up on a reader that takes nothing. */
	end(): Promise<void>;
}

/** Why a log could not be written any further; one line. */
export interface OutputFailure {
	/** The reader of the pipe has gone: that is no error. */
	readonly isClosed: boolean;
	readonly message: string;
}

/** Those who wait for something to happen, or for a time to pass. */
export class Waiters {
	readonly #resolves = new Set<() => void>();

	/** Resolves with the next `wake`, or after `timeoutMs`. */
	wait(timeoutMs: number): Promise<void> {
		return new Promise((resolve) => {
			const done = () => {
				clearTimeout(timer);
				this.#resolves.delete(done);
				resolve();
			};
			const timer = setTimeout(done, timeoutMs);
			this.#resolves.add(done);
		});
	}

	wake(): void {
		for (const done of [...this.#resolves]) {
			done();
		}
	}
}
