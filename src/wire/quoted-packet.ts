import type { QuotedPacket } from "../model/frame.js";
import { hasIdentifier } from "./icmp-types.js";
import {
	ipProtocol,
	ipVersion,
	ipVersionOf,
	ipv4HeaderLength,
	minIpv4HeaderLength,
	readIpv4Header,
} from "./ipv4.js";
import type { ByteReader } from "./reader.js";

/** What is still there of a field of two bytes tells nothing. */
const wordLength = 2;

/**
 * Decodes the start of the packet that an ICMP error is about.
 *
 * RFC 792 promises the IPv4 header and 8 bytes more: where it ends early is no fault of
 * the message, so this never throws. Its lengths are not checked, as the packet is not
 * all there and some routers quote it with the length changed.
 *
 * @returns null when not even a header is there, or what is there is none
 */
export function decodeQuotedPacket(reader: ByteReader): QuotedPacket | null {
	const first = reader.peek(0) ?? 0;
	const headerLength = ipv4HeaderLength(first);
	if (
		ipVersionOf(first) !== ipVersion.ipv4 ||
		headerLength < minIpv4HeaderLength ||
		reader.remaining < minIpv4HeaderLength
	) {
		return null;
	}
	const ipv4 = readIpv4Header(reader);
	const optionsLength = headerLength - minIpv4HeaderLength;
	if (ipv4.fragmentOffset > 0 || reader.remaining < optionsLength) {
		return { ipv4, icmp: null, ports: null };
	}
	reader.skip(optionsLength, "quoted ipv4 options");
	return {
		ipv4,
		icmp: ipv4.protocol === ipProtocol.icmp ? decodeQuotedIcmp(reader) : null,
		ports: hasPorts(ipv4.protocol) ? decodeQuotedPorts(reader) : null,
	};
}

function hasPorts(protocol: number): boolean {
	return protocol === ipProtocol.udp || protocol === ipProtocol.tcp;
}

function decodeQuotedIcmp(reader: ByteReader): QuotedPacket["icmp"] {
	if (reader.remaining < wordLength) {
		return null;
	}
	const type = reader.u8("quoted icmp type");
	const code = reader.u8("quoted icmp code");
	readWord(reader);
	const isNumbered = hasIdentifier(type);
	const identifier = isNumbered ? readWord(reader) : null;
	const sequence = isNumbered ? readWord(reader) : null;
	return { type, code, identifier, sequence };
}

function decodeQuotedPorts(reader: ByteReader): QuotedPacket["ports"] {
	const source = readWord(reader);
	const destination = readWord(reader);
	return source === null || destination === null
		? null
		: { source, destination };
}

function readWord(reader: ByteReader): number | null {
	return reader.remaining < wordLength ? null : reader.u16("quoted field");
}
