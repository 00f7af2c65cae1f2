import { eraseLine, type ProgressScreen } from "./progress.js";

/** The line on a terminal that says what was seen so far and how long is waited yet. */
export class VerifyProgress {
	readonly #screen: ProgressScreen | null;
	#isOnScreen = false;

	/** @param screen standard error; nothing is shown where that is no terminal */
	constructor(screen: ProgressScreen) {
		this.#screen = screen.isTTY ? screen : null;
	}

	/** @param seen made safe; @param leftMs until it is given up */
	draw(seen: () => string, leftMs: number): void {
		if (this.#screen !== null) {
			const seconds = Math.max(0, Math.ceil(leftMs / 1000));
			const line = `${seen()}, ${seconds} s left (Ctrl-C ends it)`;
			// A line as wide as the terminal wraps in some of them.
			const columns = (this.#screen.columns ?? 80) - 1;
			this.#screen.write(eraseLine + line.slice(0, columns));
			this.#isOnScreen = true;
		}
	}

	clear(): void {
		if (this.#isOnScreen) {
			this.#screen?.write(eraseLine);
			this.#isOnScreen = false;
		}
	}
}
