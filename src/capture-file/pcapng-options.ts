import { makeSafe, type SafeText } from "../model/safe-text.js";
import { readU16 } from "./byte-order.js";

/** Option codes of pcapng that vmpath reads or writes, by the block they stand in. */
export const optionCode = {
	endOfOptions: 0,
	comment: 1,
	interfaceName: 2,
	interfaceDescription: 3,
	interfaceTsresol: 9,
	interfaceFilter: 11,
	interfaceTsoffset: 14,
	sectionSystem: 3,
	sectionApplication: 4,
	packetFlags: 2,
	packetDropCount: 4,
	/** When the counters were read, in units of the interface. */
	statisticsEndTime: 3,
	statisticsInterfaceReceived: 4,
	statisticsInterfaceDrop: 5,
	statisticsOsDrop: 7,
} as const;

/**
 * Reads the options of a block that lie in [start, end): code, length, value, padding to
 * four bytes. Stops at opt_endofopt, or where an option does not fit.
 *
 * @returns where an option claims more bytes than the block has; null when all is well
 */
export function readOptions(
	bytes: Buffer,
	start: number,
	end: number,
	isBigEndian: boolean,
	visit: (code: number, value: Buffer) => void,
): number | null {
	let at = start;
	while (at + 4 <= end) {
		const code = readU16(bytes, at, isBigEndian);
		const length = readU16(bytes, at + 2, isBigEndian);
		if (code === optionCode.endOfOptions) {
			return null;
		}
		if (at + 4 + length > end) {
			return at;
		}
		visit(code, bytes.subarray(at + 4, at + 4 + length));
		at += 4 + paddedLength(length);
	}
	return null;
}

/** Everything in a pcapng is padded to four bytes. */
export function paddedLength(length: number): number {
	return Math.ceil(length / 4) * 4;
}

/** A text option: UTF-8, which some writers end with a NUL. */
export function parseText(value: Buffer): SafeText {
	const nul = value.indexOf(0);
	return makeSafe(nul < 0 ? value : value.subarray(0, nul));
}
