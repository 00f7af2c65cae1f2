import type { ChecksumStatus } from "../model/frame.js";

/** One's complement of zero: what words sum up to when their checksum is among them. */
const allOnes = 0xffff;

/**
 * Adds up 16-bit words; an odd byte at the end counts as the high half of one.
 *
 * The sum is not folded: one may be handed on as the start of another, up to 2^37
 * words in all.
 */
export function sumWords(
	bytes: Uint8Array,
	start: number,
	end: number,
	sum = 0,
): number {
	let total = sum;
	for (let index = start; index + 1 < end; index += 2) {
		total += ((bytes[index] as number) << 8) | (bytes[index + 1] as number);
	}
	const hasOddByte = (end - start) % 2 === 1;
	return hasOddByte ? total + (bytes[end - 1] as number) * 0x100 : total;
}

/**
 * Checks the Internet checksum (RFC 1071) of bytes that contain it.
 *
 * @param sum of words that the checksum covers besides, as a pseudo-header
 */
export function verifyChecksum(
	bytes: Uint8Array,
	start: number,
	end: number,
	sum = 0,
): ChecksumStatus {
	let folded = sumWords(bytes, start, end, sum);
	while (folded > allOnes) {
		folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
	}
	return folded === allOnes ? "good" : "bad";
}
