/** Reads an unsigned 16-bit number in either byte order. */
export function readU16(bytes: Buffer, at: number, isBigEndian: boolean) {
	return isBigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
}

/**
 * Reads an unsigned 32-bit number in either byte order. By index, since the guard reads
 * three a record and Buffer's own method checks each time what the walker has ensured:
 * that the bytes are there.
 */
export function readU32(bytes: Buffer, at: number, isBigEndian: boolean) {
	const first = bytes[at] as number;
	const second = bytes[at + 1] as number;
	const third = bytes[at + 2] as number;
	const fourth = bytes[at + 3] as number;
	return isBigEndian
		? ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0
		: ((fourth << 24) | (third << 16) | (second << 8) | first) >>> 0;
}

/** The same bytes, for reading and writing numbers without the checks of Buffer's methods. */
export function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
	return new DataView(buffer, byteOffset, length);
}

/** Reads a 64-bit counter; one with the top bit set is taken for "not known": 0. */
export function readCount(bytes: Buffer, at: number, isBigEndian: boolean) {
	return Math.max(0, readI64(bytes, at, isBigEndian));
}

/** Reads a signed 64-bit number in either byte order; above 2^53 the nearest one. */
export function readI64(bytes: Buffer, at: number, isBigEndian: boolean) {
	return Number(
		isBigEndian ? bytes.readBigInt64BE(at) : bytes.readBigInt64LE(at),
	);
}
