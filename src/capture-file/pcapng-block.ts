import { readU16 } from "./byte-order.js";

/** Block types of draft-ietf-opsawg-pcapng; all others are passed over. */
export const blockType = {
	interface: 1,
	packet: 2,
	simplePacket: 3,
	interfaceStatistics: 5,
	enhancedPacket: 6,
	section: 0x0a0d0d0a,
} as const;

/** Bytes that the body of a block has at least, by type. */
export const minimumBody: ReadonlyMap<number, number> = new Map([
	[blockType.interface, 8],
	[blockType.packet, 20],
	[blockType.simplePacket, 4],
	[blockType.interfaceStatistics, 12],
	[blockType.enhancedPacket, 20],
	[blockType.section, 16],
]);

/** By it a section header says its byte order. */
export const byteOrderMagic = 0x1a2b3c4d;

/** Version of the format, from a section header's body. */
export function readVersion(
	bytes: Buffer,
	body: number,
	isBigEndian: boolean,
): { major: number; minor: number } {
	return {
		major: readU16(bytes, body + 4, isBigEndian),
		minor: readU16(bytes, body + 6, isBigEndian),
	};
}
