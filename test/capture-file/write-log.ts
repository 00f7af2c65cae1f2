import type {
	LogFrame,
	LogHandle,
	LogPort,
} from "../../src/capture-file/event-log.js";
import { PcapngWriter } from "../../src/capture-file/pcapng-writer.js";
import type { LogTime } from "../../src/model/capture.js";
import type { HostDocument } from "../../src/model/host-document.js";

export const origin = { application: "vmpath 0.1.0", system: "Linux 6.18.5" };

export function portOf(name: string, fields: Partial<LogPort> = {}): LogPort {
	const usual = { description: null, linkType: 1, snapLength: 2048 };
	return { name, ...usual, filter: null, ...fields };
}

/** A frame whole in a buffer of its own. */
export function frameOf(
	bytes: Buffer,
	{ seconds, nanos }: LogTime,
	flags = 0,
	length = bytes.length,
): LogFrame {
	const captured = bytes.length;
	return { seconds, nanos, bytes, start: 0, captured, length, flags };
}

export function documentOf(
	type: HostDocument["type"],
	output: string,
): HostDocument {
	return { type, statements: [{ source: "ip", output, gap: null }] };
}

/** 1,700,000,000 seconds after the epoch, and so many nanoseconds. */
export function at(nanos: number): LogTime {
	return { seconds: 1_700_000_000, nanos };
}

/** An echo request that any program can read, its last byte being `last`. */
export function echoRequest(last = 0): Buffer {
	const bytes = Buffer.from(
		"525400aa00015254000b0001080045000021000140004001f983c0a80102c0a80101" +
			"08000000000700010000000000",
		"hex",
	);
	bytes.writeUInt8(last, bytes.length - 1);
	return bytes;
}

/** epb_flags: inbound, outbound, outbound with a checksum that is not ready. */
export const flags = { none: 0, in: 1, out: 2, outUnready: 0x202 } as const;

/** What `writeLog` wrote. */
export interface WrittenLog {
	readonly bytes: Buffer;
	/** What another program should say of each frame: name, nanoseconds, flags. */
	readonly frames: readonly string[];
	/** Documents in the order in which a reader meets them. */
	readonly documents: readonly HostDocument[];
	readonly ticks: number;
}

/** A log with everything in it: ports that come and go, documents of many frames. */
export function writeLog(): WrittenLog {
	const log = new PcapngWriter(origin);
	const frames: string[] = [];
	const documents = [
		documentOf("host-links", "short"),
		documentOf("host-domains", "ö€😀 long ".repeat(50_000)),
		documentOf("host-links", "again"),
	];
	const [first, second, third] = documents;
	const add = (handle: LogHandle, nanos: number, flags: number) => {
		log.addFrame(handle, frameOf(echoRequest(flags & 0xff), at(nanos), flags));
		frames.push(`${handle.port.name} 1700000000.${nanos} ${flags}`);
	};
	const filter = "icmp or arp";
	const vnet0 = log.addPort(
		portOf("vnet0", { description: "VM1 52:54:00:0b:00:01", filter }),
	);
	addDocument(log, first);
	add(vnet0, 100_000_001, flags.in);
	addDocument(log, second);
	const ens3 = log.addPort(portOf("ens3"));
	add(ens3, 100_000_002, flags.out);
	log.addStatistics(vnet0, { at: at(100_000_003), received: 5, dropped: 0 });
	add(vnet0, 100_000_004, flags.outUnready);
	addDocument(log, third);
	log.endPort(ens3);
	add(vnet0, 999_999_999, flags.none);
	log.addStatistics(vnet0, { at: at(999_999_999), received: 9, dropped: 2 });
	const until = { seconds: 1_700_000_001, nanos: 5 };
	log.addTick({ until, dropsTotal: 2, monotonic: { seconds: 77, nanos: 1 } });
	return { bytes: log.takeBytes(), frames, documents, ticks: 1 };
}

function addDocument(log: PcapngWriter, document: HostDocument | undefined) {
	if (document !== undefined) {
		log.addDocument(document, at(100_000_000));
	}
}
