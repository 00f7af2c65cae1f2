import type { Answer } from "./packet.js";

/** Whether a name is one that a rule means; `wildcard` ends a name that is only a start. */
export function matchName(
	name: string,
	pattern: string,
	wildcard: "*" | "+",
): boolean {
	return pattern.endsWith(wildcard)
		? name.startsWith(pattern.slice(0, -1))
		: name === pattern;
}

/**
 * Whether an IPv4 address is in `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0.0.1-10.0.0.9`
 * or is the one that is named; maybe, where that is something else.
 */
export function matchAddress(address: string, pattern: string): Answer {
	const value = toNumber(address);
	const [from = "", to] = pattern.split("-");
	const [base = "", length] = from.split("/");
	const first = toNumber(base);
	if (value === null || first === null) {
		return "maybe";
	}
	if (to !== undefined) {
		const last = toNumber(to);
		return last === null ? "maybe" : say(value >= first && value <= last);
	}
	const mask = length === undefined ? 0xffffffff : toMask(length);
	return mask === null
		? "maybe"
		: say((value & mask) >>> 0 === (first & mask) >>> 0);
}

/** Whether a number is the one, or in the range `67:68` or `67-68`. */
export function matchNumber(value: string, pattern: string): Answer {
	const [from = "", to = from] = pattern.split(/[:-]/);
	const [low, high] = [toCount(from, 0), toCount(to, 65_535)];
	const number = Number(value);
	return low === null || high === null
		? "maybe"
		: say(number >= low && number <= high);
}

/** The answer to what is known for sure. */
export function say(holds: boolean): Answer {
	return holds ? "yes" : "no";
}

/** `67:` goes on to the last port. */
function toCount(text: string, open: number): number | null {
	if (text === "") {
		return open;
	}
	return /^\d+$/.test(text) ? Number(text) : null;
}

function toMask(length: string): number | null {
	if (length.includes(".")) {
		return toNumber(length);
	}
	const bits = /^\d{1,2}$/.test(length) ? Number(length) : 99;
	return bits > 32 ? null : bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}

function toNumber(address: string): number | null {
	const parts = address.split(".");
	const isAddress =
		parts.length === 4 &&
		parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
	return isAddress
		? parts.reduce((number, part) => number * 256 + Number(part), 0)
		: null;
}
