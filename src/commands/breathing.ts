import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogFile } from "../capture-file/read-log.js";

/** Keys wait for no longer than this while a log is read. */
const breathMs = 12;
/** Bytes that are looked at in one go. */
const sliceLength = 64 * 1024;

/** Lets a log be read in small pieces, with time for keys between them. */
export class Breathing {
	readonly #onPiece: () => void;
	#breathedMs = 0;

	/** @param onPiece called behind each piece */
	constructor(onPiece: () => void) {
		this.#onPiece = onPiece;
	}

	/** The same file, read so. */
	pace(file: LogFile): LogFile {
		const breathe = () => this.#breathe();
		async function* read() {
			for await (const chunk of file.chunks) {
				for (let start = 0; start < chunk.length; start += sliceLength) {
					yield chunk.subarray(start, start + sliceLength);
					await breathe();
				}
			}
		}
		return { ...file, chunks: read() };
	}

	async #breathe(): Promise<void> {
		this.#onPiece();
		if (performance.now() - this.#breathedMs > breathMs) {
			await nextTurn();
			this.#breathedMs = performance.now();
		}
	}
}
