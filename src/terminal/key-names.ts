/** Final bytes of control sequences (xterm, `ctlseqs`: PC-style function keys). */
const finals: Readonly<Record<string, string>> = {
	A: "up",
	B: "down",
	C: "right",
	D: "left",
	F: "end",
	H: "home",
	P: "f1",
	Q: "f2",
	S: "f4",
};

/** First parameters of sequences that end in `~`: VT220, linux, rxvt. */
const numbers: Readonly<Record<string, string>> = {
	1: "home",
	2: "insert",
	3: "delete",
	4: "end",
	5: "pgup",
	6: "pgdn",
	7: "home",
	8: "end",
	11: "f1",
	12: "f2",
	13: "f3",
	14: "f4",
	15: "f5",
	17: "f6",
	18: "f7",
	19: "f8",
	20: "f9",
	21: "f10",
	23: "f11",
	24: "f12",
};

/** What rxvt ends a sequence with in the place of `~`. */
const rxvtModifiers: Readonly<Record<string, string>> = {
	$: "shift-",
	"^": "ctrl-",
	"@": "ctrl-shift-",
};

/** rxvt writes the arrows small with shift (CSI) or ctrl (SS3). */
const rxvtArrows: Readonly<Record<string, string>> = {
	a: "up",
	b: "down",
	c: "right",
	d: "left",
};

/** The linux console's function keys: `CSI [ A`. */
const linuxFunctions: Readonly<Record<string, string>> = {
	A: "f1",
	B: "f2",
	C: "f3",
	D: "f4",
	E: "f5",
};

/**
 * Name of the key whose control sequence this is; null: it is no key, or an unknown one.
 *
 * @param parameters what stands between `CSI` and the last byte
 */
export function nameControlSequence(
	parameters: string,
	final: string,
): string | null {
	if (!/^[\d;]*$/.test(parameters)) {
		return null;
	}
	const [first = "", modifier = ""] = parameters.split(";");
	if (final === "~") {
		return withModifier(numbers[first], modifier);
	}
	const rxvt = rxvtModifiers[final];
	if (rxvt !== undefined) {
		const key = numbers[parameters];
		return key === undefined ? null : rxvt + key;
	}
	if (final === "Z") {
		return "shift-tab";
	}
	const arrow = rxvtArrows[final];
	if (arrow !== undefined) {
		return parameters === "" ? `shift-${arrow}` : null;
	}
	const isPlain = first === "" || first === "1";
	return isPlain ? withModifier(finals[final], modifier) : null;
}

/** The same for `SS3`, which application mode and the keypad send. */
export function nameShiftedSequence(
	parameters: string,
	final: string,
): string | null {
	if (final === "M") {
		return "enter";
	}
	if (final === "R") {
		return "f3";
	}
	const arrow = rxvtArrows[final];
	if (arrow !== undefined) {
		return `ctrl-${arrow}`;
	}
	const modifier = parameters.split(";").at(-1) ?? "";
	return withModifier(finals[final], modifier);
}

export function nameLinuxFunction(final: string): string | null {
	return linuxFunctions[final] ?? null;
}

/** @param modifier 1, and of it: 1 shift, 2 alt, 4 ctrl; what is beyond is not named */
function withModifier(
	key: string | undefined,
	modifier: string,
): string | null {
	if (key === undefined) {
		return null;
	}
	const bits = modifier === "" ? 0 : Number(modifier) - 1;
	const names = [
		bits & 4 ? "ctrl-" : "",
		bits & 2 ? "alt-" : "",
		bits & 1 ? "shift-" : "",
	];
	return names.join("") + key;
}

const controls: Readonly<Record<number, string>> = {
	8: "backspace",
	9: "tab",
	10: "enter",
	13: "enter",
	127: "backspace",
};

/** Of a control character: `enter`, `ctrl-a`; null: it has no name on a keyboard. */
export function nameControl(one: number): string | null {
	const isLetter = one >= 1 && one <= 26;
	const letter = isLetter ? `ctrl-${String.fromCharCode(0x60 + one)}` : null;
	return controls[one] ?? letter;
}
