import { decodeText } from "./utf8-character.js";

/** What ends a bracketed paste (xterm's `ctlseqs`). */
const pasteEnd = "\u001b[201~";
/** Of a longer paste the begin is kept, in bytes: no prompt takes more. */
const pasteLimit = 4096;

/** What somebody pasted, whatever it holds. */
export class Paste {
	readonly #bytes: number[] = [];
	#length = 0;
	#tail = "";

	/** @returns whether this was the end */
	take(one: number): boolean {
		this.#length += 1;
		if (this.#bytes.length < pasteLimit) {
			this.#bytes.push(one);
		}
		const tail = this.#tail + String.fromCharCode(one);
		this.#tail = tail.slice(-pasteEnd.length);
		return this.#tail === pasteEnd;
	}

	/** All that can be seen of it, once it has ended. */
	get text(): string {
		const length = this.#length - pasteEnd.length;
		return decodeText(Uint8Array.from(this.#bytes.slice(0, length)));
	}
}
