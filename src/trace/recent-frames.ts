import type { Frame } from "../model/frame.js";
import { decodeFrame } from "../wire/frame.js";
import { fingerprint, isTraceable, routedFingerprint } from "./fingerprint.js";

/** Frames that pass a host at the same time, by turns. */
const slotCount = 4;
/** Longer ones are decoded each time, in bytes. */
const slotLength = 2048;

/** A frame, and the digests that it is followed by. */
export interface DecodedFrame {
	readonly frame: Frame;
	/** Null where too little is there to recognise it elsewhere. */
	readonly fingerprint: number | null;
	readonly routedFingerprint: number | null;
}

interface Slot {
	readonly bytes: Uint8Array;
	captured: number;
	length: number;
	linkType: number;
	decoded: DecodedFrame;
}

/**
 * Decodes frames. One that was seen with the same bytes just before, as at the other ports
 * of a bridge, is that very frame: it is decoded, digested and kept in memory once.
 */
export class RecentFrames {
	readonly #slots: Slot[] = [];
	#next = 0;

	/** As `decodeFrame`. */
	decode(bytes: Uint8Array, length: number, linkType: number): DecodedFrame {
		for (const slot of this.#slots) {
			if (
				slot.captured === bytes.length &&
				slot.length === length &&
				slot.linkType === linkType &&
				holds(slot, bytes)
			) {
				return slot.decoded;
			}
		}
		const decoded = decodeAnew(bytes, length, linkType);
		if (bytes.length <= slotLength) {
			this.#keep(bytes, length, linkType, decoded);
		}
		return decoded;
	}

	#keep(
		bytes: Uint8Array,
		length: number,
		linkType: number,
		decoded: DecodedFrame,
	): void {
		const slot = this.#slots[this.#next] ?? {
			bytes: new Uint8Array(slotLength),
			captured: 0,
			length,
			linkType,
			decoded,
		};
		slot.bytes.set(bytes);
		slot.captured = bytes.length;
		slot.length = length;
		slot.linkType = linkType;
		slot.decoded = decoded;
		this.#slots[this.#next] = slot;
		this.#next = (this.#next + 1) % slotCount;
	}
}

function decodeAnew(
	bytes: Uint8Array,
	length: number,
	linkType: number,
): DecodedFrame {
	const frame = decodeFrame(bytes, length, linkType);
	return isTraceable(frame)
		? {
				frame,
				fingerprint: fingerprint(frame, bytes),
				routedFingerprint: routedFingerprint(frame, bytes),
			}
		: { frame, fingerprint: null, routedFingerprint: null };
}

/** Frames of one length mostly differ behind their addresses: the end is compared first. */
function holds(slot: Slot, bytes: Uint8Array): boolean {
	const known = slot.bytes;
	for (let at = bytes.length - 1; at >= 0; at -= 1) {
		if (known[at] !== bytes[at]) {
			return false;
		}
	}
	return true;
}
