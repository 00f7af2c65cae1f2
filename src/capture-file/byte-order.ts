/** Reads an unsigned 16-bit number in either byte order. */
export function readU16(bytes: Buffer, at: number, isBigEndian: boolean) {
	return isBigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
}

/** Reads an unsigned 32-bit number in either byte order. */
export function readU32(bytes: Buffer, at: number, isBigEndian: boolean) {
	return isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
}

/** Reads a signed 64-bit number in either byte order; above 2^53 the nearest one. */
export function readI64(bytes: Buffer, at: number, isBigEndian: boolean) {
	return Number(
		isBigEndian ? bytes.readBigInt64BE(at) : bytes.readBigInt64LE(at),
	);
}
