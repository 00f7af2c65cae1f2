import { formatElapsed } from "../show/units.js";

/** Smaller files are read before anyone looks, in bytes. */
const worthShowing = 64 * 1024 * 1024;
const barColumns = 30;
const redrawMs = 100;

/**
 * A progress bar on a terminal's standard error. It draws nothing where that is no
 * terminal, or where there is little to read.
 */
export class ProgressBar {
	#total = 0;
	#isShown = false;
	readonly #begunMs = performance.now();
	#done = 0;
	#drawnMs = 0;
	#isOnScreen = false;

	/** @param total bytes to read; null: not known */
	setTotal(total: number | null): void {
		this.#total = total ?? 0;
		this.#isShown = process.stderr.isTTY && this.#total >= worthShowing;
	}

	add(bytes: number): void {
		this.#done += bytes;
		const nowMs = performance.now();
		if (this.#isShown && nowMs - this.#drawnMs >= redrawMs) {
			this.#drawnMs = nowMs;
			process.stderr.write(`\r\u001b[K${this.#line(nowMs)}`);
			this.#isOnScreen = true;
		}
	}

	/** Takes the bar off the screen; the next `add` draws it anew. */
	clear(): void {
		if (this.#isOnScreen) {
			process.stderr.write("\r\u001b[K");
			this.#isOnScreen = false;
		}
	}

	#line(nowMs: number): string {
		const share = Math.min(1, this.#done / this.#total);
		const filled = Math.round(share * barColumns);
		const bar = "█".repeat(filled) + "░".repeat(barColumns - filled);
		const elapsedMs = nowMs - this.#begunMs;
		const leftNs = share > 0 ? elapsedMs * (1 / share - 1) * 1e6 : 0;
		const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)}`;
		return `reading ${bar} ${Math.round(share * 100)} %  ${megabytes(this.#done)} of ${megabytes(this.#total)} MB, ${formatElapsed(Math.ceil(leftNs / 1e9) * 1e9)} left`;
	}
}
