import { viewOf } from "./byte-order.js";
import type { LogFrame } from "./event-log.js";
import { blockType } from "./pcapng-block.js";
import { optionCode, paddedLength } from "./pcapng-options.js";
import { writeTimeNs } from "./pcapng-time.js";

const initialSize = 256 * 1024;
/** Type, length, and length again at the end. */
const frameLength = 12;
/** Interface, time, captured length, length. */
const packetFields = 20;
/** epb_flags, and the end of the options. */
const flagsLength = 12;
const flagsHeader = (4 << 16) | optionCode.packetFlags;
/** Up to this length a loop copies faster than a call, and allocates nothing. */
const loopLimit = 192;

/**
 * Blocks of a little-endian pcapng, one behind the other in a buffer that grows until it
 * is taken. A packet costs no allocation.
 */
export class BlockBuffer {
	#bytes: Buffer = Buffer.allocUnsafeSlow(initialSize);
	#view = viewOf(this.#bytes);
	#end = 0;
	/** Where the last packet came from. Engines fill the same memory again and again. */
	#source: Buffer = this.#bytes;
	#sourceView = this.#view;

	/** Bytes that wait to be taken. */
	get size(): number {
		return this.#end;
	}

	/** Adds a block; its body is padded to four bytes. */
	addBlock(type: number, body: Buffer): void {
		const padded = paddedLength(body.length);
		const at = this.#frame(type, frameLength + padded) + 8;
		body.copy(this.#bytes, at);
		this.#bytes.fill(0, at + body.length, at + padded);
	}

	/** Adds an Enhanced Packet Block of an interface that counts nanoseconds. */
	addPacket(interfaceId: number, frame: LogFrame): void {
		const { captured, flags } = frame;
		const padded = paddedLength(captured);
		const length =
			frameLength + packetFields + padded + (flags === 0 ? 0 : flagsLength);
		const at = this.#frame(blockType.enhancedPacket, length) + 8;
		const view = this.#view;
		view.setUint32(at, interfaceId, true);
		writeTimeNs(view, at + 4, frame.seconds, frame.nanos);
		view.setUint32(at + 12, captured, true);
		view.setUint32(at + 16, frame.length, true);
		const data = at + packetFields;
		this.#copy(frame, data);
		for (let pad = data + captured; pad < data + padded; pad++) {
			view.setUint8(pad, 0);
		}
		if (flags !== 0) {
			view.setUint32(data + padded, flagsHeader, true);
			view.setUint32(data + padded + 4, flags, true);
			view.setUint32(data + padded + 8, optionCode.endOfOptions, true);
		}
	}

	/**
	 * All that was added since the last time, in memory that is the caller's: a little is
	 * copied, lest it hold a large buffer, and more goes with the buffer it is in.
	 */
	take(): Buffer {
		const taken = this.#bytes.subarray(0, this.#end);
		this.#end = 0;
		if (taken.length < initialSize / 4) {
			return Buffer.from(taken);
		}
		this.#use(Buffer.allocUnsafeSlow(initialSize));
		return taken;
	}

	/** Makes room for a block and writes what frames it. @returns where it begins */
	#frame(type: number, length: number): number {
		const at = this.#end;
		this.#end += length;
		if (this.#end > this.#bytes.length) {
			this.#grow(at);
		}
		this.#view.setUint32(at, type, true);
		this.#view.setUint32(at + 4, length, true);
		this.#view.setUint32(at + length - 4, length, true);
		return at;
	}

	#grow(used: number): void {
		let size = this.#bytes.length;
		while (size < this.#end) {
			size *= 2;
		}
		const larger = Buffer.allocUnsafeSlow(size);
		this.#bytes.copy(larger, 0, 0, used);
		this.#use(larger);
	}

	#use(bytes: Buffer): void {
		this.#bytes = bytes;
		this.#view = viewOf(bytes);
	}

	#copy({ bytes, start, captured }: LogFrame, at: number): void {
		if (captured > loopLimit) {
			bytes.copy(this.#bytes, at, start, start + captured);
			return;
		}
		if (bytes !== this.#source) {
			this.#source = bytes;
			this.#sourceView = viewOf(bytes);
		}
		const from = this.#sourceView;
		const to = this.#view;
		let done = 0;
		for (; done + 4 <= captured; done += 4) {
			to.setUint32(at + done, from.getUint32(start + done));
		}
		for (; done < captured; done++) {
			to.setUint8(at + done, from.getUint8(start + done));
		}
	}
}
