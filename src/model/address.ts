/** A MAC address as iproute2 writes it: lower case, colons (`52:54:00:cd:76:3a`). */
export type Mac = string;

/** An IPv4 address in dotted decimal. */
export type Ipv4 = string;

export const broadcastMac: Mac = "ff:ff:ff:ff:ff:ff";
export const zeroMac: Mac = "00:00:00:00:00:00";
export const broadcastIpv4: Ipv4 = "255.255.255.255";
export const unspecifiedIpv4: Ipv4 = "0.0.0.0";

/** A capture shows few addresses many times: each is written once, up to this many. */
const cacheLimit = 8192;
const macs = new Map<number, Mac>();
const ipv4s = new Map<number, Ipv4>();
const hex = Array.from({ length: 256 }, (_, byte) =>
	byte.toString(16).padStart(2, "0"),
);

/**
 * Writes six bytes as a MAC address.
 *
 * @param high the first three bytes as a number
 * @param low the last three bytes as a number
 */
export function formatMac(high: number, low: number): Mac {
	const key = high * 0x1000000 + low;
	return macs.get(key) ?? remember(macs, key, writeMac(high, low));
}

/** Writes an unsigned 32-bit number, as it stands in an IPv4 header, as an address. */
export function formatIpv4(address: number): Ipv4 {
	return ipv4s.get(address) ?? remember(ipv4s, address, writeIpv4(address));
}

function writeMac(high: number, low: number): Mac {
	return [high >>> 16, high >>> 8, high, low >>> 16, low >>> 8, low]
		.map((byte) => hex[byte & 0xff])
		.join(":");
}

function writeIpv4(address: number): Ipv4 {
	return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
}

function remember(
	cache: Map<number, string>,
	key: number,
	text: string,
): string {
	if (cache.size >= cacheLimit) {
		cache.clear();
	}
	cache.set(key, text);
	return text;
}

/** Whether the group bit of the first byte is set: broadcast and multicast. */
export function isGroupMac(mac: Mac): boolean {
	return (Number.parseInt(mac.charAt(1), 16) & 1) === 1;
}

/** Whether a text is a MAC address, in any of the usual cases and separators. */
export function parseMac(text: string): Mac | null {
	const digits = text.toLowerCase().replaceAll(/[:.-]/g, "");
	return /^[0-9a-f]{12}$/.test(digits)
		? (digits.match(/../g) ?? []).join(":")
		: null;
}
