import { linkType as link } from "../model/capture.js";
import type { FrameDraft } from "./draft.js";
import { etherType } from "./ether-type.js";
import { decodeEthernet } from "./ethernet.js";
import { ipVersion, ipVersionOf } from "./ipv4.js";
import { type ByteReader, DecodeError } from "./reader.js";
import { decodeSll, decodeSll2 } from "./sll.js";

const knownLinkTypes: ReadonlySet<number> = new Set(Object.values(link));

/** AF_INET, as the loopback header gives it, and with its four bytes reversed. */
export const loopbackFamily = {
	ipv4: 0x00000002,
	ipv4Reversed: 0x02000000,
} as const;

/** Whether frames of a link type (a number of the LINKTYPE_ registry) can be decoded. */
export function isKnownLinkType(linkType: number): boolean {
	return knownLinkTypes.has(linkType);
}

/**
 * Decodes what stands before the packet.
 *
 * @returns the EtherType of the packet, or null when it is none that vmpath follows
 * @throws {DecodeError} when a header is cut short or the link type is not known
 */
export function decodeLink(
	reader: ByteReader,
	linkType: number,
	frame: FrameDraft,
): number | null {
	switch (linkType) {
		case link.ethernet:
			return decodeEthernet(reader, frame);
		case link.sll:
			return decodeSll(reader, frame);
		case link.sll2:
			return decodeSll2(reader, frame);
		case link.null:
		case link.loop:
			return decodeLoopback(reader, linkType);
		case link.raw:
		case link.rawBsd:
		case link.rawOpenBsd:
			return decodeRaw(reader);
		case link.ipv4:
			return etherType.ipv4;
		default:
			throw new DecodeError(`link type ${linkType} is not supported`);
	}
}

/**
 * LINKTYPE_NULL is in the byte order of the machine that captured, LINKTYPE_LOOP in that
 * of the network.
 */
function decodeLoopback(reader: ByteReader, linkType: number): number | null {
	const family = reader.u32("loopback family");
	const isIpv4 =
		family === loopbackFamily.ipv4 ||
		(family === loopbackFamily.ipv4Reversed && linkType === link.null);
	return isIpv4 ? etherType.ipv4 : null;
}

/** Raw IP names no type: the version of the packet tells. */
function decodeRaw(reader: ByteReader): number | null {
	const first = reader.peek(0);
	if (first === null) {
		throw new DecodeError(reader.shortage(1, "ip version"));
	}
	const version = ipVersionOf(first);
	if (version !== ipVersion.ipv4 && version !== ipVersion.ipv6) {
		throw new DecodeError(`ip version is ${version}, neither 4 nor 6`);
	}
	return version === ipVersion.ipv4 ? etherType.ipv4 : null;
}
