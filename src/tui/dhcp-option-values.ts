import { formatIpv4, formatMac } from "../model/address.js";
import { type DhcpMessage, dhcpMessageNames } from "../model/dhcp.js";
import { makeSafe } from "../model/safe-text.js";
import { formatCount } from "../show/units.js";
import { dhcpOptions, type OptionFormat } from "./dhcp-option-table.js";

/** An option as it stands in a message. */
export interface RawOption {
	readonly code: number;
	readonly value: Uint8Array;
}

/** Fields before the options and the magic cookie (RFC 2131 section 2), in bytes. */
const optionsOffset = 240;
const padCode = 0;
const endCode = 255;

/**
 * The options of a DHCP message in the order of the wire, those of its options field:
 * `file` and `sname` may hold more (option 52). What is cut short is left out.
 *
 * @param start first byte of the message in the frame
 */
export function listOptions(
	bytes: Uint8Array,
	start: number,
	end: number,
): RawOption[] {
	const options: RawOption[] = [];
	let at = start + optionsOffset;
	while (at < end) {
		const code = bytes[at] ?? endCode;
		const length = bytes[at + 1];
		if (code === endCode) {
			break;
		}
		if (code === padCode) {
			at += 1;
			continue;
		}
		if (length === undefined || at + 2 + length > end) {
			break;
		}
		options.push({ code, value: bytes.subarray(at + 2, at + 2 + length) });
		at += 2 + length;
	}
	return options;
}

/** `Router`; of an option nobody knows `Option 224`. */
export function nameOption(code: number): string {
	return dhcpOptions.get(code)?.[0] ?? `Option ${code}`;
}

/** The value in words; one of another length than its option has, in hexadecimal. */
export function describeOption(
	{ code, value }: RawOption,
	message: DhcpMessage,
): string {
	const format = dhcpOptions.get(code)?.[1] ?? "hex";
	return writers[format](value, message) ?? toHex(value);
}

type Writer = (value: Uint8Array, message: DhcpMessage) => string | null;

const writers: Readonly<Record<OptionFormat, Writer>> = {
	address: (value) =>
		value.length === 0 || value.length % 4 !== 0
			? null
			: groups(value, 4)
					.map((four) => formatIpv4(toNumber(four)))
					.join(", "),
	number: (value) => writeNumber(value, String),
	seconds: (value) =>
		value.length === 4 ? writeNumber(value, formatSeconds) : null,
	bytes: (value) =>
		writeNumber(value, (count) => formatCount(count, "byte", "bytes")),
	text: (value) => `"${makeSafe(trimNul(value))}"`,
	"message type": (value) =>
		writeNumber(value, (type) => {
			const name = dhcpMessageNames[type - 1];
			return `${type} (${name?.toUpperCase() ?? "unknown"})`;
		}),
	flag: (value) => (value.length === 0 ? "yes" : null),
	codes: (value) =>
		[...value].map((code) => `${code} ${nameOption(code)}`).join(", "),
	routes: (_value, { classlessRoutes }) =>
		classlessRoutes.length === 0
			? null
			: classlessRoutes
					.map(({ destination, router }) => `${destination} via ${router}`)
					.join(", "),
	relay: (_value, { relayAgent }) => {
		const { circuitId, remoteId } = relayAgent ?? {};
		const parts = [
			...(circuitId ? [`circuit ${circuitId}`] : []),
			...(remoteId ? [`remote ${remoteId}`] : []),
		];
		return parts.length === 0 ? null : parts.join(", ");
	},
	client: (value) =>
		value.length === 7 && value[0] === 1
			? `${toMac(value.subarray(1))} (Ethernet)`
			: null,
	overload: (value) =>
		writeNumber(value, (fields) => `${fields} (file and sname hold options)`),
	hex: () => null,
};

function writeNumber(
	value: Uint8Array,
	write: (value: number) => string,
): string | null {
	return [1, 2, 4].includes(value.length) ? write(toNumber(value)) : null;
}

/** `3600 s (1 h)`; all ones is for ever (RFC 2131 section 3.3). */
export function formatSeconds(seconds: number): string {
	if (seconds === 0xffffffff) {
		return "infinite";
	}
	const words = formatDuration(seconds);
	return seconds < 120 ? words : `${seconds} s (${words})`;
}

/** To two units: `45 s`, `58 min`, `1 h 30 min`, `7 d`. */
export function formatDuration(seconds: number): string {
	const whole = Math.floor(seconds);
	if (whole < 120) {
		return `${whole} s`;
	}
	if (whole < 3_600) {
		return joinUnits(whole, 60, "min", 1, "s", 600);
	}
	return whole < 172_800
		? joinUnits(whole, 3_600, "h", 60, "min", Infinity)
		: joinUnits(whole, 86_400, "d", 3_600, "h", Infinity);
}

function joinUnits(
	seconds: number,
	large: number,
	largeName: string,
	small: number,
	smallName: string,
	below: number,
): string {
	const rest = Math.floor((seconds % large) / small);
	const head = `${Math.floor(seconds / large)} ${largeName}`;
	return rest === 0 || seconds >= below ? head : `${head} ${rest} ${smallName}`;
}

function groups(value: Uint8Array, size: number): Uint8Array[] {
	return Array.from({ length: value.length / size }, (_, at) =>
		value.subarray(at * size, (at + 1) * size),
	);
}

function toNumber(bytes: Uint8Array): number {
	return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function toMac(bytes: Uint8Array): string {
	return formatMac(
		toNumber(bytes.subarray(0, 3)),
		toNumber(bytes.subarray(3, 6)),
	);
}

function trimNul(value: Uint8Array): Uint8Array {
	const end = value.findLastIndex((byte) => byte !== 0);
	return value.subarray(0, end + 1);
}

/** More bytes than these are not written of a value. */
const hexLimit = 64;

function toHex(bytes: Uint8Array): string {
	const shown = Array.from(bytes.subarray(0, hexLimit), (byte) =>
		byte.toString(16).padStart(2, "0"),
	).join("");
	return bytes.length > hexLimit
		? `${shown}… (${bytes.length} bytes)`
		: shown || "empty";
}
