import type { LogTime } from "../model/capture.js";
import type { HostDocument, Tick } from "../model/host-document.js";

/** What an interface block of the log says. */
export interface LogPort {
	readonly name: string;
	/** if_description: VM and MAC, as far as known; null: nothing. */
	readonly description: string | null;
	readonly linkType: number;
	/**
	 * Longest captured length, in bytes. The block says 262,144 for every interface: libpcap
	 * refuses a file whose interfaces differ, and documents are as long.
	 */
	readonly snapLength: number;
	/** if_filter; null: none but the built-in one. */
	readonly filter: string | null;
}

/** A packet block; `flags` are epb_flags. */
export interface LogFrame {
	readonly seconds: number;
	readonly nanos: number;
	readonly bytes: Buffer;
	readonly start: number;
	readonly captured: number;
	readonly length: number;
	readonly flags: number;
}

/** Counters since the interface's capture began. */
export interface LogStatistics {
	readonly at: LogTime;
	readonly received: number;
	readonly dropped: number;
}

/** Writes the event log as pcapng into memory; whoever holds it takes the bytes away. */
export interface EventLog {
	/** Bytes that wait to be taken. */
	readonly size: number;
	addPort(port: LogPort): LogHandle;
	/** No more comes from there: it is left out of sections that begin later. */
	endPort(handle: LogHandle): void;
	addFrame(handle: LogHandle, frame: LogFrame): void;
	addStatistics(handle: LogHandle, statistics: LogStatistics): void;
	/** It is kept, and stands again at the start of each later section. */
	addDocument(document: HostDocument, time: LogTime): void;
	addTick(tick: Tick): void;
	/** What follows goes into a new file: header, interfaces and documents come again. */
	beginSection(): void;
	/** All that waits, in a buffer that is the caller's. */
	takeBytes(): Buffer;
}

/** An interface of the log; opaque to its holder. */
export interface LogHandle {
	readonly port: LogPort;
}
