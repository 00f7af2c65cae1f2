import { makeSafe } from "../model/safe-text.js";
import { PcapReader } from "./pcap.js";
import { isPcap } from "./pcap-header.js";
import { isPcapng, PcapngReader } from "./pcapng.js";
import {
	type CaptureReader,
	type CaptureSink,
	NotACaptureError,
	type ReadCounts,
	type ReaderOptions,
	type TimeSpan,
} from "./sink.js";

/** Bytes that tell the format of a capture. */
export const magicLength = 4;

/** First bytes of what people hand to a capture reader by mistake. */
const strangers: readonly (readonly [hex: string, what: string])[] = [
	["28b52ffd", "zstd-compressed (use `zstd -dc FILE | vmpath replay -`)"],
	["fd377a58", "xz-compressed (use `xz -dc FILE | vmpath replay -`)"],
	["425a68", "bzip2-compressed (use `bzip2 -dc FILE | vmpath replay -`)"],
	["504b0304", "a zip archive"],
	["736e6f6f", "a snoop capture (convert it with `editcap -F pcapng`)"],
	["58435000", "a NetXRay capture (convert it with `editcap -F pcapng`)"],
];

/**
 * Reads one uncompressed capture of a format that its first four bytes tell.
 *
 * @throws {NotACaptureError} from `write` when they tell of no capture, from `end` when
 * there are fewer
 */
export function createCaptureReader(
	sink: CaptureSink,
	options: ReaderOptions,
): CaptureReader {
	return new SniffingReader(sink, options);
}

class SniffingReader implements CaptureReader {
	readonly #sink: CaptureSink;
	readonly #options: ReaderOptions;
	#first = Buffer.alloc(0);
	#reader: CaptureReader | null = null;

	constructor(sink: CaptureSink, options: ReaderOptions) {
		this.#sink = sink;
		this.#options = options;
	}

	get counts(): ReadCounts {
		return this.#reader?.counts ?? { read: 0, untimed: 0 };
	}

	get span(): TimeSpan {
		return this.#reader?.span ?? { first: null, latest: null, disorderNs: 0 };
	}

	write(chunk: Buffer): void {
		if (this.#reader !== null) {
			this.#reader.write(chunk);
			return;
		}
		this.#first = Buffer.concat([this.#first, chunk]);
		if (this.#first.length >= magicLength) {
			this.#reader = this.#choose(this.#first);
			this.#reader.write(this.#first);
			this.#first = Buffer.alloc(0);
		}
	}

	end(): void {
		if (this.#reader === null) {
			throw new NotACaptureError(
				this.#first.length === 0
					? "is empty"
					: `is not a capture: it has ${this.#first.length} bytes`,
			);
		}
		this.#reader.end();
	}

	#choose(bytes: Buffer): CaptureReader {
		if (isPcapng(bytes)) {
			return new PcapngReader(this.#sink, this.#options);
		}
		if (isPcap(bytes)) {
			return new PcapReader(this.#sink, this.#options);
		}
		const magic = bytes.toString("hex", 0, magicLength);
		const stranger = strangers.find(([hex]) => magic.startsWith(hex));
		throw new NotACaptureError(
			stranger
				? `is ${stranger[1]}, not a pcap or pcapng`
				: `is not a capture: pcap and pcapng do not begin with "${makeSafe(bytes.subarray(0, magicLength))}"`,
		);
	}
}
