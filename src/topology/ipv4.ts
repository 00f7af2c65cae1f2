import type { Ipv4 } from "../model/address.js";

/** Whether a text is an IPv4 address in dotted decimal, without leading zeros. */
export function parseIpv4(text: string): Ipv4 | null {
	return toNumber(text) === null ? null : text;
}

/** Whether two addresses are in the network of that prefix length. */
export function areInOneNetwork(
	a: Ipv4,
	b: Ipv4,
	prefixLength: number,
): boolean {
	const [one, other] = [toNumber(a), toNumber(b)];
	const size = 2 ** (32 - prefixLength);
	return (
		one !== null &&
		other !== null &&
		Math.floor(one / size) === Math.floor(other / size)
	);
}

function toNumber(address: Ipv4): number | null {
	const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
	const parts = match?.slice(1) ?? [];
	return match === null || parts.some((part) => !isByte(part))
		? null
		: parts.reduce((number, part) => number * 256 + Number(part), 0);
}

function isByte(part: string): boolean {
	return String(Number(part)) === part && Number(part) <= 255;
}
