import type { Direction } from "../model/frame.js";
import type { SafeText } from "../model/safe-text.js";
import { readCount, readU16, readU32 } from "./byte-order.js";
import {
	optionCode,
	paddedLength,
	parseText,
	readOptions,
} from "./pcapng-options.js";

/** The fixed fields of a packet block, whichever of the three kinds it is. */
export interface PacketFields {
	readonly interfaceId: number;
	/** The two halves of the time stamp, in units of the interface. */
	readonly high: number;
	readonly low: number;
	readonly isTimed: boolean;
	readonly dataStart: number;
	readonly captured: number;
	/** Length on the wire, in bytes. */
	readonly length: number;
	/** Packets lost between this one and the one before it. */
	readonly dropped: number;
}

/** Enhanced Packet Block. */
export function parseEnhancedPacket(
	bytes: Buffer,
	body: number,
	isBigEndian: boolean,
): PacketFields {
	return {
		interfaceId: readU32(bytes, body, isBigEndian),
		high: readU32(bytes, body + 4, isBigEndian),
		low: readU32(bytes, body + 8, isBigEndian),
		isTimed: true,
		captured: readU32(bytes, body + 12, isBigEndian),
		length: readU32(bytes, body + 16, isBigEndian),
		dataStart: body + 20,
		dropped: 0,
	};
}

/** The drop count of an obsolete packet block that does not know it. */
const dropsUnknown = 0xffff;

/** Packet Block, obsolete: the interface is 16 bits, and a drop count follows it. */
export function parseObsoletePacket(
	bytes: Buffer,
	body: number,
	isBigEndian: boolean,
): PacketFields {
	const dropped = readU16(bytes, body + 2, isBigEndian);
	return {
		...parseEnhancedPacket(bytes, body, isBigEndian),
		interfaceId: readU16(bytes, body, isBigEndian),
		dropped: dropped === dropsUnknown ? 0 : dropped,
	};
}

/**
 * Simple Packet Block: belongs to interface 0, has no time, and its captured length
 * follows from that interface's snap length.
 */
export function parseSimplePacket(
	bytes: Buffer,
	body: number,
	snapLength: number,
	isBigEndian: boolean,
): PacketFields {
	const length = readU32(bytes, body, isBigEndian);
	return {
		interfaceId: 0,
		high: 0,
		low: 0,
		isTimed: false,
		captured: Math.min(length, snapLength || length),
		length,
		dataStart: body + 4,
		dropped: 0,
	};
}

export interface PacketOptions {
	/** From epb_flags, bits 0 and 1. */
	readonly direction: Direction | null;
	readonly comment: SafeText | null;
	/** epb_dropcount. */
	readonly dropped: number;
	/** An option claims more bytes than the block has. */
	readonly isBad: boolean;
}

const noOptions: PacketOptions = {
	direction: null,
	comment: null,
	dropped: 0,
	isBad: false,
};

const directionBits = 3;
const directions: readonly (Direction | null)[] = [null, "in", "out", null];

/** Options of packets that say their direction and no more, by the bits that say it. */
const flagsOnly = directions.map(
	(direction): PacketOptions => ({ ...noOptions, direction }),
);
/** epb_flags, and the end of the options. */
const flagsOnlyLength = 12;

/** Reads the options behind a packet's data; `end` is where the block's body ends. */
export function parsePacketOptions(
	bytes: Buffer,
	packet: PacketFields,
	end: number,
	isBigEndian: boolean,
): PacketOptions {
	const start = packet.dataStart + paddedLength(packet.captured);
	if (!packet.isTimed || start >= end) {
		return noOptions;
	}
	if (hasFlagsOnly(bytes, start, end, isBigEndian)) {
		return flagsOnly[
			readU32(bytes, start + 4, isBigEndian) & directionBits
		] as PacketOptions;
	}
	let direction: Direction | null = null;
	let comment: SafeText | null = null;
	let dropped = 0;
	const bad = readOptions(bytes, start, end, isBigEndian, (code, value) => {
		if (code === optionCode.packetFlags && value.length >= 4) {
			const flags = readU32(value, 0, isBigEndian);
			direction = directions[flags & directionBits] ?? null;
		} else if (code === optionCode.comment) {
			comment ??= parseText(value);
		} else if (code === optionCode.packetDropCount && value.length >= 8) {
			dropped = readCount(value, 0, isBigEndian);
		}
	});
	return { direction, comment, dropped, isBad: bad !== null };
}

/** Whether a block ends as most blocks of a recording do, for which nothing is allocated. */
function hasFlagsOnly(
	bytes: Buffer,
	start: number,
	end: number,
	isBigEndian: boolean,
): boolean {
	return (
		end - start === flagsOnlyLength &&
		readU16(bytes, start, isBigEndian) === optionCode.packetFlags &&
		readU16(bytes, start + 2, isBigEndian) === 4 &&
		readU16(bytes, start + 8, isBigEndian) === optionCode.endOfOptions
	);
}
