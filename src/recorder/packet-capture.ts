import { elapsedNs, type LogTime } from "../model/capture.js";
import { isCapturedLinkType } from "./bpf-capture.js";
import {
	type CaptureEngine,
	EngineError,
	type EngineOptions,
	type EnginePort,
	type PortDrops,
	type PortFailure,
} from "./engine.js";
import { errno } from "./libc.js";
import type { PacketPoll } from "./packet-poll.js";
import { PacketPort } from "./packet-port.js";
import type { ProgramOf } from "./packet-programs.js";
import type { PacketReader, TakeFrame } from "./packet-reader.js";
import { type PacketSockets, SystemError } from "./packet-socket.js";

/** What a capture is made of. */
export interface CaptureParts {
	readonly sockets: PacketSockets;
	readonly programOf: ProgramOf;
	/** A socket bound to nothing, which keeps the kernel stamping frames. */
	readonly probe: number;
	readonly poll: PacketPoll;
	readonly reader: PacketReader;
	/** Descriptors from this one on are left to files, and to commands that are run. */
	readonly descriptorLimit: number;
}

const tooManyFiles =
	"too many files are open: raise the limit (`ulimit -n 65536`), or choose less with --bridge, --interface or --vm";

/** A capture at many ports, a socket each. */
export class PacketCapture implements CaptureEngine {
	readonly name = "packet";
	readonly time = "kernel";
	readonly countsDrops = true;
	readonly #options: EngineOptions;
	readonly #parts: CaptureParts;
	/** By file descriptor. */
	readonly #open = new Map<number, PacketPort>();
	/** Closed, but not yet read to the end. */
	readonly #closing = new Set<PacketPort>();
	#isStopped = false;
	#hasToldBuffer = false;

	constructor(options: EngineOptions, parts: CaptureParts) {
		this.#options = options;
		this.#parts = parts;
	}

	async open(port: EnginePort): Promise<PortFailure | null> {
		const { sockets, programOf, poll } = this.#parts;
		if (!isCapturedLinkType(port.linkType)) {
			return { port, reason: `link type ${port.linkType} is not supported` };
		}
		try {
			const program = programOf(port.linkType);
			const { bufferBytes } = this.#options;
			const opened = new PacketPort(sockets, port, program, bufferBytes);
			if (opened.fd >= this.#parts.descriptorLimit) {
				opened.close();
				return { port, reason: tooManyFiles };
			}
			this.#open.set(opened.fd, opened);
			poll.add(opened.fd);
			this.#tellBuffer(opened.bufferBytes);
			return null;
		} catch (error) {
			return { port, reason: reasonOf(error) };
		}
	}

	close(port: EnginePort): void {
		for (const opened of this.#open.values()) {
			if (opened.port.index === port.index) {
				this.#close(opened);
			}
		}
	}

	wait(timeoutMs: number): Promise<void> {
		const { reader, poll } = this.#parts;
		return reader.hasRest ? Promise.resolve() : poll.wait(timeoutMs);
	}

	drain(until: LogTime, take: TakeFrame): boolean {
		const { reader, poll } = this.#parts;
		if (this.#isStopped) {
			return true;
		}
		if (!reader.handOn(take) || !this.#finishClosing(take)) {
			return false;
		}
		const ready = poll.ready();
		for (const fd of ready) {
			const port = this.#open.get(fd);
			if (port !== undefined && !this.#read(port, until, take)) {
				return false;
			}
		}
		return this.#endGone(take) && ready.length < poll.readyLimit;
	}

	readDrops(): readonly PortDrops[] {
		return Array.from(this.#open.values(), (port) => port.readDrops());
	}

	async stop(): Promise<void> {
		if (this.#isStopped) {
			return;
		}
		this.#isStopped = true;
		const { poll, sockets, probe } = this.#parts;
		poll.close();
		sockets.close(probe);
		for (const port of [...this.#open.values(), ...this.#closing]) {
			port.close();
		}
		this.#open.clear();
		this.#closing.clear();
	}

	/**
	 * Reads a port until nothing waits there, or beyond a time.
	 *
	 * @returns false when `take` wants no more
	 */
	#read(port: PacketPort, until: LogTime | null, take: TakeFrame): boolean {
		const { reader, sockets } = this.#parts;
		for (;;) {
			const error = reader.receive(port.fd, port.port);
			if (error === errno.netDown) {
				// Told once, before the frames that came until then.
				port.wasDown = true;
			} else if (error === 0) {
				if (!reader.handOn(take)) {
					return false;
				}
				// An error ends a batch as well, before all that waits was received.
				if (isBeyond(reader.time, until)) {
					return true;
				}
			} else if (error !== errno.interrupted) {
				if (error !== errno.again) {
					this.#end(port, sockets.describe("recvmmsg", error));
				}
				return true;
			}
		}
	}

	#endGone(take: TakeFrame): boolean {
		for (const port of this.#open.values()) {
			if (port.wasDown && port.isGone) {
				if (!this.#read(port, null, take)) {
					return false;
				}
				this.#end(port, "the interface is gone");
			}
		}
		return true;
	}

	/** Until all know of it, its counters can be read. */
	#end(port: PacketPort, reason: string): void {
		if (this.#open.has(port.fd)) {
			this.#options.onPortEnd({ port: port.port, reason });
			this.#close(port);
		}
	}

	#close(port: PacketPort): void {
		if (this.#open.delete(port.fd)) {
			this.#parts.poll.delete(port.fd);
			port.shut();
			this.#closing.add(port);
		}
	}

	#finishClosing(take: TakeFrame): boolean {
		for (const port of this.#closing) {
			if (!this.#read(port, null, take)) {
				return false;
			}
			this.#closing.delete(port);
			port.close();
		}
		return true;
	}

	#tellBuffer(bytes: number): void {
		const { bufferBytes, onNotice } = this.#options;
		if (bytes < bufferBytes && !this.#hasToldBuffer) {
			this.#hasToldBuffer = true;
			onNotice(
				`the kernel keeps ${bytes} bytes of frames a port for us, not ${bufferBytes}: run as root, or raise net.core.rmem_max`,
			);
		}
	}
}

function isBeyond(time: LogTime, until: LogTime | null): boolean {
	return until !== null && elapsedNs(until, time) > 0;
}

function reasonOf(error: unknown): string {
	if (error instanceof SystemError && error.errno === errno.noMemory) {
		return `${error.message}: the filter is too long for net.core.optmem_max`;
	}
	if (error instanceof SystemError || error instanceof EngineError) {
		return error.message;
	}
	throw error;
}
