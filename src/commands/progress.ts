import { formatElapsed } from "../show/units.js";

/** Smaller files are read before anyone looks, in bytes. */
export const worthShowing = 64 * 1024 * 1024;
const barColumns = 30;
const redrawMs = 100;
/** Takes what stands on the line off it (ECMA-48: erase in line). */
export const eraseLine = "\r\u001b[K";

/** What a progress bar needs of standard error. */
export interface ProgressScreen {
	readonly isTTY?: boolean;
	/** Undefined where that is no terminal. */
	readonly columns?: number;
	write(text: string): unknown;
}

/**
 * A progress bar on a terminal's standard error. It draws nothing where that is no
 * terminal, or where there is little to read.
 */
export class ProgressBar {
	readonly #screen: ProgressScreen;
	readonly #begunMs: number;
	#totalBytes = 0;
	#doneBytes = 0;
	#drawnMs: number;
	#isOnScreen = false;

	constructor(screen: ProgressScreen, nowMs: number) {
		this.#screen = screen;
		this.#begunMs = nowMs;
		this.#drawnMs = nowMs;
	}

	/** @param bytes to read in all; null: not known */
	setTotal(bytes: number | null): void {
		this.#totalBytes = bytes ?? 0;
	}

	/** So many bytes more were read. Draws the bar, at most ten times a second. */
	add(bytes: number, nowMs: number): void {
		this.#doneBytes += bytes;
		const { isTTY, columns } = this.#screen;
		const isShown = isTTY && this.#totalBytes >= worthShowing;
		if (isShown && nowMs - this.#drawnMs >= redrawMs) {
			this.#drawnMs = nowMs;
			// A line as wide as the terminal wraps in some of them.
			const line = this.#format(nowMs).slice(0, (columns ?? 80) - 1);
			this.#screen.write(eraseLine + line);
			this.#isOnScreen = true;
		}
	}

	/** Takes the bar off the screen; the next `add` draws it anew. */
	clear(): void {
		if (this.#isOnScreen) {
			this.#screen.write(eraseLine);
			this.#isOnScreen = false;
		}
	}

	#format(nowMs: number): string {
		const share = Math.min(1, this.#doneBytes / this.#totalBytes);
		const filled = Math.round(share * barColumns);
		const bar = "█".repeat(filled) + "░".repeat(barColumns - filled);
		const leftMs = (nowMs - this.#begunMs) * (1 / share - 1);
		const left = formatElapsed(Math.ceil(leftMs / 1e3) * 1e9);
		const done = Math.round(this.#doneBytes / 1e6);
		const total = Math.round(this.#totalBytes / 1e6);
		return `reading ${bar} ${Math.round(share * 100)} %  ${done} of ${total} MB, ${left} left`;
	}
}
