import type { Direction } from "./frame.js";
import type { SafeText } from "./safe-text.js";

/** Link types vmpath decodes; numbers from the LINKTYPE_ registry of libpcap. */
export const linkType = {
	null: 0,
	ethernet: 1,
	/** BSD and OpenBSD numbers that files carry for raw IP. */
	rawBsd: 12,
	rawOpenBsd: 14,
	raw: 101,
	loop: 108,
	sll: 113,
	ipv4: 228,
	sll2: 276,
} as const;

/**
 * An interface of a capture. A classic pcap has one; a pcapng section has one an
 * interface block; interfaces of an SLL2 capture come to light as frames do.
 */
export interface CaptureInterface {
	/** Counts from 0 over all files of the log. */
	readonly id: number;
	/** The file it belongs to: an index into the sources of the log. */
	readonly source: number;
	/** if_name, or from the file's name, or `if4`; null when nothing names it. */
	readonly name: SafeText | null;
	readonly linkType: number;
	/**
	 * Whether the file shows all of the interface from its begin to its end: it is the only
	 * one, or one process captured all of them. Merged captures do not.
	 */
	readonly isContinuous: boolean;
	/** Longest captured length, in bytes; 0: no limit known. */
	readonly snapLength: number;
}

/**
 * One record of a capture. Time is `seconds` since the epoch and `nanos` in [0, 1e9):
 * exact, and no bigint is needed a frame.
 */
export interface CapturedFrame {
	readonly interface: CaptureInterface;
	/** Counts the packets of its file from 1. */
	readonly number: number;
	/** Null for a record without a time (Simple Packet Block). */
	readonly time: LogTime | null;
	/** Valid only until the callback returns: copy what must be kept. */
	readonly bytes: Uint8Array;
	/** Length on the wire, in bytes. */
	readonly length: number;
	/** From epb_flags; null when the capture does not say. */
	readonly direction: Direction | null;
	/** opt_comment of the record; null when there is none. */
	readonly comment: SafeText | null;
}

/** A point in time of the log. */
export interface LogTime {
	/** Since the epoch, whole; negative before 1970. */
	readonly seconds: number;
	/** 0 to 999,999,999. */
	readonly nanos: number;
}

/** 1970-01-01T00:00:00Z: before any frame. */
export const epoch: LogTime = { seconds: 0, nanos: 0 };

/** Nanoseconds from one time to another; exact below 104 days. */
export function elapsedNs(from: LogTime, to: LogTime): number {
	return (to.seconds - from.seconds) * 1e9 + (to.nanos - from.nanos);
}

/** A time so many nanoseconds later (or earlier, when negative). */
export function addNs(time: LogTime, ns: number): LogTime {
	const nanos = time.nanos + ns;
	const seconds = Math.floor(nanos / 1e9);
	return { seconds: time.seconds + seconds, nanos: nanos - seconds * 1e9 };
}

/** Integer nanoseconds since the epoch in decimal, as the JSON output gives times. */
export function formatTimeNs(time: LogTime): string {
	if (time.seconds > 0) {
		return `${time.seconds}${String(time.nanos).padStart(9, "0")}`;
	}
	return String(BigInt(time.seconds) * 1_000_000_000n + BigInt(time.nanos));
}
