import { createRequire } from "node:module";
import type koffiModule from "koffi";
import { EngineError } from "./engine.js";

/** The foreign function interface by which libc and libpcap are called. */
export type Koffi = typeof koffiModule;

/** Memory that C reads or writes: all of it must stay referenced as long as C may. */
type Memory = Buffer | null;

/** Functions of libc, as section 2 of the manual has them: -1 for an error, see `errno`. */
export interface Libc {
	socket(domain: number, type: number, protocol: number): number;
	bind(fd: number, address: Memory, length: number): number;
	getsockname(fd: number, address: Memory, length: Memory): number;
	setsockopt(
		fd: number,
		level: number,
		name: number,
		value: Memory,
		length: number,
	): number;
	getsockopt(
		fd: number,
		level: number,
		name: number,
		value: Memory,
		length: Memory,
	): number;
	recvmmsg(
		fd: number,
		messages: Memory,
		count: number,
		flags: number,
		timeout: null,
	): number;
	epoll_create1(flags: number): number;
	epoll_ctl(
		fd: number,
		operation: number,
		target: number,
		event: Memory,
	): number;
	epoll_wait(
		fd: number,
		events: Memory,
		maxEvents: number,
		timeoutMs: number,
	): number;
	close(fd: number): number;
	strerror(errno: number): string;
}

/** What each function is in C; `void *` takes a Buffer without a copy. */
const prototypes: Readonly<Record<keyof Libc, string>> = {
	socket: "int socket(int, int, int)",
	bind: "int bind(int, void *, uint32_t)",
	getsockname: "int getsockname(int, void *, void *)",
	setsockopt: "int setsockopt(int, int, int, void *, uint32_t)",
	getsockopt: "int getsockopt(int, int, int, void *, void *)",
	recvmmsg: "int recvmmsg(int, void *, uint32_t, int, void *)",
	epoll_create1: "int epoll_create1(int)",
	epoll_ctl: "int epoll_ctl(int, int, int, void *)",
	epoll_wait: "int epoll_wait(int, void *, int, int)",
	close: "int close(int)",
	strerror: "str strerror(int)",
};

/** Errors that mean something to the engine; numbers of Linux on every machine it knows. */
export const errno = {
	notPermitted: 1,
	interrupted: 4,
	again: 11,
	noMemory: 12,
	netDown: 100,
} as const;

/** Where structures of the kernel lie as in this code: 64 bits, little endian. */
const machines: readonly string[] = ["x64", "arm64"];

/**
 * Loads koffi.
 *
 * It is loaded when it is wanted and not before: on a host where it does not load,
 * everything else goes on.
 *
 * @throws {EngineError} when it does not load
 */
export function loadKoffi(): Koffi {
	try {
		return createRequire(import.meta.url)("koffi") as Koffi;
	} catch (error) {
		const [reason] = String(error).split("\n");
		throw new EngineError(
			`the packet engine needs koffi, which does not load (${reason}): run npm install again, without --omit=optional, or use --engine cap`,
		);
	}
}

/**
 * Refuses machines the packet engine is not made for.
 *
 * @throws {EngineError} when this is not Linux on x64 or arm64
 */
export function checkMachine(): void {
	if (process.platform !== "linux") {
		throw new EngineError(
			`frames are captured on Linux only, and this is ${process.platform}: capture on the KVM host`,
		);
	}
	if (!machines.includes(process.arch)) {
		throw new EngineError(
			`the packet engine runs on ${machines.join(" and ")}, and this is ${process.arch}: use --engine cap, or capture with tcpdump`,
		);
	}
}

/** The functions of the C library this process runs with, whichever it is. */
export function loadLibc(koffi: Koffi): Libc {
	const library = koffi.load(null);
	const functions = Object.entries(prototypes).map(([name, prototype]) => [
		name,
		library.func(prototype),
	]);
	return Object.fromEntries(functions) as Libc;
}
