import type { SafeText } from "../model/safe-text.js";
import type { Keyboard } from "../terminal/keyboard.js";
import type { Filters } from "./filters.js";

/** How a log is shown on a screen. */
export interface ScreenRunOptions {
	readonly keyboard: Keyboard;
	readonly version: string;
	readonly filters: Filters;
	/** What is captured or replayed; null: the log says it. */
	readonly source: SafeText | null;
	/** What is captured now cannot be played. */
	readonly isLive: boolean;
	/** It comes on standard input, perhaps as it is captured. */
	readonly isPiped: boolean;
	/** Told of each frame that was lost, and each question without answer. */
	readonly onTrouble: () => void;
}

/** Where a log comes from, for as long as it is shown. */
export interface ScreenedLog {
	/** It was read to its end. @throws {Failure} when that was a failure */
	readonly checkEnd: () => Promise<void>;
	/** Nothing more is wanted: it ends soon. */
	readonly stop: () => void;
}
