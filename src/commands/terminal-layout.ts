import { paintColors, paintNothing } from "../show/style.js";
import type { Layout } from "../show/table.js";

/**
 * How text is laid out on standard output: a terminal's width, and its colours unless
 * NO_COLOR is set; neither in files and pipes.
 */
export function chooseLayout(): Layout {
	const { stdout } = process;
	// NO_COLOR comes first: Node would let FORCE_COLOR overrule it, and say so.
	const isRefused = (process.env.NO_COLOR ?? "") !== "";
	const hasColors = stdout.isTTY && !isRefused && stdout.hasColors();
	return {
		columns: stdout.isTTY ? stdout.columns : null,
		paint: hasColors ? paintColors : paintNothing,
	};
}
