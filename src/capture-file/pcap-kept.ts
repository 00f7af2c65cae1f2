import { EventEmitter } from "node:events";
import { type Packet, parse } from "pcap-parser";

const recordHeaderLength = 16;
const batchLength = 1 << 16;

/** `pcap-parser` is fed through this: it listens to `data` and works in the same tick. */
class Feed extends EventEmitter {
	pause(): void {}
	resume(): void {}
}

/** Takes a record that `pcap-parser` parsed, and its number in the file. */
type Emit = (packet: Packet, number: number) => void;

/** Where in a chunk a record, its data and the record behind it begin. */
interface Extent {
	readonly start: number;
	readonly data: number;
	readonly end: number;
}

/**
 * The records of a pcap that are of interest: collected in batches, parsed by
 * `pcap-parser`, which sees a file that holds no others.
 */
export class KeptRecords {
	readonly #feed = new Feed();
	/** Records since the last flush, as `pcap-parser` takes them. */
	#batch = Buffer.allocUnsafe(batchLength);
	#length = 0;
	/** The number in the file of each of them, and how many were parsed. */
	#numbers: number[] = [];
	#parsed = 0;

	/** @param fileHeader in the one variant that `pcap-parser` knows */
	constructor(fileHeader: Buffer, emit: Emit) {
		parse(this.#feed).on("packet", (packet: Packet) => {
			emit(packet, this.#numbers[this.#parsed++] ?? 0);
		});
		this.#feed.emit("data", fileHeader);
	}

	/**
	 * Copies a record: its header from `start`, without what the modified format adds to
	 * it, and its bytes, [data, end).
	 */
	add(bytes: Buffer, { start, data, end }: Extent, number: number): void {
		const length = recordHeaderLength + end - data;
		if (this.#length + length > this.#batch.length) {
			this.flush();
		}
		if (length > this.#batch.length) {
			this.#batch = Buffer.allocUnsafe(length);
		}
		const copyStart = this.#length + recordHeaderLength;
		bytes.copy(this.#batch, this.#length, start, start + recordHeaderLength);
		bytes.copy(this.#batch, copyStart, data, end);
		this.#length += length;
		this.#numbers.push(number);
	}

	/** Has all records parsed that were added. */
	flush(): void {
		if (this.#length > 0) {
			this.#parsed = 0;
			this.#feed.emit("data", this.#batch.subarray(0, this.#length));
			this.#length = 0;
			this.#numbers = [];
		}
	}
}
