import {
	formatIpv4,
	formatMac,
	type Ipv4,
	type Mac,
} from "../model/address.js";

/** Malformed or cut-short bytes. The message names the field, as its RFC does. */
export class DecodeError extends Error {
	override readonly name = "DecodeError";
}

/**
 * Takes big-endian fields off the front of a frame, and never reads past the limit.
 *
 * Positions and offsets count bytes from the start of the frame, so that a message can
 * be checked against a hex dump.
 */
export class ByteReader {
	readonly bytes: Uint8Array;

	/** Length of the frame on the wire, in bytes; more than `bytes` has if it was snapped. */
	readonly wireLength: number;

	#position = 0;
	#end: number;
	#isCut: boolean;

	constructor(bytes: Uint8Array, wireLength: number = bytes.length) {
		this.bytes = bytes;
		// A file may state less than it holds: then what it holds was on the wire.
		this.wireLength = Math.max(wireLength, bytes.length);
		this.#end = bytes.length;
		this.#isCut = bytes.length < wireLength;
	}

	/** Where the next field starts. */
	get position(): number {
		return this.#position;
	}

	/** Where the readable bytes end. */
	get end(): number {
		return this.#end;
	}

	get remaining(): number {
		return this.#end - this.#position;
	}

	/** Whether bytes before the limit are missing: snapped, or in a later fragment. */
	get isCut(): boolean {
		return this.#isCut;
	}

	/** Leaves only the next `length` bytes readable, or as many of them as there are. */
	limit(length: number): void {
		this.#isCut = length > this.remaining;
		this.#end = Math.min(this.#end, this.#position + length);
	}

	/** A reader of `length` bytes of the same frame that start at `start`. */
	window(start: number, length: number): ByteReader {
		const window = new ByteReader(this.bytes, this.wireLength);
		window.#position = start;
		window.limit(length);
		return window;
	}

	/** The byte `offset` bytes ahead, which stays unread; null when it is not there. */
	peek(offset: number): number | null {
		return offset < this.remaining
			? (this.bytes[this.#position + offset] as number)
			: null;
	}

	u8(field: string): number {
		return this.bytes[this.#take(1, field)] as number;
	}

	u16(field: string): number {
		return this.#pair(this.#take(2, field));
	}

	u24(field: string): number {
		return this.#triple(this.#take(3, field));
	}

	u32(field: string): number {
		const start = this.#take(4, field);
		return this.#pair(start) * 0x10000 + this.#pair(start + 2);
	}

	ipv4(field: string): Ipv4 {
		return formatIpv4(this.u32(field));
	}

	mac(field: string): Mac {
		const start = this.#take(6, field);
		return formatMac(this.#triple(start), this.#triple(start + 3));
	}

	/** The next bytes themselves, not a copy. */
	take(length: number, field: string): Uint8Array {
		const start = this.#take(length, field);
		return this.bytes.subarray(start, start + length);
	}

	skip(length: number, field: string): void {
		this.#take(length, field);
	}

	/** Says that a field of `length` bytes does not fit here any more. */
	shortage(length: number, field: string): string {
		const unit = length === 1 ? "byte" : "bytes";
		const isSnapped = this.#isCut && this.bytes.length < this.wireLength;
		const captured = isSnapped
			? ` (captured ${this.bytes.length} of ${this.wireLength} bytes)`
			: "";
		return `${field}: ${length} ${unit} wanted at offset ${this.#position}, ${this.remaining} left${captured}`;
	}

	#take(length: number, field: string): number {
		const start = this.#position;
		if (length > this.#end - start) {
			throw new DecodeError(this.shortage(length, field));
		}
		this.#position = start + length;
		return start;
	}

	/** Two bytes that #take() has found to be there. */
	#pair(start: number): number {
		return (
			((this.bytes[start] as number) << 8) | (this.bytes[start + 1] as number)
		);
	}

	/** Three of them. */
	#triple(start: number): number {
		return (this.#pair(start) << 8) | (this.bytes[start + 2] as number);
	}
}
