import { linkType } from "../model/capture.js";
import { type BpfInstruction, bpf } from "./bpf.js";
import type { EnginePort, PortDrops } from "./engine.js";
import type { PacketSockets } from "./packet-socket.js";

const rejectAll: readonly BpfInstruction[] = [
	{ code: bpf.ret, jt: 0, jf: 0, k: 0 },
];

/** A port that is captured: its socket, and what was counted there. */
export class PacketPort {
	readonly port: EnginePort;
	readonly fd: number;
	/** Bytes of frames that the kernel keeps for us. */
	readonly bufferBytes: number;
	/** It was heard to be down: of its end we may hear nothing more. */
	wasDown = false;
	readonly #sockets: PacketSockets;
	#received = 0;
	#dropped = 0;

	/**
	 * Begins to capture at a port.
	 *
	 * @param bufferBytes asked for
	 * @throws {SystemError} when it cannot be
	 */
	constructor(
		sockets: PacketSockets,
		port: EnginePort,
		program: readonly BpfInstruction[],
		bufferBytes: number,
	) {
		this.port = port;
		this.#sockets = sockets;
		// What stands before the packet differs among interfaces without Ethernet.
		this.fd = sockets.create(port.linkType === linkType.ethernet);
		const { index, isPromiscuous } = port;
		try {
			this.bufferBytes = sockets.bind(this.fd, {
				...{ index, isPromiscuous, program, bufferBytes },
			});
		} catch (error) {
			sockets.close(this.fd);
			throw error;
		}
	}

	/**
	 * Whether the interface was deleted, or moved to another namespace: the kernel then
	 * unbinds the socket. While its link is down it stays bound, and goes on afterwards.
	 */
	get isGone(): boolean {
		return this.#sockets.boundIndex(this.fd) !== this.port.index;
	}

	/** Counted since the capture began: the kernel's counters start anew at each reading. */
	readDrops(): PortDrops {
		const { received, dropped } = this.#sockets.readStatistics(this.fd);
		this.#received += received;
		this.#dropped += dropped;
		return {
			port: this.port,
			received: this.#received,
			dropped: this.#dropped,
		};
	}

	/** Lets no more frames in; those that wait stay. */
	shut(): void {
		this.#sockets.setFilter(this.fd, rejectAll);
	}

	/** Ends the socket. */
	close(): void {
		this.#sockets.close(this.fd);
	}
}
