import { gunzip } from "./gunzip.js";

const gzipMagic = Buffer.from([0x1f, 0x8b]);

/** Passes chunks on; inflates them when they begin a gzip file, see `gunzip`. */
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
