const lengthAt = 4;

/** Where the last whole block ends in bytes that begin with a block of our own writing. */
export function findLastBlockEnd(bytes: Buffer): number {
	let end = 0;
	while (end + 2 * lengthAt <= bytes.length) {
		const next = end + bytes.readUInt32LE(end + lengthAt);
		if (next > bytes.length || next === end) {
			return end;
		}
		end = next;
	}
	return end;
}
