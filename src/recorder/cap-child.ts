import { writeFileSync, writeSync } from "node:fs";
import { addNs, type LogTime, linkType as link } from "../model/capture.js";
import { UserlandClock } from "./cap-clock.js";
import type { ChildConfig } from "./cap-command.js";
import { type DirectionFlags, holdMs, Pairing } from "./cap-pairing.js";
import {
	createHeader,
	headerLength,
	longestFrame,
	recordKind,
	writeHeader,
} from "./cap-record.js";

/**
 * The capture of one port by `cap`, which aborts its process when the interface goes:
 * so each port has a process of its own.
 *
 * Records leave by file descriptor 3, where a write waits while nobody reads. A byte on
 * standard input asks for a mark; its end ends the process, and so does that of whoever
 * reads the records.
 */

const recordsFd = 3;
const sllLength = 16;
const clock = new UserlandClock();
const header = createHeader();

function write(record: Buffer): void {
	try {
		for (let at = 0; at < record.length; ) {
			at += writeSync(recordsFd, record, at);
		}
	} catch {
		process.exit();
	}
}

function say(kind: number, text: string, time = clock.read()): void {
	const bytes = Buffer.from(text);
	const record = Buffer.alloc(headerLength + bytes.length);
	const captured = bytes.length;
	writeHeader(record, 0, { ...createHeader(), kind, captured }, time);
	bytes.copy(record, headerLength);
	write(record);
}

function sendFrame(
	record: Buffer,
	length: number,
	flags: number,
	time: LogTime,
): void {
	header.kind = recordKind.frame;
	header.captured = record.length - headerLength;
	header.length = length;
	header.flags = flags;
	writeHeader(record, 0, header, time);
	write(record);
}

/** Null once every handle tells the direction of all it sees. */
let pairing: Pairing | null = new Pairing(headerLength, (held) =>
	sendFrame(held.record, held.length, held.flags, held.time),
);

let isFlushing = false;

/** A frame that has no twin goes on all the same. */
function flushLater(): void {
	if (pairing !== null && pairing.oldest !== null && !isFlushing) {
		isFlushing = true;
		setTimeout(() => {
			isFlushing = false;
			pairing?.flush(performance.now());
			flushLater();
		}, holdMs);
	}
}

/** All that waits in the kernel was read in the turn that ends now. */
function sayMark(): void {
	const now = clock.read();
	pairing?.flush(performance.now());
	const oldest = pairing?.oldest ?? null;
	say(recordKind.mark, "", oldest === null ? now : addNs(oldest, -1));
}

/** Bytes before the packet in what libpcap gives for this link type. */
function lengthToSkip(given: string, { linkType, name }: ChildConfig): number {
	if (given === (linkType === link.ethernet ? "ETHERNET" : "RAW")) {
		return 0;
	}
	// libpcap has no plain capture for PPP.
	if (given === "LINKTYPE_LINUX_SLL" && linkType === link.raw) {
		return sllLength;
	}
	throw new Error(`libpcap gives ${given} for ${name}: not what was expected`);
}

/**
 * @param record as the addon filled it, with room for its header; it is used again
 * @param flags epb_flags; 0: of the handle that sees all
 */
function take(record: Buffer, length: number, flags: 0 | DirectionFlags): void {
	const time = clock.read();
	const heldAtMs = performance.now();
	if (flags === 0) {
		const kept = Buffer.from(record);
		pairing?.addFrame({ record: kept, length, time, heldAtMs, flags });
		flushLater();
	} else if (pairing === null) {
		sendFrame(record, length, flags, time);
	} else {
		pairing.addTwin(record.subarray(headerLength), flags, heldAtMs);
		if (pairing.isDone) {
			pairing = null;
			closeAll();
		}
	}
}

/** The handle that sees all comes last: the kernel gives it each frame first. */
const handles = [
	["inbound", 1],
	["outbound", 2],
	["all", 0],
] as const;

/** Closes the handle that sees all. */
let closeAll = () => {};

/** Held here, even closed: the addon has bare pointers to them. */
const kept: unknown[] = [];

async function capture(config: ChildConfig): Promise<void> {
	const { default: binding } = await import("cap");
	const { name, bufferBytes, snapLength } = config;
	for (const [way, flags] of handles) {
		const room = Buffer.alloc(headerLength + longestFrame);
		const frame = room.subarray(headerLength);
		const handle = new binding.Cap();
		kept.push(handle, room, frame);
		const given = handle.open(name, config[way], bufferBytes, frame);
		const skip = lengthToSkip(given, config);
		handle.on("packet", (bytes: number) => {
			const length = bytes - skip;
			const end = skip + headerLength + Math.min(length, snapLength);
			take(room.subarray(skip, end), length, flags);
		});
		if (flags === 0) {
			closeAll = () => handle.close();
		}
	}
}

/** A process that the addon aborts leaves no dump of its memory. */
function leaveNoDump(): void {
	try {
		writeFileSync("/proc/self/coredump_filter", "0");
	} catch {
		// Then it leaves one where the host is set up to keep them.
	}
}

// A terminal signals all of its processes: the one that began this decides.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
leaveNoDump();
try {
	await capture(JSON.parse(process.argv[2] ?? ""));
	say(recordKind.ready, "");
} catch (error) {
	say(recordKind.failure, error instanceof Error ? error.message : "no reason");
	// Without the addon's own cleaning up: that of a handle half open crashes.
	process.kill(process.pid, "SIGKILL");
}
// What already waits in the kernel comes before the mark.
process.stdin.on("data", () => setImmediate(sayMark));
process.stdin.on("end", () => process.exit());
