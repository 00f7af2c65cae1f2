import { makeSafe } from "../model/safe-text.js";
import { formatCount } from "../show/units.js";
import type { ProgressScreen } from "./progress.js";

const redrawMs = 500;
/** Takes what stands on the line off it (ECMA-48: erase in line). */
const eraseLine = "\r\u001b[K";

/** What a recording has come to. */
interface Recorded {
	readonly frames: number;
	readonly dropped: number | null;
	readonly portNames: readonly string[];
}

/** Who starts what is to be recorded can do so now; not made safe. */
export function describeRecording({
	portNames,
}: Pick<Recorded, "portNames">): string {
	return `recording ${portNames.join(", ")} (Ctrl-C ends it)`;
}

/** The line on a terminal that says how far a recording has come. */
export class RecordStatus {
	readonly #screen: ProgressScreen | null;
	#isOnScreen = false;

	/** @param screen standard error; null: nothing is shown */
	constructor(screen: ProgressScreen | null) {
		this.#screen = screen?.isTTY ? screen : null;
	}

	/** Draws it now and then. @returns the timer, to be cleared by the caller */
	start(recorded: () => Recorded): NodeJS.Timeout | undefined {
		return this.#screen === null
			? undefined
			: setInterval(() => this.#draw(recorded()), redrawMs);
	}

	clear(): void {
		if (this.#isOnScreen) {
			this.#screen?.write(eraseLine);
			this.#isOnScreen = false;
		}
	}

	#draw({ frames, dropped, portNames }: Recorded): void {
		const lost = dropped ? `, ${dropped} lost` : "";
		const line = `recording ${formatCount(frames, "frame")}${lost} at ${makeSafe(portNames.join(", "))} (Ctrl-C ends it)`;
		const columns = this.#screen?.columns ?? 80;
		this.#screen?.write(eraseLine + line.slice(0, columns - 1));
		this.#isOnScreen = true;
	}
}
