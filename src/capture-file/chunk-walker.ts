/** The structures a file consists of: records of a pcap, blocks of a pcapng. */
export interface Structures {
	/**
	 * How many bytes from `start` the structure there needs; while its own length field
	 * is not in sight before `end`: how many it takes to see that.
	 */
	measure(bytes: Buffer, start: number, end: number): number;
	/** Takes the structure in [start, end). */
	take(bytes: Buffer, start: number, end: number): void;
}

/**
 * Cuts a stream of chunks into structures. One that lies inside a chunk is handed on
 * where it is; only one that straddles chunks is copied.
 */
export class ChunkWalker {
	/** Offset in the file of the structure that is being measured and taken. */
	offset = 0;
	readonly #structures: Structures;
	#straddling = Buffer.alloc(0);
	#straddlingLength = 0;
	#toSkip = 0;
	#isStopped = false;

	constructor(structures: Structures) {
		this.#structures = structures;
	}

	/** Bytes of a structure whose end has not come yet. */
	get unfinished(): number {
		return this.#straddlingLength;
	}

	/** Bytes that were to be skipped and have not come yet. */
	get unskipped(): number {
		return this.#toSkip;
	}

	/** Passes over the next bytes of the stream, after the structure being taken. */
	skip(length: number): void {
		this.#toSkip += length;
	}

	/** Ignores all that comes: where a structure begins is not known any more. */
	stop(): void {
		this.#isStopped = true;
		this.#straddlingLength = 0;
		this.#toSkip = 0;
	}

	/** Takes every structure that is whole with these bytes. */
	write(chunk: Buffer): void {
		let at = 0;
		while (at < chunk.length && !this.#isStopped) {
			if (this.#toSkip > 0) {
				at += this.#passOver(chunk.length - at);
			} else if (this.#straddlingLength > 0) {
				at = this.#complete(chunk, at);
			} else {
				at = this.#walk(chunk, at);
			}
		}
	}

	#passOver(available: number): number {
		const length = Math.min(this.#toSkip, available);
		this.#toSkip -= length;
		this.offset += length;
		return length;
	}

	/** Takes whole structures from `at` on; keeps the start of one that is not whole. */
	#walk(chunk: Buffer, from: number): number {
		let at = from;
		while (at < chunk.length) {
			const length = this.#structures.measure(chunk, at, chunk.length);
			if (this.#isStopped) {
				return chunk.length;
			}
			if (length > chunk.length - at) {
				this.#keep(chunk, at, chunk.length, length);
				return chunk.length;
			}
			this.#structures.take(chunk, at, at + length);
			this.offset += length;
			at += length;
			if (this.#toSkip > 0 || this.#isStopped) {
				return at;
			}
		}
		return at;
	}

	/** Takes the straddling structure if it ends in this chunk; returns where it does. */
	#complete(chunk: Buffer, from: number): number {
		let at = from;
		while (!this.#isStopped) {
			const have = this.#straddlingLength;
			const wanted = this.#structures.measure(this.#straddling, 0, have);
			if (this.#isStopped) {
				break;
			}
			if (wanted === have) {
				this.#straddlingLength = 0;
				this.#structures.take(this.#straddling, 0, have);
				this.offset += have;
				return at;
			}
			if (at === chunk.length) {
				return at;
			}
			const end = Math.min(at + wanted - have, chunk.length);
			this.#keep(chunk, at, end, wanted);
			at = end;
		}
		return chunk.length;
	}

	/**
	 * Copies bytes of a straddling structure. What a length field claims is not
	 * allocated before it comes: the copy doubles as it grows.
	 */
	#keep(chunk: Buffer, start: number, end: number, wanted: number): void {
		const have = this.#straddlingLength;
		const needed = have + end - start;
		if (this.#straddling.length < needed) {
			const size = Math.max(needed, Math.min(wanted, needed * 2));
			const larger = Buffer.allocUnsafe(size);
			this.#straddling.copy(larger, 0, 0, have);
			this.#straddling = larger;
		}
		chunk.copy(this.#straddling, have, start, end);
		this.#straddlingLength = needed;
	}
}
