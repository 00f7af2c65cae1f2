/** That the output does not keep up is told at most so often. */
const tellMs = 60_000;

/** Tells when what a recording is written to does not keep up. */
export class HeldUp {
	readonly #tell: (message: string) => void;
	#isHeldUp = false;
	/** When that may be told again. */
	#nextMs = 0;

	/** @param tell takes one line */
	constructor(tell: (message: string) => void) {
		this.#tell = tell;
	}

	/** @param nowMs of a clock that only goes forward */
	set(isFull: boolean, nowMs: number): void {
		if (isFull && !this.#isHeldUp && nowMs >= this.#nextMs) {
			this.#nextMs = nowMs + tellMs;
			this.#tell(
				"what the recording is written to does not keep up: frames wait in the kernel, and those it has no room for are counted as lost",
			);
		}
		this.#isHeldUp = isFull;
	}
}
