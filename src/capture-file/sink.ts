import {
	type CapturedFrame,
	type CaptureInterface,
	elapsedNs,
	type LogTime,
} from "../model/capture.js";
import type { HostDocument, Tick } from "../model/host-document.js";
import type { SafeText } from "../model/safe-text.js";

/** What a reader hands on while it reads, in the order of the file. */
export interface CaptureSink {
	/** A new interface, before its first frame; never the one of documents and ticks. */
	addInterface(description: CaptureInterface): void;
	/** A frame that `keep` chose. */
	addFrame(frame: CapturedFrame): void;
	/**
	 * The kernel's counters as the file tells them; each report replaces the last.
	 *
	 * @param at isb_endtime: the counter was read then; null when it is not told
	 */
	setDrops(
		description: CaptureInterface,
		dropped: number,
		at: LogTime | null,
	): void;
	/** What the host said, whole, at the time it was read. */
	addDocument(source: number, document: HostDocument, time: LogTime): void;
	/** The recorder's clock: from the first one on, it alone tells the log's time. */
	addTick(source: number, tick: Tick): void;
	/** A comment on a section or an interface. */
	addComment(source: number, comment: SafeText): void;
	/** Something in the file is not as its format says. */
	addDamage(damage: Damage): void;
	/** More of a file was read, or it has ended. */
	setProgress(source: number, span: TimeSpan, hasEnded: boolean): void;
}

/** Where a file is damaged, and what that means for the rest of it. */
export interface Damage {
	readonly source: number;
	/** Byte offset in the (uncompressed) file where the damaged structure begins. */
	readonly offset: number;
	readonly message: string;
}

/** Chooses the records that are decoded; the others are only counted. */
export type Keep = (
	bytes: Uint8Array,
	start: number,
	end: number,
	linkType: number,
) => boolean;

/** What a reader of one file is told. */
export interface ReaderOptions {
	/** Index of the file in the log. */
	readonly source: number;
	/** Name for the interface of a file that holds only one and does not name it. */
	readonly interfaceName: SafeText | null;
	readonly keep: Keep;
	/** Gives interface ids out, counting over all files. */
	readonly nextInterfaceId: () => number;
}

/** Reads one file, given in chunks of any size. */
export interface CaptureReader {
	/** Takes the next bytes; whole records in them reach the sink before it returns. */
	write(chunk: Buffer): void;
	/** The file has ended here. */
	end(): void;
	readonly counts: ReadCounts;
	readonly span: TimeSpan;
}

/**
 * The times of a file's records, of interest or not, and when its statistics say that
 * the capture ended. Documents are none of them; a tick tells how far the file reaches,
 * not since when. Null: there is no time in the file.
 */
export interface TimeSpan {
	first: LogTime | null;
	/** The latest so far; records need not be in order. */
	latest: LogTime | null;
	/** How far records of such a file may be out of order, in nanoseconds. */
	readonly disorderNs: number;
}

/** Stretches a span over a record's time. */
export function stretch(span: TimeSpan, time: LogTime): void {
	if (span.first === null || elapsedNs(span.first, time) < 0) {
		span.first = time;
	}
	stretchLatest(span, time);
}

/** Stretches the end of a span to a time; where it begins is as before. */
export function stretchLatest(span: TimeSpan, time: LogTime): void {
	if (span.latest === null || elapsedNs(span.latest, time) > 0) {
		span.latest = time;
	}
}

export interface ReadCounts {
	/** Packet records, of interest or not; documents and ticks are none. */
	read: number;
	/** Records without a time. */
	untimed: number;
}

/** The file is not a capture vmpath reads; the message says what it is instead. */
export class NotACaptureError extends Error {
	override readonly name = "NotACaptureError";
}

/** Longest captured length that is believed, in bytes (libpcap's MAXIMUM_SNAPLEN). */
export const maximumCapturedLength = 262_144;
