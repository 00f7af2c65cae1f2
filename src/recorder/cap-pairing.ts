import type { LogTime } from "../model/capture.js";

/** epb_flags of a direction. */
export type DirectionFlags = 1 | 2;

/** A frame that waits for its direction; `flags` 0: it is not known yet. */
export interface HeldFrame {
	/** A record: room for its header, then the frame. */
	readonly record: Buffer;
	readonly length: number;
	readonly time: LogTime;
	readonly heldAtMs: number;
	flags: 0 | DirectionFlags;
}

interface Twin {
	readonly bytes: Buffer;
	readonly flags: DirectionFlags;
	readonly heldAtMs: number;
}

/** A twin comes within the same turn; a frame that waits longer has none. */
export const holdMs = 10;
const heldLimit = 4096;

/**
 * Tells the direction of frames by their twins: handles whose filter lets one direction
 * through see the same bytes as the one that sees all.
 *
 * The latter is needed because libpcap tests the first frame of each handle by itself,
 * where it knows no direction, and so throws it away: without it the first DISCOVER of
 * a VM was lost at every port. A frame without a twin goes on with its direction
 * unknown; what is told is never a guess. Once both have shown a frame they lose no
 * more, and the handle that sees all can be closed.
 */
export class Pairing {
	readonly #headerLength: number;
	readonly #emit: (frame: HeldFrame) => void;
	readonly #held: HeldFrame[] = [];
	/** Twins that came before their frame. */
	readonly #early: Twin[] = [];
	readonly #seen = new Set<DirectionFlags>();

	/** @param emit takes the frames, in their order */
	constructor(headerLength: number, emit: (frame: HeldFrame) => void) {
		this.#headerLength = headerLength;
		this.#emit = emit;
	}

	/** When the first frame that is held was stamped; null: none is. */
	get oldest(): LogTime | null {
		return this.#held[0]?.time ?? null;
	}

	/**
	 * Whether nothing is left to be paired: each handle that knows its direction has lost
	 * the frame it loses, every frame is let go, and no twin is ahead of its frame.
	 */
	get isDone(): boolean {
		const isIdle = this.#held.length === 0 && this.#early.length === 0;
		return isIdle && this.#seen.size === 2;
	}

	/** A frame of the handle that sees all. */
	addFrame(frame: HeldFrame): void {
		const bytes = frame.record.subarray(this.#headerLength);
		const early = this.#early.findIndex((twin) => twin.bytes.equals(bytes));
		const [twin] = early === -1 ? [] : this.#early.splice(early, 1);
		frame.flags = twin?.flags ?? 0;
		this.#held.push(frame);
		this.flush(frame.heldAtMs);
	}

	/** @param bytes of a frame of a handle that sees one direction; not kept */
	addTwin(bytes: Buffer, flags: DirectionFlags, nowMs: number): void {
		this.#seen.add(flags);
		const frame = this.#held.find(
			(held) =>
				held.flags === 0 &&
				bytes.equals(held.record.subarray(this.#headerLength)),
		);
		if (frame === undefined) {
			this.#early.push({ bytes: Buffer.from(bytes), flags, heldAtMs: nowMs });
		} else {
			frame.flags = flags;
		}
		this.flush(nowMs);
	}

	/** Lets go of what is known, or has waited long enough, and nothing is held before it. */
	flush(nowMs: number): void {
		for (let [first] = this.#held; first; [first] = this.#held) {
			const isOver = nowMs - first.heldAtMs >= holdMs;
			if (first.flags === 0 && !isOver && this.#held.length <= heldLimit) {
				break;
			}
			this.#held.shift();
			this.#emit(first);
		}
		for (let [first] = this.#early; first; [first] = this.#early) {
			const isOver = nowMs - first.heldAtMs >= holdMs;
			if (!isOver && this.#early.length <= heldLimit) {
				break;
			}
			this.#early.shift();
		}
	}
}
