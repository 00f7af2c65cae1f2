import type { Ipv4 } from "../model/address.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import {
	type DhcpOption,
	type DhcpOptions,
	noteOptionProblem,
	optionValue,
} from "./dhcp-options.js";
import { ByteReader } from "./reader.js";

/** Length of an IPv4 address, and of a duration, in bytes. */
const ipv4Length = 4;

/**
 * Reads an option that is a number of 1, 2 or 4 bytes.
 *
 * As every reader here: null when the message lacks the option; a wrong length is noted
 * as the problem of the options, and of a value that is too long (an option sent twice
 * looks so, as RFC 3396 joins it) the start is read.
 */
export function readNumber(
	options: DhcpOptions,
	option: DhcpOption,
	length: 1 | 2 | 4,
): number | null {
	const value = fixedValue(options, option, length);
	if (value === null) {
		return null;
	}
	const reader = new ByteReader(value);
	if (length === 1) {
		return reader.u8(option.name);
	}
	return length === 2 ? reader.u16(option.name) : reader.u32(option.name);
}

/** Reads an option that is one IPv4 address. */
export function readAddress(
	options: DhcpOptions,
	option: DhcpOption,
): Ipv4 | null {
	const value = fixedValue(options, option, ipv4Length);
	return value === null ? null : new ByteReader(value).ipv4(option.name);
}

/** Reads an option that is a list of IPv4 addresses; empty when the message lacks it. */
export function readAddresses(
	options: DhcpOptions,
	option: DhcpOption,
): readonly Ipv4[] {
	const value = optionValue(options, option);
	if (value === null) {
		return [];
	}
	if (value.length === 0 || value.length % ipv4Length !== 0) {
		noteLength(options, option, value, "a multiple of 4");
	}
	const reader = new ByteReader(value);
	const addresses: Ipv4[] = [];
	while (reader.remaining >= ipv4Length) {
		addresses.push(reader.ipv4(option.name));
	}
	return addresses;
}

/** Reads an option that is text; NULs at its end are no part of it (RFC 2132 section 2). */
export function readText(
	options: DhcpOptions,
	option: DhcpOption,
): SafeText | null {
	const value = minimalValue(options, option, 1);
	if (value === null) {
		return null;
	}
	let end = value.length;
	while (end > 0 && value[end - 1] === 0) {
		end--;
	}
	return makeSafe(value.subarray(0, end));
}

/** Reads an option of any bytes, at least `minLength`, as lower-case hexadecimal. */
export function readHex(
	options: DhcpOptions,
	option: DhcpOption,
	minLength: number,
): string | null {
	const value = minimalValue(options, option, minLength);
	return value === null ? null : toHex(value);
}

/** Reads an option that is there or not, and has no value. */
export function readFlag(options: DhcpOptions, option: DhcpOption): boolean {
	return fixedValue(options, option, 0) !== null;
}

/** Writes bytes as lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) {
		text += byte.toString(16).padStart(2, "0");
	}
	return text;
}

/** Notes that an option is not as long as it must be. */
export function noteLength(
	options: DhcpOptions,
	option: DhcpOption,
	value: Uint8Array,
	wanted: string,
): void {
	const unit = value.length === 1 ? "byte" : "bytes";
	noteOptionProblem(
		options,
		`dhcp option ${option.code} (${option.name}): ${value.length} ${unit}, ${wanted} wanted`,
	);
}

function fixedValue(
	options: DhcpOptions,
	option: DhcpOption,
	length: number,
): Uint8Array | null {
	const value = optionValue(options, option);
	if (value !== null && value.length !== length) {
		noteLength(options, option, value, String(length));
	}
	return value !== null && value.length >= length ? value : null;
}

function minimalValue(
	options: DhcpOptions,
	option: DhcpOption,
	minLength: number,
): Uint8Array | null {
	const value = optionValue(options, option);
	if (value === null || value.length >= minLength) {
		return value;
	}
	noteLength(options, option, value, `at least ${minLength}`);
	return null;
}
