import type { SafeText } from "../model/safe-text.js";
import { readI64, readU16, readU32 } from "./byte-order.js";
import { optionCode, parseText, readOptions } from "./pcapng-options.js";
import {
	microseconds,
	type TimeResolution,
	timeResolution,
} from "./pcapng-time.js";

/** What an Interface Description Block says. */
export interface InterfaceBlock {
	readonly linkType: number;
	readonly snapLength: number;
	readonly name: SafeText | null;
	readonly comment: SafeText | null;
	readonly resolution: TimeResolution;
	/** An option claims more bytes than the block has. */
	readonly isBad: boolean;
}

/** What converters write in if_name when they know none. */
const noName = /^$|^unknown(\/not available.*)?$/i;

const microsecondTsresol = 6;

/** Reads the body of an Interface Description Block, [start, end) of `bytes`. */
export function parseInterfaceBlock(
	bytes: Buffer,
	start: number,
	end: number,
	isBigEndian: boolean,
): InterfaceBlock {
	let name: SafeText | null = null;
	let comment: SafeText | null = null;
	let tsresol = microsecondTsresol;
	let offsetSeconds = 0;
	const bad = readOptions(bytes, start + 8, end, isBigEndian, (code, value) => {
		if (code === optionCode.interfaceName) {
			name = parseName(value);
		} else if (code === optionCode.comment) {
			comment ??= parseText(value);
		} else if (code === optionCode.interfaceTsresol && value.length >= 1) {
			tsresol = value.readUInt8(0);
		} else if (code === optionCode.interfaceTsoffset && value.length >= 8) {
			offsetSeconds = readI64(value, 0, isBigEndian);
		}
	});
	const isUsual = tsresol === microsecondTsresol && offsetSeconds === 0;
	return {
		linkType: readU16(bytes, start, isBigEndian),
		snapLength: readU32(bytes, start + 4, isBigEndian),
		name,
		comment,
		resolution: isUsual ? microseconds : timeResolution(tsresol, offsetSeconds),
		isBad: bad !== null,
	};
}

function parseName(value: Buffer): SafeText | null {
	const name = parseText(value);
	return noName.test(name) ? null : name;
}
