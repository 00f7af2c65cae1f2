import { type BpfInstruction, encodeProgram } from "./bpf.js";
import type { Koffi, Libc } from "./libc.js";

/** Of linux/if_packet.h, asm-generic/socket.h and bits/socket.h. */
const family = { packet: 17 } as const;
const socketType = {
	datagram: 2,
	raw: 3,
	nonBlocking: 0o4000,
	closeOnExec: 0o2000000,
} as const;
const everyProtocol = 0x0003;
const level = { socket: 1, packet: 263 } as const;
const socketOption = {
	receiveBuffer: 8,
	attachFilter: 26,
	receiveBufferForce: 33,
	timestampNs: 35,
} as const;
const packetOption = { addMembership: 1, statistics: 6, auxdata: 8 } as const;
const promiscuous = 1;

const addressLength = 20;
const membershipLength = 16;
const statisticsLength = 8;
const intLength = 4;

/** A call of libc that failed. */
export class SystemError extends Error {
	override readonly name = "SystemError";
	readonly errno: number;

	constructor(message: string, errno: number) {
		super(message);
		this.errno = errno;
	}
}

/** Counters of a socket since they were read last. */
export interface SocketStatistics {
	/** Those dropped are among them. */
	readonly received: number;
	readonly dropped: number;
}

export interface BindOptions {
	readonly index: number;
	readonly isPromiscuous: boolean;
	readonly program: readonly BpfInstruction[];
	readonly bufferBytes: number;
}

/** Packet sockets: packet(7), socket(7). File descriptors are plain numbers here. */
export class PacketSockets {
	readonly #koffi: Koffi;
	readonly #libc: Libc;

	constructor(koffi: Koffi, libc: Libc) {
		this.#koffi = koffi;
		this.#libc = libc;
	}

	/**
	 * Makes a socket that gets nothing yet.
	 *
	 * @param hasLinkHeader false: frames begin with the IP packet, whatever the port
	 * @throws {SystemError} EPERM without CAP_NET_RAW
	 */
	create(hasLinkHeader: boolean): number {
		const kind = hasLinkHeader ? socketType.raw : socketType.datagram;
		const flags = socketType.nonBlocking | socketType.closeOnExec;
		return this.#check(
			"socket(AF_PACKET)",
			this.#libc.socket(family.packet, kind | flags, 0),
		);
	}

	/** From the first such socket on the kernel stamps every frame as it passes. */
	stamp(fd: number): void {
		// The 64-bit times of SO_TIMESTAMPNS_NEW are what this one gives on 64 bits, and
		// kernels before 5.1 know it as well.
		this.#setInt(fd, level.socket, socketOption.timestampNs, 1);
	}

	/**
	 * Begins to capture at an interface.
	 *
	 * The filter is set before, so that no frame comes in that it did not see.
	 *
	 * @returns bytes the kernel really keeps for us
	 * @throws {SystemError} ENODEV when there is no such interface
	 */
	bind(fd: number, options: BindOptions): number {
		const { index, isPromiscuous, program, bufferBytes } = options;
		this.stamp(fd);
		const kept = this.#setBuffer(fd, bufferBytes);
		this.#setInt(fd, level.packet, packetOption.auxdata, 1);
		this.setFilter(fd, program);
		if (isPromiscuous) {
			this.#join(fd, index);
		}
		const address = Buffer.alloc(addressLength);
		address.writeUInt16LE(family.packet, 0);
		address.writeUInt16BE(everyProtocol, 2);
		address.writeInt32LE(index, 4);
		const bound = this.#libc.bind(fd, address, address.length);
		this.#check("bind", bound);
		return kept;
	}

	/** Replaces the filter; what already waits stays. */
	setFilter(fd: number, program: readonly BpfInstruction[]): void {
		const code = encodeProgram(program);
		const head = Buffer.alloc(16);
		head.writeUInt16LE(program.length, 0);
		head.writeBigUInt64LE(BigInt(this.#koffi.address(code)), 8);
		this.#set(fd, level.socket, socketOption.attachFilter, head);
	}

	/** The interface a socket is bound to; -1 once that is gone. */
	boundIndex(fd: number): number {
		const address = Buffer.alloc(addressLength);
		const length = intBuffer(address.length);
		this.#check("getsockname", this.#libc.getsockname(fd, address, length));
		return address.readInt32LE(4);
	}

	/** Reads the counters, which sets them to zero (PACKET_STATISTICS). */
	readStatistics(fd: number): SocketStatistics {
		const value = this.#get(
			fd,
			level.packet,
			packetOption.statistics,
			statisticsLength,
		);
		return { received: value.readUInt32LE(0), dropped: value.readUInt32LE(4) };
	}

	/** What an errno means, in words. */
	describe(call: string, errno: number): string {
		return `${call}: ${this.#libc.strerror(errno)}`;
	}

	/** Ends a socket. */
	close(fd: number): void {
		this.#libc.close(fd);
	}

	/** Only CAP_NET_ADMIN goes beyond net.core.rmem_max. */
	#setBuffer(fd: number, bytes: number): number {
		const { receiveBuffer, receiveBufferForce } = socketOption;
		const value = intBuffer(bytes);
		const forced = this.#libc.setsockopt(
			fd,
			level.socket,
			receiveBufferForce,
			value,
			value.length,
		);
		if (forced !== 0) {
			this.#set(fd, level.socket, receiveBuffer, value);
		}
		// The kernel doubles what is asked, for what it needs itself: socket(7).
		return (
			this.#get(fd, level.socket, receiveBuffer, intLength).readInt32LE(0) / 2
		);
	}

	#join(fd: number, index: number): void {
		const membership = Buffer.alloc(membershipLength);
		membership.writeInt32LE(index, 0);
		membership.writeUInt16LE(promiscuous, 4);
		this.#set(fd, level.packet, packetOption.addMembership, membership);
	}

	#setInt(fd: number, at: number, name: number, value: number): void {
		this.#set(fd, at, name, intBuffer(value));
	}

	#set(fd: number, at: number, name: number, value: Buffer): void {
		this.#check(
			`setsockopt ${name}`,
			this.#libc.setsockopt(fd, at, name, value, value.length),
		);
	}

	#get(fd: number, at: number, name: number, length: number): Buffer {
		const value = Buffer.alloc(length);
		this.#check(
			`getsockopt ${name}`,
			this.#libc.getsockopt(fd, at, name, value, intBuffer(length)),
		);
		return value;
	}

	#check(call: string, result: number): number {
		if (result < 0) {
			const errno = this.#koffi.errno();
			throw new SystemError(this.describe(call, errno), errno);
		}
		return result;
	}
}

function intBuffer(value: number): Buffer {
	const bytes = Buffer.alloc(intLength);
	bytes.writeInt32LE(value);
	return bytes;
}
