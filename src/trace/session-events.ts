import type { Mac } from "../model/address.js";
import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { HostDocument } from "../model/host-document.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";

/** What a session makes of a log, as it comes. */
export interface SessionEvents {
	/** A frame of interest, decoded; its bytes are not kept. */
	onFrame(captured: CapturedFrame, frame: Frame, port: Port | null): void;
	/** What a file says of itself. */
	onComment(source: number, comment: SafeText): void;
	/** A journey settled, or something new came up about one that had. */
	onJourney(journey: Journey): void;
	/** An exchange is complete, or its time is up, or something new came up about it. */
	onExchange(exchange: Exchange): void;
	/** What the log's host said, when frames before it are judged; as it said it. */
	onDocument(document: HostDocument, readAt: LogTime): void;
	/** The log's host said how it is made, or that this changed. */
	onTopology(topology: Topology): void;
	/** Something the user should know about a file; one line. */
	onNotice(notice: Notice): void;
}

/** A remark on one file of the log. */
export interface Notice {
	readonly source: number;
	/** Byte offset in the (uncompressed) file; null when it is not about one place. */
	readonly offset: number | null;
	readonly message: string;
}

export interface SessionOptions {
	/** The files of the log, as the user named them. */
	readonly sources: readonly SafeText[];
	/** Names of interface indexes in SLL2 captures. */
	readonly indexNames: ReadonlyMap<number, SafeText>;
	/** The host's own MAC addresses, by the bridge that has them, as far as known. */
	readonly hostMacs: ReadonlyMap<SafeText, Mac>;
	/**
	 * How the host is made, if someone says so beside the log; what the log's own host says
	 * replaces it.
	 */
	readonly topology?: Topology | null;
	readonly events: SessionEvents;
}

/** Frames of interest by what became of them. */
export interface SessionCounts {
	relevant: number;
	malformed: number;
}
