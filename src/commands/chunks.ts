import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";

/** Bytes read from a file at a time. */
const chunkLength = 1024 * 1024;

/** Bytes as they are read, and a way to end that before they end. */
export interface Chunks {
	/** A chunk may change once the next is asked for. */
	readonly chunks: AsyncIterable<Buffer>;
	close(): void;
}

/**
 * Reads a regular file into two buffers by turns: one is filled while what is in the
 * other is looked at. A stream, which makes a buffer a chunk, takes a third longer.
 */
export function readRegularFile(handle: FileHandle): Chunks {
	let isClosed = false;
	const close = () => {
		isClosed = true;
	};
	async function* read(): AsyncGenerator<Buffer> {
		let filled = Buffer.allocUnsafe(chunkLength);
		let free = Buffer.allocUnsafe(chunkLength);
		let reading = handle.read(filled, 0, chunkLength, null);
		try {
			for (;;) {
				const { bytesRead } = await reading;
				if (bytesRead === 0 || isClosed) {
					return;
				}
				reading = handle.read(free, 0, chunkLength, null);
				yield filled.subarray(0, bytesRead);
				[filled, free] = [free, filled];
			}
		} finally {
			await reading.catch(() => {
				// The read that failed was thrown above; one ahead of it is not wanted.
			});
			await handle.close();
		}
	}
	return { chunks: read(), close };
}

/** Reads what has no end that is known: standard input, a pipe, a device. */
export function readStream(stream: Readable): Chunks {
	let isClosed = false;
	const close = () => {
		isClosed = true;
		stream.destroy();
	};
	async function* read(): AsyncGenerator<Buffer> {
		try {
			for await (const chunk of stream) {
				yield chunk as Buffer;
			}
		} catch (error) {
			if (!isClosed) {
				throw error;
			}
		}
	}
	return { chunks: read(), close };
}
