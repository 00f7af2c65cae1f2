import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";

const gzipMagic = Buffer.from([0x1f, 0x8b]);
/** Big enough that the readers copy little, in bytes. */
const inflatedChunk = 256 * 1024;

/** What stood in a gzip file could not all be inflated; what could, was. */
export class InflateError extends Error {
	override readonly name = "InflateError";
}

/**
 * Passes chunks on; inflates them when they begin a gzip file. Several gzip members one
 * behind the other are one stream (RFC 1952 section 2.2).
 *
 * @throws {InflateError} after the last whole byte of a cut or damaged gzip file; what
 * `chunks` throws
 */
export async function* inflate(
	chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
	const iterator = chunks[Symbol.asyncIterator]();
	let first = Buffer.alloc(0);
	while (first.length < gzipMagic.length) {
		const { done, value } = await iterator.next();
		if (done) {
			break;
		}
		first = Buffer.concat([first, value]);
	}
	const isGzip = first.subarray(0, gzipMagic.length).equals(gzipMagic);
	const whole = prepend(first, iterator);
	yield* isGzip ? gunzip(whole) : whole;
}

async function* prepend(
	first: Buffer,
	iterator: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
	try {
		yield first;
		yield* { [Symbol.asyncIterator]: () => iterator };
	} finally {
		await iterator.return?.();
	}
}

async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	const inflated = createGunzip({ chunkSize: inflatedChunk });
	pipeline(Readable.from(chunks), inflated, () => {
		// An error reaches the loop below, which destroys both.
	});
	try {
		for await (const chunk of inflated) {
			yield chunk as Buffer;
		}
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code ?? "";
		throw code.startsWith("Z_")
			? new InflateError(
					`its gzip data is cut or damaged (${(error as Error).message})`,
				)
			: error;
	}
}
