/** The structures a file consists of: records of a pcap, blocks of a pcapng. */
export interface Structures {
	/**
	 * How many bytes from `start` the structure there needs; while its own length field
	 * is not in sight before `end`: how many it takes to see that.
	 */
	measure(bytes: Buffer, start: number, end: number): number;
	/** Takes the structure in [start, end); `offset` is where in the file it begins. */
	take(bytes: Buffer, start: number, end: number, offset: number): void;
}

/**
 * Cuts a stream of chunks into structures. One that lies inside a chunk is handed on
 * where it is; only one that straddles chunks is copied.
 */
export class ChunkWalker {
	/** Offset in the file of the structure that is taken next. */
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

	write(chunk: Buffer): void {
		let at = 0;
		while (at < chunk.length && !this.#isStopped) {
			if (this.#toSkip > 0) {
				at += this.#passOver(chunk.length - at);
			} else if (this.#straddlingLength > 0) {
				at += this.#complete(chunk, at);
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
			this.#structures.take(chunk, at, at + length, this.offset);
			this.offset += length;
			at += length;
			if (this.#toSkip > 0 || this.#isStopped) {
				return at;
			}
		}
		return at;
	}

	/** Brings in what the straddling structure lacks; returns how much that was. */
	#complete(chunk: Buffer, at: number): number {
		const have = this.#straddlingLength;
		const wanted = this.#structures.measure(this.#straddling, 0, have);
		if (this.#isStopped) {
			return 0;
		}
		const lacking = Math.min(wanted - have, chunk.length - at);
		if (lacking > 0) {
			this.#keep(chunk, at, at + lacking, wanted);
			return lacking;
		}
		this.#straddlingLength = 0;
		this.#structures.take(this.#straddling, 0, wanted, this.offset);
		this.offset += wanted;
		return 0;
	}

	#keep(chunk: Buffer, start: number, end: number, wanted: number): void {
		const have = this.#straddlingLength;
		if (this.#straddling.length < Math.max(wanted, have + end - start)) {
			const larger = Buffer.allocUnsafe(Math.max(wanted, have + end - start));
			this.#straddling.copy(larger, 0, 0, have);
			this.#straddling = larger;
		}
		chunk.copy(this.#straddling, have, start, end);
		this.#straddlingLength = have + end - start;
	}
}
