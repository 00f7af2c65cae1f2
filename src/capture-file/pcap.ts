import type { Packet } from "pcap-parser";
import type {
	CapturedFrame,
	CaptureInterface,
	LogTime,
} from "../model/capture.js";
import { readU32 } from "./byte-order.js";
import { ChunkWalker } from "./chunk-walker.js";
import {
	fileHeaderLength,
	type PcapHeader,
	parsePcapHeader,
	toPlainHeader,
} from "./pcap-header.js";
import { KeptRecords } from "./pcap-kept.js";
import {
	type CaptureReader,
	type CaptureSink,
	maximumCapturedLength,
	type ReadCounts,
	type ReaderOptions,
	stretch,
	type TimeSpan,
} from "./sink.js";
import { TimeRange } from "./time-range.js";

/** A classic pcap has one queue behind it, in which processors overtake each other. */
const disorderNs = 100_000_000;

/**
 * Reads classic pcap: a guard walks the record headers and keeps frames of interest,
 * `pcap-parser` parses those.
 *
 * The guard is there because `pcap-parser` refuses nanosecond files, drops a cut last
 * record silently and buffers without end on an absurd length. It sees every record of
 * files of many gigabytes: what it does for each allocates nothing.
 */
export class PcapReader implements CaptureReader {
	readonly counts: ReadCounts = { read: 0, untimed: 0 };
	readonly span: TimeSpan = { first: null, latest: null, disorderNs };
	readonly #sink: CaptureSink;
	readonly #options: ReaderOptions;
	readonly #walker = new ChunkWalker(this);
	/** Null until the file header has come. */
	#header: PcapHeader | null = null;
	#kept: KeptRecords | null = null;
	readonly #times = new TimeRange();

	constructor(sink: CaptureSink, options: ReaderOptions) {
		this.#sink = sink;
		this.#options = options;
	}

	write(chunk: Buffer): void {
		this.#walker.write(chunk);
		this.#kept?.flush();
		const unitsPerSecond = this.#header?.unitsPerSecond ?? 1;
		this.#times.stretch(this.span, (seconds, subSecond) =>
			toLogTime(seconds, subSecond, unitsPerSecond),
		);
	}

	end(): void {
		const { unfinished } = this.#walker;
		if (unfinished > 0) {
			const what =
				this.#header === null
					? "the file header"
					: `record ${this.counts.read + 1}`;
			this.#damage(
				`the file ends inside ${what}: ${unfinished} bytes of it are there`,
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
		const captured = readU32(bytes, start + 8, header.isBigEndian);
		if (captured > maximumCapturedLength) {
			this.#damage(
				`record ${this.counts.read + 1} claims ${captured} captured bytes (at most ${maximumCapturedLength} are believed); what follows cannot be read`,
			);
			this.#walker.stop();
		}
		return header.recordHeaderLength + captured;
	}

	take(bytes: Buffer, start: number, end: number): void {
		const header = this.#header;
		if (header === null) {
			this.#takeFileHeader(bytes.subarray(start, end));
			return;
		}
		this.counts.read += 1;
		const data = start + header.recordHeaderLength;
		this.#checkLength(end - data, header);
		this.#takeTime(bytes, start, header);
		if (this.#options.keep(bytes, data, end, header.linkType)) {
			this.#kept?.add(bytes, { start, data, end }, this.counts.read);
		}
	}

	#takeFileHeader(bytes: Buffer): void {
		const header = parsePcapHeader(bytes);
		this.#header = header;
		if (header.version !== "2.4") {
			const { version } = header;
			this.#damage(`version ${version} is not 2.4; read as if it were`);
		}
		const description: CaptureInterface = {
			id: this.#options.nextInterfaceId(),
			source: this.#options.source,
			name: this.#options.interfaceName,
			linkType: header.linkType,
			isContinuous: true,
			snapLength: header.snapLength,
		};
		this.#sink.addInterface(description);
		const plainHeader = toPlainHeader(bytes, header);
		this.#kept = new KeptRecords(plainHeader, (packet, number) => {
			this.#sink.addFrame(toFrame(packet, number, description, header));
		});
	}

	/** A record past the snap length is read all the same: its length may well be true. */
	#checkLength(captured: number, { snapLength }: PcapHeader): void {
		if (captured > snapLength && snapLength > 0) {
			this.#damage(
				`record ${this.counts.read} has ${captured} captured bytes, past the file's snap length of ${snapLength}`,
			);
		}
	}

	#takeTime(bytes: Buffer, start: number, header: PcapHeader): void {
		const { isBigEndian, unitsPerSecond } = header;
		const seconds = readU32(bytes, start, isBigEndian);
		const subSecond = readU32(bytes, start + 4, isBigEndian);
		if (subSecond < unitsPerSecond) {
			this.#times.add(seconds, subSecond);
			return;
		}
		this.#damage(
			`record ${this.counts.read} has a sub-second time of ${subSecond}, a second or more`,
		);
		stretch(this.span, toLogTime(seconds, subSecond, unitsPerSecond));
	}

	/** Damage of the structure being walked; the frames before it come first. */
	#damage(message: string): void {
		this.#kept?.flush();
		const { source } = this.#options;
		this.#sink.addDamage({ source, offset: this.#walker.offset, message });
	}
}

function toFrame(
	{ header, data }: Packet,
	number: number,
	description: CaptureInterface,
	{ unitsPerSecond }: PcapHeader,
): CapturedFrame {
	const { timestampSeconds, timestampMicroseconds, originalLength } = header;
	return {
		interface: description,
		number,
		time: toLogTime(timestampSeconds, timestampMicroseconds, unitsPerSecond),
		bytes: data,
		length: originalLength,
		direction: null,
		comment: null,
	};
}

/** A sub-second field of a second or more carries over. */
function toLogTime(
	seconds: number,
	subSecond: number,
	unitsPerSecond: number,
): LogTime {
	const carried = Math.floor(subSecond / unitsPerSecond);
	const units = subSecond - carried * unitsPerSecond;
	return { seconds: seconds + carried, nanos: units * (1e9 / unitsPerSecond) };
}
