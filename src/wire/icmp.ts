import type { IcmpMessage } from "../model/frame.js";
import { verifyChecksum } from "./checksum.js";
import { type Draft, type FrameDraft, markBody } from "./draft.js";
import { hasIdentifier, icmpType, quotesPacket } from "./icmp-types.js";
import { decodeQuotedPacket } from "./quoted-packet.js";
import type { ByteReader } from "./reader.js";

/** Code of "unreachable" for a packet that is too big and must not be fragmented. */
const fragmentationNeeded = 4;

/**
 * Decodes an ICMP message (RFC 792), or its part in the first of several fragments.
 *
 * @param isWhole whether the IPv4 packet is: neither cut nor a fragment
 * @throws {DecodeError} when the header is cut short; a quoted packet may be
 */
export function decodeIcmp(
	reader: ByteReader,
	frame: FrameDraft,
	isWhole: boolean,
): void {
	markBody(frame, reader);
	const start = reader.position;
	const type = reader.u8("icmp type");
	const message: Draft<IcmpMessage> = {
		type,
		code: reader.u8("icmp code"),
		identifier: null,
		sequence: null,
		checksum: "unverified",
		quoted: null,
		mtu: null,
		gateway: null,
	};
	frame.icmp = message;
	reader.skip(2, "icmp checksum");
	if (isWhole) {
		message.checksum = verifyChecksum(reader.bytes, start, reader.end);
	}
	if (hasIdentifier(type)) {
		message.identifier = reader.u16("icmp identifier");
		message.sequence = reader.u16("icmp sequence number");
	} else if (quotesPacket(type)) {
		decodeError(reader, message);
	}
}

/** The four bytes before the quoted packet mean something in two kinds of message only. */
function decodeError(reader: ByteReader, message: Draft<IcmpMessage>): void {
	if (message.type === icmpType.redirect) {
		message.gateway = reader.ipv4("icmp gateway address");
	} else if (
		message.type === icmpType.unreachable &&
		message.code === fragmentationNeeded
	) {
		reader.skip(2, "icmp unused");
		message.mtu = reader.u16("icmp next-hop mtu");
	} else {
		reader.skip(4, "icmp unused");
	}
	message.quoted = decodeQuotedPacket(reader);
}
