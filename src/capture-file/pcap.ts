import { EventEmitter } from "node:events";
import { type Packet, parse } from "pcap-parser";
import type { CaptureInterface, LogTime } from "../model/capture.js";
import { readU32 } from "./byte-order.js";
import { ChunkWalker } from "./chunk-walker.js";
import {
	fileHeaderLength,
	type PcapHeader,
	parsePcapHeader,
	toPlainHeader,
} from "./pcap-header.js";
import {
	type CaptureReader,
	type CaptureSink,
	maximumCapturedLength,
	type ReadCounts,
	type ReaderOptions,
	stretch,
	type TimeSpan,
} from "./sink.js";

const plainRecordHeaderLength = 16;

/** A classic pcap has one queue behind it, in which processors overtake each other. */
const disorderNs = 100_000_000;

/** `pcap-parser` is fed through this: it listens to `data` and works in the same tick. */
class Feed extends EventEmitter {
	pause(): void {}
	resume(): void {}
}

/**
 * Reads classic pcap: a guard walks the record headers and keeps frames of interest,
 * `pcap-parser` parses those.
 *
 * The guard is there because `pcap-parser` refuses nanosecond files, drops a cut last
 * record silently and buffers without end on an absurd length.
 */
export class PcapReader implements CaptureReader {
	readonly counts: ReadCounts = { read: 0, untimed: 0 };
	readonly span: TimeSpan = { first: null, latest: null, disorderNs };
	readonly #sink: CaptureSink;
	readonly #options: ReaderOptions;
	readonly #walker = new ChunkWalker(this);
	readonly #feed = new Feed();
	#header: PcapHeader | null = null;
	#interface: CaptureInterface | null = null;
	/** Records of interest since the last flush, as `pcap-parser` takes them. */
	#batch = Buffer.allocUnsafe(1 << 16);
	#batchLength = 0;
	/** The number in the file of each of them, and how many were parsed. */
	#numbers: number[] = [];
	#parsed = 0;

	constructor(sink: CaptureSink, options: ReaderOptions) {
		this.#sink = sink;
		this.#options = options;
		parse(this.#feed).on("packet", (packet: Packet) => this.#emit(packet));
	}

	write(chunk: Buffer): void {
		this.#walker.write(chunk);
		this.#flush();
	}

	end(): void {
		if (this.#walker.unfinished > 0) {
			const what = this.#header
				? `record ${this.counts.read + 1}`
				: "the file header";
			this.#damage(
				`the file ends inside ${what}: ${this.#walker.unfinished} bytes of it are there`,
			);
		}
	}

	measure(bytes: Buffer, start: number, end: number): number {
		const header = this.#header;
		if (header === null) {
			return fileHeaderLength;
		}
		if (end - start < header.recordHeaderLength) {
			return header.recordHeaderLength;
		}
		const captured = this.#u32(bytes, start + 8);
		if (captured > maximumCapturedLength) {
			this.#damage(
				`record ${this.counts.read + 1} claims ${captured} captured bytes (at most ${maximumCapturedLength} are believed); what follows cannot be read`,
			);
			this.#walker.stop();
		}
		return header.recordHeaderLength + captured;
	}

	take(bytes: Buffer, start: number, end: number, offset: number): void {
		if (this.#header === null) {
			this.#takeFileHeader(bytes.subarray(start, end));
			return;
		}
		this.counts.read += 1;
		const { linkType, recordHeaderLength } = this.#header;
		const seconds = this.#u32(bytes, start);
		stretch(this.span, this.#time(seconds, this.#u32(bytes, start + 4)));
		this.#checkRecord(bytes, start, offset);
		const data = start + recordHeaderLength;
		if (this.#options.keep(bytes, data, end, linkType)) {
			this.#keep(bytes, start, data, end);
		}
	}

	#takeFileHeader(bytes: Buffer): void {
		const header = parsePcapHeader(bytes);
		this.#header = header;
		this.#feed.emit("data", toPlainHeader(bytes, header));
		if (header.version !== "2.4") {
			this.#damage(
				`version ${header.version} is not 2.4; read as if it were`,
				4,
			);
		}
		this.#interface = {
			id: this.#options.nextInterfaceId(),
			source: this.#options.source,
			name: this.#options.interfaceName,
			linkType: header.linkType,
			snapLength: header.snapLength,
		};
		this.#sink.addInterface(this.#interface);
	}

	/** What a record says of itself can be odd and the record still be read. */
	#checkRecord(bytes: Buffer, start: number, offset: number): void {
		const header = this.#header as PcapHeader;
		const captured = this.#u32(bytes, start + 8);
		const limit = header.snapLength || maximumCapturedLength;
		if (captured > limit) {
			this.#damage(
				`record ${this.counts.read} has ${captured} captured bytes, past the file's snap length of ${limit}`,
				offset,
			);
		}
		const subSecond = this.#u32(bytes, start + 4);
		if (subSecond >= (header.isNanosecond ? 1e9 : 1e6)) {
			this.#damage(
				`record ${this.counts.read} has a sub-second time of ${subSecond}, a second or more`,
				offset,
			);
		}
	}

	/** Puts a record by for the parser, without what the modified format adds. */
	#keep(bytes: Buffer, start: number, data: number, end: number): void {
		const length = plainRecordHeaderLength + end - data;
		if (this.#batchLength + length > this.#batch.length) {
			this.#flush();
		}
		if (length > this.#batch.length) {
			this.#batch = Buffer.allocUnsafe(length);
		}
		bytes.copy(
			this.#batch,
			this.#batchLength,
			start,
			start + plainRecordHeaderLength,
		);
		bytes.copy(
			this.#batch,
			this.#batchLength + plainRecordHeaderLength,
			data,
			end,
		);
		this.#batchLength += length;
		this.#numbers.push(this.counts.read);
	}

	#flush(): void {
		if (this.#batchLength > 0) {
			this.#parsed = 0;
			this.#feed.emit("data", this.#batch.subarray(0, this.#batchLength));
			this.#batchLength = 0;
			this.#numbers = [];
		}
	}

	#emit({ header, data }: Packet): void {
		this.#sink.addFrame({
			interface: this.#interface as CaptureInterface,
			number: this.#numbers[this.#parsed++] ?? 0,
			time: this.#time(header.timestampSeconds, header.timestampMicroseconds),
			bytes: data,
			length: header.originalLength,
			direction: null,
			comment: null,
		});
	}

	#time(seconds: number, subSecond: number): LogTime {
		const perSecond = this.#header?.isNanosecond ? 1e9 : 1e6;
		const carried = Math.floor(subSecond / perSecond);
		const nanos = (subSecond - carried * perSecond) * (1e9 / perSecond);
		return { seconds: seconds + carried, nanos };
	}

	#u32(bytes: Buffer, at: number): number {
		return readU32(bytes, at, this.#header?.isBigEndian ?? false);
	}

	#damage(message: string, offset = this.#walker.offset): void {
		this.#sink.addDamage({ source: this.#options.source, offset, message });
	}
}
