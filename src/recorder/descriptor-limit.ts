import { readFileSync } from "node:fs";

/** Enough for the log, and for the commands that ask the host, several at a time. */
const reserved = 64;

/**
 * The first file descriptor that is no longer for sockets. Descriptors are given out
 * from the least on; with none left no command can be run, and nothing be written.
 */
export function readDescriptorLimit(): number {
	const limit = parseOpenFiles(readLimits());
	return Math.max(limit - reserved, limit / 2);
}

/** The soft limit on open files, from /proc/self/limits; infinite where it is not told. */
export function parseOpenFiles(limits: string): number {
	const [, soft] = /^Max open files +(\d+)/m.exec(limits) ?? [];
	return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

function readLimits(): string {
	try {
		return readFileSync("/proc/self/limits", "utf8");
	} catch {
		return "";
	}
}
