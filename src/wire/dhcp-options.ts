import type { ByteReader } from "./reader.js";

/** An option vmpath reads: its code and what RFC 2132 (or its own RFC) calls it. */
export interface DhcpOption {
	readonly code: number;
	readonly name: string;
}

/** Codes that stand alone, without length and value. */
const layout = { pad: 0, end: 255 } as const;

/** The options of a message as they are collected. */
export interface DhcpOptions {
	/** By code: the parts of the value, as a long one may be split (RFC 3396). */
	readonly parts: Map<number, Uint8Array[]>;

	/** What is wrong with them, the first thing only. */
	problem: string | null;
}

/** No options yet. */
export function createOptions(): DhcpOptions {
	return { parts: new Map(), problem: null };
}

/** The whole value of an option, its parts joined; null when the message lacks it. */
export function optionValue(
	options: DhcpOptions,
	option: DhcpOption,
): Uint8Array | null {
	const parts = options.parts.get(option.code);
	const [first] = parts ?? [];
	if (parts === undefined || first === undefined) {
		return null;
	}
	return parts.length === 1 ? first : joinParts(parts);
}

/** Keeps what is wrong with the options; the first problem stays. */
export function noteOptionProblem(options: DhcpOptions, problem: string): void {
	options.problem ??= problem;
}

/**
 * Collects the options of one field. One that does not fit ends the field; that the end
 * option is missing is a problem only where it was cut off, as some senders omit it.
 */
export function collectField(options: DhcpOptions, field: ByteReader): void {
	while (field.remaining > 0) {
		const code = field.u8("dhcp option code");
		if (code === layout.end) {
			return;
		}
		if (code !== layout.pad && !collectOption(options, field, code)) {
			return;
		}
	}
	if (field.isCut) {
		noteOptionProblem(options, field.shortage(1, "dhcp end option"));
	}
}

/** Takes one option, and tells whether it was all there. */
function collectOption(
	options: DhcpOptions,
	field: ByteReader,
	code: number,
): boolean {
	const length = field.peek(0);
	if (length === null) {
		noteOptionProblem(options, field.shortage(1, `dhcp option ${code} length`));
		return false;
	}
	field.skip(1, "dhcp option length");
	if (length > field.remaining) {
		noteOptionProblem(options, field.shortage(length, `dhcp option ${code}`));
		return false;
	}
	const value = field.take(length, "dhcp option value");
	const parts = options.parts.get(code);
	if (parts === undefined) {
		options.parts.set(code, [value]);
	} else {
		parts.push(value);
	}
	return true;
}

function joinParts(parts: readonly Uint8Array[]): Uint8Array {
	const length = parts.reduce((sum, part) => sum + part.length, 0);
	const joined = new Uint8Array(length);
	let position = 0;
	for (const part of parts) {
		joined.set(part, position);
		position += part.length;
	}
	return joined;
}
