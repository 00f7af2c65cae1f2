import { constants, createGunzip, gunzipSync } from "node:zlib";

/** Compressed bytes inflated at a time: a thousandfold of them may come out. */
const pieceLength = 32 * 1024;
/** Inflated bytes that come at a time; what a damaged file may lose, see `Rescue`. */
const inflatedLength = 64 * 1024;

/** What stood in a gzip file could not all be inflated; what could, was. */
export class InflateError extends Error {
	override readonly name = "InflateError";
}

/**
 * Inflates a gzip file, each piece as it comes. Several gzip members one behind the other
 * are one stream (RFC 1952 section 2.2).
 *
 * @throws {InflateError} behind the last byte of a cut or damaged file that could be
 * inflated; what `chunks` throws
 */
export async function* gunzip(
	chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
	const inflater = new Inflater();
	const rescue = new Rescue();
	for await (const chunk of chunks) {
		for (let at = 0; at < chunk.length; at += pieceLength) {
			const piece = chunk.subarray(at, at + pieceLength);
			rescue.addCompressed(piece);
			yield* rescue.addInflated(await inflater.write(piece));
			if (inflater.error !== null) {
				const rest = rescue.findRest();
				if (rest.length > 0) {
					yield rest;
				}
				throw inflater.error;
			}
		}
	}
	yield* await inflater.end();
	if (inflater.error !== null) {
		throw inflater.error;
	}
}

/** zlib, a piece at a time: its stream would drop what it inflated before an error. */
class Inflater {
	error: InflateError | null = null;
	readonly #stream = createGunzip({ chunkSize: inflatedLength });
	#inflated: Buffer[] = [];
	#done = () => {};

	constructor() {
		this.#stream.on("data", (chunk: Buffer) => this.#inflated.push(chunk));
		this.#stream.on("end", () => this.#done());
		this.#stream.on("error", ({ message }) => {
			this.error = new InflateError(
				`its gzip data is cut or damaged (${message})`,
			);
			this.#done();
		});
	}

	write(piece: Buffer): Promise<Buffer[]> {
		return this.#run(() => this.#stream.write(piece, () => this.#done()));
	}

	end(): Promise<Buffer[]> {
		return this.#run(() => this.#stream.end());
	}

	/** @returns what was inflated until `done` was called */
	async #run(start: () => void): Promise<Buffer[]> {
		await new Promise<void>((resolve) => {
			this.#done = resolve;
			start();
		});
		const inflated = this.#inflated;
		this.#inflated = [];
		return inflated;
	}
}

const rescuedLimit = { compressed: 1 << 20, inflated: 1 << 24 };

/**
 * zlib gives nothing of the piece in which it meets damage. Of a file that is small yet,
 * the longest sound start is inflated once more; a bigger one loses less than 64 KiB.
 */
class Rescue {
	#compressed: Buffer[] | null = [];
	#compressedLength = 0;
	#inflatedLength = 0;

	addCompressed(piece: Buffer): void {
		this.#compressedLength += piece.length;
		this.#compressed?.push(Buffer.from(piece));
		this.#limit();
	}

	addInflated(inflated: Buffer[]): Buffer[] {
		for (const { length } of inflated) {
			this.#inflatedLength += length;
		}
		this.#limit();
		return inflated;
	}

	/** What could be inflated and did not come yet. */
	findRest(): Buffer {
		const compressed = Buffer.concat(this.#compressed ?? []);
		let rest: Buffer = Buffer.alloc(0);
		let sound = 0;
		let limit = compressed.length;
		while (sound < limit) {
			const length = Math.ceil((sound + limit) / 2);
			const inflated = this.#tryInflate(compressed.subarray(0, length));
			if (inflated === null) {
				limit = length - 1;
			} else {
				sound = length;
				rest = inflated.subarray(this.#inflatedLength);
			}
		}
		return rest;
	}

	#tryInflate(compressed: Buffer): Buffer | null {
		try {
			return gunzipSync(compressed, {
				finishFlush: constants.Z_SYNC_FLUSH,
				maxOutputLength: this.#inflatedLength + inflatedLength,
			});
		} catch {
			return null;
		}
	}

	#limit(): void {
		if (
			this.#compressedLength > rescuedLimit.compressed ||
			this.#inflatedLength > rescuedLimit.inflated
		) {
			this.#compressed = null;
		}
	}
}
