import { writeSync } from "node:fs";

const esc = "\u001b";
/**
 * xterm's `ctlseqs`, DEC private modes: the alternate screen (1049), without a cursor (25)
 * and without wrapping (7), and pastes told from keys (2004).
 */
const enter = `${esc}[?1049h${esc}[?25l${esc}[?7l${esc}[?2004h`;
/** The reverse; and colours, and an update that was begun (2026), are ended. */
const leave = `${esc}[?2026l${esc}[0m${esc}[?2004l${esc}[?7h${esc}[?25h${esc}[?1049l`;

/** The terminal's second screen, which has no scrollback: the first stays as it was. */
export class AlternateScreen {
	#isEntered = false;

	/** However the process ends by itself, the terminal is as it was before. */
	enter(): void {
		this.#isEntered = true;
		process.on("exit", this.#leave);
		process.on("uncaughtExceptionMonitor", this.#leave);
		process.stdout.write(enter);
	}

	/** Another used the terminal, whether or not it was left to it: it is ours again. */
	resume(): void {
		if (this.#isEntered) {
			process.stdout.write(enter);
		} else {
			this.enter();
		}
	}

	write(text: string): void {
		if (this.#isEntered && text !== "") {
			process.stdout.write(text);
		}
	}

	leave(): void {
		this.#leave();
		process.off("exit", this.#leave);
		process.off("uncaughtExceptionMonitor", this.#leave);
	}

	readonly #leave = (): void => {
		if (!this.#isEntered) {
			return;
		}
		this.#isEntered = false;
		try {
			// At once: in an exit handler nothing is written later.
			writeSync(process.stdout.fd, leave);
		} catch {
			// The terminal is gone, or takes nothing.
		}
	};
}
