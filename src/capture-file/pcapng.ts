import { readU32 } from "./byte-order.js";
import { ChunkWalker } from "./chunk-walker.js";
import {
	blockType,
	byteOrderMagic,
	minimumBody,
	readVersion,
} from "./pcapng-block.js";
import { paddedLength } from "./pcapng-options.js";
import { PcapngSection } from "./pcapng-section.js";
import type {
	CaptureReader,
	CaptureSink,
	ReadCounts,
	ReaderOptions,
	TimeSpan,
} from "./sink.js";

const headerLength = 8;
const trailerLength = 4;
/** Enough of a block to know its length: a section's byte order stands behind it. */
const measuredLength = 12;
/** A block that vmpath reads is not believed to be longer, in bytes. */
const maximumBlockLength = 16 * 1024 * 1024;
const knownMajorVersion = 1;

/** A capture of several interfaces comes in bursts, grouped by interface. */
const disorderNs = 2_000_000_000;

/** Whether bytes begin a pcapng. */
export function isPcapng(bytes: Buffer): boolean {
	return bytes.readUInt32BE(0) === blockType.section;
}

/**
 * Reads pcapng (draft-ietf-opsawg-pcapng): any number of sections, each with its own
 * byte order and interfaces. Blocks vmpath has no use for are passed over. Where the
 * lengths of a block contradict each other, the rest of the file cannot be read.
 */
export class PcapngReader implements CaptureReader {
	readonly counts: ReadCounts = { read: 0, untimed: 0 };
	readonly span: TimeSpan = { first: null, latest: null, disorderNs };
	readonly #sink: CaptureSink;
	readonly #options: ReaderOptions;
	readonly #walker = new ChunkWalker(this);
	#isBigEndian = false;
	/** Null where the section's version is not known: its blocks are passed over. */
	#section: PcapngSection | null = null;
	/** Where the block begins that was taken last. */
	#takenFrom = 0;
	/** Packets so far, as other programs number them. */
	#number = 0;
	#isStopped = false;

	constructor(sink: CaptureSink, options: ReaderOptions) {
		this.#sink = sink;
		this.#options = options;
	}

	write(chunk: Buffer): void {
		this.#walker.write(chunk);
		this.#section?.stretchSpan();
	}

	end(): void {
		const { offset, unfinished, unskipped } = this.#walker;
		const isCut = unfinished > 0 || unskipped > 0;
		this.#section?.end(!isCut && !this.#isStopped);
		if (isCut) {
			this.#damage(
				`the file ends inside a block, after record ${this.#number}`,
				unskipped > 0 ? this.#takenFrom : offset,
			);
		}
	}

	measure(bytes: Buffer, start: number, end: number): number {
		if (end - start < measuredLength) {
			return measuredLength;
		}
		const isSection = bytes.readUInt32BE(start) === blockType.section;
		if (isSection && !this.#setByteOrder(bytes, start + headerLength)) {
			return this.#stop("a section has no byte-order magic");
		}
		const length = this.#blockLength(bytes, start);
		if (length < measuredLength) {
			return this.#stop(`a block claims a length of ${length} bytes`);
		}
		if (length <= maximumBlockLength) {
			return length;
		}
		return minimumBody.has(this.#u32(bytes, start))
			? this.#stop(
					`a block claims a length of ${length} bytes (at most ${maximumBlockLength} are believed)`,
				)
			: measuredLength;
	}

	take(bytes: Buffer, start: number, end: number): void {
		this.#takenFrom = this.#walker.offset;
		const length = this.#blockLength(bytes, start);
		if (length > end - start) {
			this.#walker.skip(length - (end - start));
			return;
		}
		const claimed = this.#u32(bytes, start + 4);
		const trailer = this.#u32(bytes, end - trailerLength);
		if (trailer !== claimed) {
			this.#stop(
				`a block's length is ${claimed} at its start and ${trailer} at its end`,
			);
			return;
		}
		const body = start + headerLength;
		this.#takeBlock(
			this.#u32(bytes, start),
			bytes,
			body,
			end - trailerLength - body,
		);
	}

	#takeBlock(type: number, bytes: Buffer, body: number, length: number): void {
		if (type === blockType.section) {
			this.#endSection();
		}
		const needed = minimumBody.get(type) ?? 0;
		if (length < needed) {
			this.#damage(
				`a block of type ${type} has ${length} bytes where ${needed} are needed`,
			);
			return;
		}
		if (type === blockType.section) {
			this.#beginSection(bytes, body);
		}
		this.#section?.takeBlock(type, bytes, body, body + length);
	}

	/** What follows an unreadable section header belongs to no section. */
	#endSection(): void {
		this.#section?.end(true);
		this.#section = null;
	}

	#beginSection(bytes: Buffer, body: number): void {
		const { major, minor } = readVersion(bytes, body, this.#isBigEndian);
		if (major !== knownMajorVersion) {
			this.#damage(
				`a section has version ${major}.${minor}, which is not known; it is passed over`,
			);
			return;
		}
		this.#section = new PcapngSection({
			sink: this.#sink,
			options: this.#options,
			counts: this.counts,
			span: this.span,
			isBigEndian: this.#isBigEndian,
			nextNumber: () => ++this.#number,
			damage: (message) => this.#damage(message, this.#takenFrom),
		});
	}

	#blockLength(bytes: Buffer, start: number): number {
		return paddedLength(this.#u32(bytes, start + 4));
	}

	/** Each section says its byte order anew. */
	#setByteOrder(bytes: Buffer, at: number): boolean {
		this.#isBigEndian = bytes.readUInt32BE(at) === byteOrderMagic;
		return this.#isBigEndian || bytes.readUInt32LE(at) === byteOrderMagic;
	}

	#u32(bytes: Buffer, at: number): number {
		return readU32(bytes, at, this.#isBigEndian);
	}

	/** @returns 0, the length of the structure that cannot be measured */
	#stop(message: string): number {
		this.#damage(`${message}; what follows cannot be read`);
		this.#isStopped = true;
		this.#walker.stop();
		return 0;
	}

	#damage(message: string, offset = this.#walker.offset): void {
		const { source } = this.#options;
		this.#sink.addDamage({ source, offset, message });
	}
}
