import type { ByteReader } from "./reader.js";

/** An option vmpath reads: its code and what RFC 2132 (or its own RFC) calls it. */
export interface DhcpOption {
	readonly code: number;
	readonly name: string;
}

/** The options that tell where options stand; they have no length, but for overload. */
const layout = { pad: 0, overload: 52, end: 255 } as const;

/** Values of option 52: which fields hold options as well (RFC 2132 section 9.3). */
const overloaded = { file: 1, sname: 2, both: 3 } as const;

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

/**
 * Collects the options of a message: those of the options field, then those that
 * option 52 says are in `file` and `sname`, in the order of RFC 3396 section 5.
 */
export function collectOptions(
	options: DhcpOptions,
	field: ByteReader,
	file: ByteReader,
	sname: ByteReader,
): void {
	collectField(options, field);
	const overload = options.parts.get(layout.overload)?.[0]?.[0] ?? null;
	if (overload === overloaded.file || overload === overloaded.both) {
		collectField(options, file);
	}
	if (overload === overloaded.sname || overload === overloaded.both) {
		collectField(options, sname);
	}
	if (
		overload !== null &&
		(overload < overloaded.file || overload > overloaded.both)
	) {
		noteOptionProblem(
			options,
			`dhcp option 52 (option overload) is ${overload}, none of 1, 2, 3`,
		);
	}
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
function collectField(options: DhcpOptions, field: ByteReader): void {
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
