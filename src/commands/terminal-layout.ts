import { paintColors, paintNothing } from "../show/style.js";
import type { Layout } from "../show/table.js";
import { type Keyboard, openKeyboard } from "../terminal/keyboard.js";
import type { Look } from "../tui/look.js";
import { createLook } from "../tui/theme.js";

/**
 * How text is laid out on standard output: a terminal's width, and its colours unless
 * NO_COLOR is set; neither in files and pipes.
 */
export function chooseLayout(): Layout {
	const { stdout } = process;
	return {
		columns: stdout.isTTY ? stdout.columns : null,
		paint: hasColors() ? paintColors : paintNothing,
	};
}

/** The same for a screen; and what its characters may be. */
export function chooseLook(): Look {
	return createLook(hasColors(), hasUnicode(process.env));
}

/**
 * Keys for a screen on standard output.
 *
 * @param isStandardInputTaken it is the log
 * @returns null where no screen can be drawn, or no key be read
 */
export function findKeyboard(isStandardInputTaken: boolean): Keyboard | null {
	const { TERM = "dumb" } = process.env;
	const canDraw = process.stdout.isTTY && TERM !== "dumb" && TERM !== "";
	return canDraw ? openKeyboard(isStandardInputTaken) : null;
}

function hasColors(): boolean {
	const { stdout } = process;
	// NO_COLOR comes first: Node would let FORCE_COLOR overrule it, and say so.
	const isRefused = (process.env.NO_COLOR ?? "") !== "";
	return stdout.isTTY && !isRefused && stdout.hasColors();
}

/**
 * Whether a locale's characters are Unicode's (`man 7 locale`: LC_ALL, LC_CTYPE, LANG, the
 * first that is set). Where none is, nobody chose: terminals of today know UTF-8.
 */
export function hasUnicode(environment: NodeJS.ProcessEnv): boolean {
	const { LC_ALL, LC_CTYPE, LANG } = environment;
	const locale = LC_ALL || LC_CTYPE || LANG || "";
	return locale === "" || /utf-?8/i.test(locale);
}
