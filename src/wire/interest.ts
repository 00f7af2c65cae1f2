import { linkType as link } from "../model/capture.js";
import {
	etherType,
	firstEtherType,
	isVlanType,
	maxVlanTags,
	snap,
} from "./ether-type.js";
import {
	fragmentOffsetMask,
	ipProtocol,
	ipVersion,
	ipVersionOf,
	ipv4Field,
	ipv4HeaderLength,
	minIpv4HeaderLength,
} from "./ipv4.js";
import { loopbackFamily } from "./link.js";
import { isDhcpPort } from "./udp.js";

/** Where the type stands in a link header, and how long the header is, in bytes. */
const ethernet = { type: 12, length: 14 } as const;
const sll = { type: 14, length: 16 } as const;
const sll2 = { type: 0, length: 20 } as const;
const loopbackLength = 4;
const vlan = { type: 2, length: 4 } as const;
const snapHeader = { organization: 3, type: 6, length: 8 } as const;

/** Both ports of a UDP header, in bytes. */
const portsLength = 4;

/**
 * Tells whether a frame may be ARP, RARP, ICMP or DHCP, from as few bytes as possible.
 *
 * This runs on every record of captures of many gigabytes, of which a few percent are
 * kept: it allocates nothing, never throws, and reads bytes by plain index, each after
 * a comparison with `end`. A frame that decodeFrame() gives a protocol is always of
 * interest; one that is cut before that can be seen is, too.
 *
 * @param start where the captured bytes of the frame start in `bytes`
 * @param end where they end
 * @param linkType a number of the LINKTYPE_ registry
 */
export function isOfInterest(
	bytes: Uint8Array,
	start: number,
	end: number,
	linkType: number,
): boolean {
	switch (linkType) {
		case link.ethernet:
			return isTyped(
				bytes,
				start + ethernet.type,
				start + ethernet.length,
				end,
			);
		case link.sll:
			return isTyped(bytes, start + sll.type, start + sll.length, end);
		case link.sll2:
			return isTyped(bytes, start + sll2.type, start + sll2.length, end);
		case link.raw:
		case link.rawBsd:
		case link.rawOpenBsd:
			return isRawIpv4(bytes, start, end);
		case link.ipv4:
			return isIpv4(bytes, start, end);
		case link.null:
		case link.loop:
			return isLoopback(bytes, start, end);
		default:
			return false;
	}
}

/**
 * Goes behind tags and SNAP to the packet that a link header with a type carries.
 *
 * @param typeAt where the type field stands
 * @param payload where what it is the type of starts
 */
function isTyped(
	bytes: Uint8Array,
	typeAt: number,
	payload: number,
	end: number,
): boolean {
	if (payload > end) {
		return false;
	}
	let type = u16(bytes, typeAt);
	let at = payload;
	for (let tags = 0; isVlanType(type); tags++) {
		if (tags === maxVlanTags || at + vlan.length > end) {
			return false;
		}
		type = u16(bytes, at + vlan.type);
		at += vlan.length;
	}
	if (type < firstEtherType) {
		if (at + snapHeader.length > end || !isSnap(bytes, at)) {
			return false;
		}
		type = u16(bytes, at + snapHeader.type);
		at += snapHeader.length;
	}
	return (
		(type === etherType.ipv4 && isIpv4(bytes, at, end)) ||
		type === etherType.arp ||
		type === etherType.rarp
	);
}

function isRawIpv4(bytes: Uint8Array, start: number, end: number): boolean {
	return (
		start < end &&
		ipVersionOf(bytes[start] as number) === ipVersion.ipv4 &&
		isIpv4(bytes, start, end)
	);
}

function isIpv4(bytes: Uint8Array, start: number, end: number): boolean {
	if (start + ipv4Field.protocol >= end) {
		return true;
	}
	const protocol = bytes[start + ipv4Field.protocol];
	return protocol === ipProtocol.udp
		? isDhcp(bytes, start, end)
		: protocol === ipProtocol.icmp;
}

/** Later fragments have no ports, and a header that is malformed has them nowhere. */
function isDhcp(bytes: Uint8Array, start: number, end: number): boolean {
	const first = bytes[start] as number;
	const headerLength = ipv4HeaderLength(first);
	if (
		(u16(bytes, start + ipv4Field.fragment) & fragmentOffsetMask) !== 0 ||
		ipVersionOf(first) !== ipVersion.ipv4 ||
		headerLength < minIpv4HeaderLength
	) {
		return false;
	}
	const ports = start + headerLength;
	return (
		ports + portsLength > end ||
		isDhcpPort(u16(bytes, ports)) ||
		isDhcpPort(u16(bytes, ports + 2))
	);
}

function isLoopback(bytes: Uint8Array, start: number, end: number): boolean {
	const payload = start + loopbackLength;
	if (payload > end) {
		return false;
	}
	const family = u16(bytes, start) * 0x10000 + u16(bytes, start + 2);
	// LINKTYPE_LOOP is in one byte order only; the other one is harmless here.
	return (
		(family === loopbackFamily.ipv4 ||
			family === loopbackFamily.ipv4Reversed) &&
		isIpv4(bytes, payload, end)
	);
}

function isSnap(bytes: Uint8Array, at: number): boolean {
	return (
		u24(bytes, at) === snap.llc &&
		u24(bytes, at + snapHeader.organization) === snap.organization
	);
}

function u16(bytes: Uint8Array, at: number): number {
	return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function u24(bytes: Uint8Array, at: number): number {
	return (u16(bytes, at) << 8) | (bytes[at + 2] as number);
}
