import { readU16, readU32 } from "./byte-order.js";

/** The variants of the classic format, by the magic number as it stands in the file. */
const variants = new Map<string, { nanos: boolean; modified: boolean }>([
	["d4c3b2a1", { nanos: false, modified: false }],
	["a1b2c3d4", { nanos: false, modified: false }],
	["4d3cb2a1", { nanos: true, modified: false }],
	["a1b23c4d", { nanos: true, modified: false }],
	["34cdb2a1", { nanos: false, modified: true }],
	["a1b2cd34", { nanos: false, modified: true }],
]);

export const fileHeaderLength = 24;

/** The link type stands in the lower 16 bits; above it are flags for a trailing FCS. */
const linkTypeMask = 0xffff;

/** What the 24 bytes at the start of a classic pcap say. */
export interface PcapHeader {
	readonly isBigEndian: boolean;
	/** What the sub-second field counts: microseconds or nanoseconds. */
	readonly unitsPerSecond: number;
	/** Bytes of a record's header; Kuznetzov's "modified" format has 8 more. */
	readonly recordHeaderLength: number;
	readonly version: string;
	/** In bytes; 0: the file sets no limit. */
	readonly snapLength: number;
	readonly linkType: number;
}

/** Whether bytes begin a classic pcap of any variant. */
export function isPcap(bytes: Buffer): boolean {
	return variants.has(bytes.toString("hex", 0, 4));
}

/** Reads the file header (`pcap-savefile(5)`); the caller has checked `isPcap`. */
export function parsePcapHeader(bytes: Buffer): PcapHeader {
	const magic = bytes.toString("hex", 0, 4);
	const variant = variants.get(magic);
	const isBigEndian = magic.startsWith("a1b2");
	const u16 = (at: number) => readU16(bytes, at, isBigEndian);
	const u32 = (at: number) => readU32(bytes, at, isBigEndian);
	return {
		isBigEndian,
		unitsPerSecond: variant?.nanos ? 1e9 : 1e6,
		recordHeaderLength: variant?.modified ? 24 : 16,
		version: `${u16(4)}.${u16(6)}`,
		snapLength: u32(16),
		linkType: u32(20) & linkTypeMask,
	};
}

/**
 * The same header as `pcap-parser` knows it: version 2.4 with the microsecond magic
 * number. It hands the sub-second field through as it is.
 */
export function toPlainHeader(bytes: Buffer, header: PcapHeader): Buffer {
	const plain = Buffer.from(bytes.subarray(0, fileHeaderLength));
	plain.write(header.isBigEndian ? "a1b2c3d4" : "d4c3b2a1", 0, "hex");
	plain.write(header.isBigEndian ? "00020004" : "02000400", 4, "hex");
	return plain;
}
