import type { Key } from "../tui/keys.js";
import {
	nameControl,
	nameControlSequence,
	nameLinuxFunction,
	nameShiftedSequence,
} from "./key-names.js";
import { Paste } from "./paste.js";
import { type Skipped, SkippedMouse, SkippedString } from "./skipped.js";
import { countMissing, decodeCharacter } from "./utf8-character.js";

const byte = { space: 0x20, escape: 0x1b, delete: 0x7f };

/** Longer sequences are no keys: they are passed over without being kept. */
const parameterLimit = 32;

/** What the bytes so far are the begin of. */
type State =
	| { readonly kind: "ground" }
	| { readonly kind: "escape" }
	| { readonly kind: "control"; parameters: string }
	| { readonly kind: "shifted"; parameters: string }
	| { readonly kind: "character"; readonly bytes: number[]; missing: number }
	| { readonly kind: "linux function" }
	| { readonly kind: "paste"; readonly paste: Paste }
	| { readonly kind: "skipped"; readonly what: Skipped };

const ground: State = { kind: "ground" };

/**
 * Tells keys from what a terminal sends (ECMA-48, xterm's `ctlseqs`): anything else that
 * comes, replies, mouse reports, unknown sequences, garbage, is passed over whole. A paste
 * is one key, `paste`, with what of it can be typed.
 *
 * A pure state machine: `flush` says that nothing came for a while.
 */
export class KeyDecoder {
	#state: State = ground;
	/** An escape stands before: it is alt. */
	#isAlt = false;
	#keys: Key[] = [];

	/**
	 * Whether what comes next may belong to what came: `brief` for the moment a terminal
	 * takes for a sequence, `long` for the pauses of a paste or a reply; null: it does not.
	 */
	get waits(): "brief" | "long" | null {
		const state = this.#state;
		if (state.kind === "ground") {
			return null;
		}
		const isLong =
			state.kind === "paste" || (state.kind === "skipped" && state.what.isLong);
		return isLong ? "long" : "brief";
	}

	/** @returns the keys that these bytes end */
	feed(bytes: Uint8Array): Key[] {
		for (const one of bytes) {
			this.#take(one);
		}
		return this.#takeKeys();
	}

	/** Nothing came for as long as it waits: an escape was the key, the rest was nothing. */
	flush(): Key[] {
		if (this.#state.kind === "escape") {
			this.#tell("esc");
		}
		this.#end();
		return this.#takeKeys();
	}

	#takeKeys(): Key[] {
		const keys = this.#keys;
		this.#keys = [];
		return keys;
	}

	#take(one: number): void {
		const state = this.#state;
		switch (state.kind) {
			case "ground":
				this.#begin(one);
				break;
			case "escape":
				this.#takeEscaped(one);
				break;
			case "control":
				this.#takeControl(one, state);
				break;
			case "shifted":
				this.#takeShifted(one, state);
				break;
			case "character":
				this.#takeCharacter(one, state);
				break;
			case "linux function":
				this.#tellNamed(nameLinuxFunction(String.fromCharCode(one)));
				break;
			case "paste":
				this.#takePasted(one, state.paste);
				break;
			case "skipped":
				this.#skip(one, state.what);
		}
	}

	#takePasted(one: number, paste: Paste): void {
		if (paste.take(one)) {
			this.#keys.push({ name: "paste", text: paste.text });
			this.#end();
		}
	}

	#skip(one: number, what: Skipped): void {
		const step = what.take(one);
		if (step !== "more") {
			this.#end();
		}
		if (step === "escaped") {
			this.#state = { kind: "escape" };
			this.#take(one);
		}
	}

	/** A byte that begins something. */
	#begin(one: number): void {
		if (one === byte.escape) {
			this.#state = { kind: "escape" };
		} else if (one < byte.space || one === byte.delete) {
			this.#tellNamed(nameControl(one));
		} else if (one < 0x80) {
			this.#tellCharacter(String.fromCharCode(one));
		} else {
			const missing = countMissing(one);
			if (missing === null) {
				this.#end();
			} else {
				this.#state = { kind: "character", bytes: [one], missing };
			}
		}
	}

	#takeEscaped(one: number): void {
		const character = String.fromCharCode(one);
		if (character === "[") {
			this.#state = { kind: "control", parameters: "" };
		} else if (character === "O") {
			this.#state = { kind: "shifted", parameters: "" };
		} else if ("]PX^_".includes(character)) {
			const what = new SkippedString(character);
			this.#state = { kind: "skipped", what };
		} else if (one === byte.escape) {
			// Pressed twice: over a slow line they come at once. This one may begin more.
			this.#tell("esc");
		} else {
			this.#isAlt = true;
			this.#begin(one);
		}
	}

	#takeControl(one: number, state: Extract<State, { kind: "control" }>): void {
		const character = String.fromCharCode(one);
		const { parameters } = state;
		if (one < byte.space || one >= byte.delete) {
			this.#breakOff(one);
		} else if (character === "[" && parameters === "") {
			this.#state = { kind: "linux function" };
		} else if (character === "M" && parameters === "") {
			this.#state = { kind: "skipped", what: new SkippedMouse() };
		} else if (character === "~" && parameters === "200") {
			this.#state = { kind: "paste", paste: new Paste() };
		} else if (one >= 0x40 || isRxvtShift(parameters, character)) {
			this.#tellNamed(nameControlSequence(parameters, character));
		} else if (parameters.length < parameterLimit) {
			state.parameters += character;
		}
	}

	#takeShifted(one: number, state: Extract<State, { kind: "shifted" }>): void {
		const character = String.fromCharCode(one);
		if (one < byte.space || one >= byte.delete) {
			this.#breakOff(one);
		} else if (!/[\d;]/.test(character)) {
			this.#tellNamed(nameShiftedSequence(state.parameters, character));
		} else if (state.parameters.length < parameterLimit) {
			state.parameters += character;
		}
	}

	/** A character of several bytes, in UTF-8. */
	#takeCharacter(
		one: number,
		state: Extract<State, { kind: "character" }>,
	): void {
		if (one >> 6 !== 0b10) {
			this.#breakOff(one);
			return;
		}
		state.bytes.push(one);
		state.missing -= 1;
		if (state.missing === 0) {
			const text = decodeCharacter(Uint8Array.from(state.bytes));
			if (text === null) {
				this.#end();
			} else {
				this.#tellCharacter(text);
			}
		}
	}

	/** What was begun is nothing; this byte begins something. */
	#breakOff(one: number): void {
		this.#end();
		this.#begin(one);
	}

	#tellCharacter(text: string): void {
		if (this.#isAlt) {
			this.#tellNamed(text);
		} else {
			this.#keys.push({ name: text === " " ? "space" : text, text });
			this.#end();
		}
	}

	#tellNamed(name: string | null): void {
		if (name !== null) {
			this.#tell(name);
		}
		this.#end();
	}

	#tell(name: string): void {
		this.#keys.push({ name: this.#isAlt ? `alt-${name}` : name, text: "" });
	}

	#end(): void {
		this.#state = ground;
		this.#isAlt = false;
	}
}

/** rxvt ends sequences with `$`, with which others go on: `CSI 4 ; 2 $ y`. */
function isRxvtShift(parameters: string, character: string): boolean {
	return character === "$" && /^\d+$/.test(parameters);
}
