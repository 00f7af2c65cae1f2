/** A recorder that says nothing for so long is held up: it ticks several times a second. */
const stallMs = 2000;

/** Notices when nothing comes any more from what should never be silent. */
export class StallWatch {
	readonly #tell: (message: string) => void;
	#latestMs: number | null = null;
	#checkedMs: number | null = null;
	#isStalled = false;

	/** @param tell takes one line */
	constructor(tell: (message: string) => void) {
		this.#tell = tell;
	}

	/** Something came. */
	note(nowMs: number): void {
		if (this.#isStalled && this.#latestMs !== null) {
			const seconds = ((nowMs - this.#latestMs) / 1000).toFixed(1);
			this.#tell(`the recorder goes on after ${seconds} s`);
		}
		this.#latestMs = nowMs;
		this.#isStalled = false;
	}

	/** Asked now and then. Before anything came, a password may be waited for. */
	check(nowMs: number): void {
		const checked = this.#checkedMs;
		this.#checkedMs = nowMs;
		if (checked !== null && nowMs - checked > stallMs) {
			// This process itself stood still: what came meanwhile is read next.
			this.#latestMs = this.#latestMs === null ? null : nowMs;
			return;
		}
		const latest = this.#latestMs;
		if (!this.#isStalled && latest !== null && nowMs - latest > stallMs) {
			this.#isStalled = true;
			this.#tell(
				"nothing comes from the recorder: it is stopped, or this host is too busy",
			);
		}
	}
}
