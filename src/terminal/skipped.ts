const byte = { bell: 0x07, cancel: 0x18, substitute: 0x1a, escape: 0x1b };
const backslash = 0x5c;
/** Bytes after `CSI M`: button, column, row (xterm: X10 compatibility mode). */
const mouseBytes = 3;

/** What a byte did: more is passed over, this was the end, or it stands behind an escape. */
export type Step = "more" | "end" | "escaped";

/** What a terminal sends of some length that is no key. */
export interface Skipped {
	/** It may pause for long before it goes on. */
	readonly isLong: boolean;
	take(one: number): Step;
}

/** OSC, DCS, SOS, PM, APC: a reply of the terminal, up to ST; OSC also to BEL. */
export class SkippedString implements Skipped {
	readonly #isCommand: boolean;
	#length = 0;
	#isEscaped = false;

	/** @param introducer what stands behind the escape */
	constructor(introducer: string) {
		this.#isCommand = introducer === "]";
	}

	get isLong(): boolean {
		return this.#length > 0;
	}

	take(one: number): Step {
		if (this.#isEscaped) {
			return one === backslash ? "end" : "escaped";
		}
		this.#length += 1;
		this.#isEscaped = one === byte.escape;
		const isEnd =
			(one === byte.bell && this.#isCommand) ||
			one === byte.cancel ||
			one === byte.substitute;
		return isEnd ? "end" : "more";
	}
}

/** The three bytes of an old mouse report. */
export class SkippedMouse implements Skipped {
	readonly isLong = false;
	#missing = mouseBytes;

	take(): Step {
		this.#missing -= 1;
		return this.#missing === 0 ? "end" : "more";
	}
}
