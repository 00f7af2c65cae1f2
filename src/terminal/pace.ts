/** Drawings of what came are at least so far apart: ten a second. */
const shortestMs = 100;
/**
 * Drawing takes a fifth of the time, as long as that makes four drawings a second, else a
 * quarter: collecting what it leaves behind takes some as well, and so does tracing.
 */
const [costFactor, leastFactor] = [5, 4];
const slowMs = 250;
/** A key's drawing waits for so long at most, should one have just been drawn. */
const keyPatienceMs = 30;
/** How much of the average the latest drawing is. */
const weight = 0.3;

/** When the next drawing may be: the more one costs, the fewer there are. */
export class Pace {
	#costMs = 0;
	#endMs = Number.NEGATIVE_INFINITY;

	/** From the end of one drawing to the begin of the next, in milliseconds. */
	get pauseMs(): number {
		const mostMs = Math.max(slowMs, leastFactor * this.#costMs);
		const wantedMs = Math.min(costFactor * this.#costMs, mostMs);
		return Math.max(shortestMs, wantedMs) - this.#costMs;
	}

	/** A drawing began and ended then. */
	note(beginMs: number, endMs: number): void {
		const costMs = Math.max(0, endMs - beginMs);
		// The first one loads and compiles what later ones find ready.
		this.#costMs =
			this.#endMs === Number.NEGATIVE_INFINITY
				? 0
				: this.#costMs + weight * (costMs - this.#costMs);
		this.#endMs = endMs;
	}

	/** How long the next drawing of what came has to wait. */
	waitMs(nowMs: number): number {
		return Math.max(0, this.#endMs + this.pauseMs - nowMs);
	}

	/** The same for what a key asked for. */
	waitForKeyMs(nowMs: number): number {
		const pauseMs = Math.min(keyPatienceMs, this.#costMs);
		return Math.max(0, this.#endMs + pauseMs - nowMs);
	}
}
