import { writeSync } from "node:fs";
import {
	createHeader,
	headerLength,
	recordKind,
	writeHeader,
} from "../../src/recorder/cap-record.js";

/** Does as a capturing child does, without capturing: what, the name of its port says. */

const { name } = JSON.parse(process.argv[2] ?? "");

/** Frames of `floods`, and the bytes of each. */
const flood = { frames: 20_000, bytes: 1000 } as const;

function send(bytes: Buffer): void {
	for (let at = 0; at < bytes.length; ) {
		at += writeSync(3, bytes, at);
	}
}

function record(kind: number, text: string, nanos = 0): Buffer {
	const ms = Date.now();
	const seconds = Math.floor(ms / 1000);
	const bytes = Buffer.from(text);
	const whole = Buffer.alloc(headerLength + bytes.length);
	const captured = bytes.length;
	const header = { ...createHeader(), kind, captured };
	const frame = { ...header, length: captured + 10, flags: 2 };
	if (kind === recordKind.frame) {
		writeHeader(whole, 0, frame, { seconds: 1, nanos });
	} else {
		writeHeader(whole, 0, header, { seconds, nanos: (ms % 1000) * 1e6 });
	}
	bytes.copy(whole, headerLength);
	return whole;
}

const ready = record(recordKind.ready, "");
const one = record(recordKind.frame, "one", 1);
const two = record(recordKind.frame, "two", 2);

/** What each name does once it has begun. */
const behaviours: Readonly<Record<string, () => void>> = {
	works: () => {
		console.log("noise");
		console.error("Warning: works: no IPv4 address assigned");
		const all = Buffer.concat([ready, one, two]);
		send(all.subarray(0, 40));
		setImmediate(() => send(all.subarray(40)));
	},
	/** At once: who has read that it is ready has read the frames. */
	bursts: () => send(Buffer.concat([ready, one, two])),
	idles: () => send(ready),
	fails: () => send(record(recordKind.failure, "fails: No such\ndevice")),
	aborts: () => {
		send(Buffer.concat([ready, one]));
		process.abort();
	},
	ends: () => {
		send(ready);
		console.error("out of\u001b[2J luck");
		process.exit(4);
	},
	babbles: () => {
		send(ready);
		send(Buffer.alloc(100, "?"));
	},
	floods: () => {
		send(ready);
		const text = "x".repeat(flood.bytes);
		for (let count = 0; count < flood.frames; count += 1) {
			send(record(recordKind.frame, text, count));
		}
	},
};

process.stdin.on("data", () => send(record(recordKind.mark, "")));
process.stdin.on("end", () => process.exit());
behaviours[name]?.();
