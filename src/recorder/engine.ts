import type { LogTime } from "../model/capture.js";

/** An interface to capture at. */
export interface EnginePort {
	readonly name: string;
	/** ifindex: the name may come to mean another interface. */
	readonly index: number;
	/** Hold a promiscuous membership; undone by the kernel when the process ends. */
	readonly isPromiscuous: boolean;
	/** LINKTYPE_ number: Ethernet, or raw IP for tun, WireGuard and PPP. */
	readonly linkType: number;
}

/**
 * A frame as an engine hands it on. One object, filled anew for each frame: its fields and
 * bytes are valid only until the callback returns.
 */
export interface EngineFrame {
	port: EnginePort;
	/** Since the epoch. */
	seconds: number;
	nanos: number;
	/** The frame is [start, start + captured) of it, its VLAN tag back in its place. */
	bytes: Buffer;
	start: number;
	captured: number;
	/** On the wire, in bytes. */
	length: number;
	/** epb_flags as in draft-ietf-opsawg-pcapng, 4.3.1: direction, checksum not ready. */
	flags: number;
}

/** Frames that the kernel took and dropped at a port since its capture began. */
export interface PortDrops {
	readonly port: EnginePort;
	readonly received: number;
	readonly dropped: number;
}

/** A port whose capture could not begin, or ended by itself. */
export interface PortFailure {
	readonly port: EnginePort;
	/** One line. */
	readonly reason: string;
}

export interface EngineOptions {
	/** Bytes captured of a frame, at most. */
	readonly snapLength: number;
	/** Bytes that the kernel keeps for us a port, asked for. */
	readonly bufferBytes: number;
	/** pcap-filter expression on top of the built-in one; null: none. */
	readonly filter: string | null;
	/**
	 * Told of a port that ends by itself: it is gone, or its child died. Its counters can
	 * be read until this returns; all its frames were handed on before.
	 */
	readonly onPortEnd: (failure: PortFailure) => void;
	/** Told of what the user should know; one line. */
	readonly onNotice: (message: string) => void;
}

/** One way to capture frames. */
export interface CaptureEngine {
	readonly name: "packet" | "cap";
	/** Where time stamps come from. */
	readonly time: "kernel" | "userland";
	/** Whether frames that it loses are counted. */
	readonly countsDrops: boolean;
	/** Begins to capture at a port; resolves once every frame from then on is seen. */
	open(port: EnginePort): Promise<PortFailure | null>;
	/** Ends a port's capture. What waits there is handed on by the next `drain`. */
	close(port: EnginePort): void;
	/** Resolves when frames wait, or after `timeoutMs`. */
	wait(timeoutMs: number): Promise<void>;
	/**
	 * Hands on what waits, port by port, each in its order, at least up to the frames of
	 * time `until`. Ends early when `take` returns false.
	 *
	 * @returns whether all up to `until` was handed on
	 */
	drain(until: LogTime, take: (frame: EngineFrame) => boolean): boolean;
	/** Counters of the ports that are open. Call after `drain`. */
	readDrops(): readonly PortDrops[];
	/** Ends all. */
	stop(): Promise<void>;
}

/** The engine cannot start on this host; the message says why and what to do. */
export class EngineError extends Error {
	override readonly name: string = "EngineError";
}

/** The expression of `--filter` cannot be used: no engine could. */
export class FilterError extends EngineError {}
