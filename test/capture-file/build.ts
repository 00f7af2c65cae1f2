/** A part of a capture, as it is written in one byte order or the other. */
export type Part = (isBigEndian: boolean) => Buffer;

/** An unsigned number of so many bytes. */
export function uint(value: number | bigint, length: 1 | 2 | 4 | 8): Part {
	return (isBigEndian) => {
		const bytes = Buffer.alloc(8);
		bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(value)));
		const lower = bytes.subarray(8 - length);
		return isBigEndian ? lower : Buffer.from(lower).reverse();
	};
}

/** Bytes that no byte order changes. */
export function raw(bytes: Uint8Array | string): Part {
	return () => Buffer.from(bytes as Uint8Array);
}

/** Parts one behind the other. */
export function join(...parts: readonly Part[]): Part {
	return (isBigEndian) => Buffer.concat(parts.map((part) => part(isBigEndian)));
}

/** Fills up to four bytes. */
function pad(part: Part): Part {
	return (isBigEndian) => {
		const bytes = part(isBigEndian);
		return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
	};
}

export const magic = {
	micro: 0xa1b2c3d4,
	nano: 0xa1b23c4d,
	modified: 0xa1b2cd34,
} as const;

interface PcapFields {
	readonly magic?: number;
	readonly version?: readonly [major: number, minor: number];
	readonly snapLength?: number;
	readonly linkType?: number;
}

/** The file header of a classic pcap. */
export function pcapHeader(fields: PcapFields = {}): Part {
	const [major, minor] = fields.version ?? [2, 4];
	return join(
		uint(fields.magic ?? magic.micro, 4),
		uint(major, 2),
		uint(minor, 2),
		uint(0, 4), // thiszone
		uint(0, 4), // sigfigs
		uint(fields.snapLength ?? 262_144, 4),
		uint(fields.linkType ?? 1, 4),
	);
}

interface RecordFields {
	readonly seconds?: number;
	readonly subSecond?: number;
	/** Length on the wire, where it is not that of `data`. */
	readonly length?: number;
	/** What the header claims was captured, where that is a lie. */
	readonly captured?: number;
	/** The eight bytes that the modified format puts behind the header. */
	readonly isModified?: boolean;
}

/** A record of a classic pcap. */
export function pcapRecord(data: Uint8Array, fields: RecordFields = {}): Part {
	return join(
		uint(fields.seconds ?? 1_700_000_000, 4),
		uint(fields.subSecond ?? 0, 4),
		uint(fields.captured ?? data.length, 4),
		uint(fields.length ?? data.length, 4),
		...(fields.isModified ? [uint(3, 4), uint(0x0800, 2), uint(0, 2)] : []),
		raw(data),
	);
}

/** A block of a pcapng: type, length, body, length. */
export function block(type: number, ...body: readonly Part[]): Part {
	return (isBigEndian) => {
		const bytes = pad(join(...body))(isBigEndian);
		const length = uint(bytes.length + 12, 4);
		return join(uint(type, 4), length, raw(bytes), length)(isBigEndian);
	};
}

/** An option of a block; its value is padded. */
export function option(code: number, value: Part): Part {
	return (isBigEndian) => {
		const bytes = value(isBigEndian);
		return join(
			uint(code, 2),
			uint(bytes.length, 2),
			pad(raw(bytes)),
		)(isBigEndian);
	};
}

export const endOfOptions = option(0, raw(""));

/** Section Header Block of version 1.0. */
export function section(...options: readonly Part[]): Part {
	return block(
		0x0a0d0d0a,
		uint(0x1a2b3c4d, 4),
		uint(1, 2),
		uint(0, 2),
		uint(-1, 8), // section length: not known
		...options,
	);
}

interface InterfaceFields {
	readonly linkType?: number;
	readonly snapLength?: number;
	readonly name?: string;
	readonly tsresol?: number;
	readonly tsoffset?: bigint;
}

/** Interface Description Block. */
export function interfaceBlock(
	fields: InterfaceFields = {},
	...options: readonly Part[]
): Part {
	const { name, tsresol, tsoffset } = fields;
	return block(
		1,
		uint(fields.linkType ?? 1, 2),
		uint(0, 2),
		uint(fields.snapLength ?? 262_144, 4),
		...(name === undefined ? [] : [option(2, raw(name))]),
		...(tsresol === undefined ? [] : [option(9, uint(tsresol, 1))]),
		...(tsoffset === undefined ? [] : [option(14, uint(tsoffset, 8))]),
		...options,
		endOfOptions,
	);
}

interface PacketFields {
	readonly interfaceId?: number;
	/** In units of the interface. */
	readonly time?: bigint;
	readonly length?: number;
	readonly captured?: number;
	/** Drop count of the obsolete packet block. */
	readonly dropped?: number;
}

/** Enhanced Packet Block. */
export function enhancedPacket(
	data: Uint8Array,
	fields: PacketFields = {},
	...options: readonly Part[]
): Part {
	return block(
		6,
		uint(fields.interfaceId ?? 0, 4),
		...timeAndData(data, fields),
		...options,
	);
}

/** Packet Block, obsolete. */
export function obsoletePacket(
	data: Uint8Array,
	fields: PacketFields = {},
	...options: readonly Part[]
): Part {
	return block(
		2,
		uint(fields.interfaceId ?? 0, 2),
		uint(fields.dropped ?? 0xffff, 2),
		...timeAndData(data, fields),
		...options,
	);
}

/** 1,700,000,000 seconds after the epoch, in microseconds. */
const defaultTime = 1_700_000_000_000_000n;

function timeAndData(data: Uint8Array, fields: PacketFields): Part[] {
	const time = fields.time ?? defaultTime;
	return [
		uint(time >> 32n, 4),
		uint(time & 0xffff_ffffn, 4),
		uint(fields.captured ?? data.length, 4),
		uint(fields.length ?? data.length, 4),
		pad(raw(data)),
	];
}

/** Simple Packet Block. */
export function simplePacket(data: Uint8Array, length = data.length): Part {
	return block(3, uint(length, 4), raw(data));
}

/** Interface Statistics Block. */
export function statistics(
	interfaceId: number,
	...options: readonly Part[]
): Part {
	return block(5, uint(interfaceId, 4), uint(0, 8), ...options);
}

/** A 64-bit time as two halves, the upper one first, as options hold it. */
export function splitTime(time: bigint): Part {
	return join(uint(time >> 32n, 4), uint(time & 0xffff_ffffn, 4));
}
