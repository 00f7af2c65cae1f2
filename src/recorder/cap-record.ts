import type { LogTime } from "../model/capture.js";

/** What a capturing child says: each record begins with a header, and bytes follow it. */
export const recordKind = {
	/** The bytes are a frame; the header has its time and its length on the wire. */
	frame: 0,
	/** All frames before the time in the header were sent; no bytes. */
	mark: 1,
	/** The capture has begun; no bytes. */
	ready: 2,
	/** The capture could not begin; the bytes say why, in UTF-8. */
	failure: 3,
} as const;

/** Bytes of a header: seven 32-bit numbers, the lower byte first. */
export const headerLength = 28;

/** No frame is longer: the longest libpcap gives `cap`. */
export const longestFrame = 65_535;

/** A header; one object may be filled again and again. */
export interface RecordHeader {
	kind: number;
	/** Of the bytes that follow. */
	captured: number;
	length: number;
	/** epb_flags. */
	flags: number;
	seconds: number;
	nanos: number;
}

const magic = 0x70616376;
const field = {
	magic: 0,
	kind: 4,
	captured: 8,
	length: 12,
	flags: 16,
	seconds: 20,
	nanos: 24,
} as const;

/** An empty header, to be filled. */
export function createHeader(): RecordHeader {
	const nothing = { captured: 0, length: 0, flags: 0, seconds: 0, nanos: 0 };
	return { kind: recordKind.mark, ...nothing };
}

/** Puts a header into `bytes`. */
export function writeHeader(
	bytes: Buffer,
	at: number,
	{ kind, captured, length, flags }: Omit<RecordHeader, keyof LogTime>,
	{ seconds, nanos }: LogTime,
): void {
	bytes.writeUInt32LE(magic, at + field.magic);
	bytes.writeUInt32LE(kind, at + field.kind);
	bytes.writeUInt32LE(captured, at + field.captured);
	bytes.writeUInt32LE(length, at + field.length);
	bytes.writeUInt32LE(flags, at + field.flags);
	bytes.writeUInt32LE(seconds, at + field.seconds);
	bytes.writeUInt32LE(nanos, at + field.nanos);
}

/**
 * Fills `header` from what stands in `bytes`.
 *
 * @throws {RangeError} when it is no header
 */
export function readHeader(
	bytes: Buffer,
	at: number,
	header: RecordHeader,
): void {
	header.kind = bytes.readUInt32LE(at + field.kind);
	header.captured = bytes.readUInt32LE(at + field.captured);
	header.length = bytes.readUInt32LE(at + field.length);
	header.flags = bytes.readUInt32LE(at + field.flags);
	header.seconds = bytes.readUInt32LE(at + field.seconds);
	header.nanos = bytes.readUInt32LE(at + field.nanos);
	if (
		bytes.readUInt32LE(at + field.magic) !== magic ||
		header.captured > longestFrame
	) {
		throw new RangeError("not a record");
	}
}

/** Takes a record; its header is filled again for the next one. */
export type RecordVisitor = (
	header: RecordHeader,
	bytes: Buffer,
	start: number,
) => void;

/** Cuts what comes through a pipe into whole records. */
export class RecordCutter {
	readonly #header = createHeader();
	#rest: Buffer = Buffer.alloc(0);

	/**
	 * Takes the next bytes, which it keeps.
	 *
	 * @param see told of each record that is whole now, and where its bytes start
	 * @returns the whole records; what is left waits for the rest of it
	 * @throws {RangeError} when something is no record
	 */
	cut(chunk: Buffer, see: RecordVisitor): Buffer {
		const bytes =
			this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		let end = 0;
		while (end + headerLength <= bytes.length) {
			readHeader(bytes, end, this.#header);
			const next = end + headerLength + this.#header.captured;
			if (next > bytes.length) {
				break;
			}
			see(this.#header, bytes, end + headerLength);
			end = next;
		}
		this.#rest = bytes.subarray(end);
		return bytes.subarray(0, end);
	}
}
