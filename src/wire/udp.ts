import type { ChecksumStatus, UdpHeader } from "../model/frame.js";
import { sumWords, verifyChecksum } from "./checksum.js";
import { type Draft, type FrameDraft, noteProblem } from "./draft.js";
import { ipProtocol } from "./ipv4.js";
import { type ByteReader, DecodeError } from "./reader.js";

/** Ports of DHCP and BOOTP. */
const dhcpPort = { server: 67, client: 68 } as const;

const headerLength = 8;

/** Source and destination of an IPv4 header, which stand side by side, in bytes. */
const addressesLength = 8;

/** A checksum that the sender did not compute. */
const noChecksum = 0;

/** Whether a port is one of DHCP's. */
export function isDhcpPort(port: number): boolean {
	return port === dhcpPort.server || port === dhcpPort.client;
}

/**
 * Decodes a UDP header (RFC 768) and limits the reader to the datagram's payload.
 *
 * @param addressesStart where the IPv4 source address stands in the frame, in bytes
 * @param isWhole whether the IPv4 packet is: neither cut nor a fragment
 * @throws {DecodeError} when it is cut short or its length leaves no room for itself
 */
export function decodeUdp(
	reader: ByteReader,
	frame: FrameDraft,
	addressesStart: number,
	isWhole: boolean,
): void {
	const start = reader.position;
	const sourcePort = readPort(reader, frame, "udp source port");
	const destinationPort = readPort(reader, frame, "udp destination port");
	const length = reader.u16("udp length");
	const udp: Draft<UdpHeader> = {
		sourcePort,
		destinationPort,
		length,
		checksum: "unverified",
	};
	frame.udp = udp;
	const checksum = reader.u16("udp checksum");
	limitToPayload(reader, frame, length, isWhole);
	udp.checksum =
		checksum === noChecksum
			? "absent"
			: checkDatagram(reader, start, length, addressesStart);
}

function readPort(
	reader: ByteReader,
	frame: FrameDraft,
	field: string,
): number {
	const port = reader.u16(field);
	if (isDhcpPort(port)) {
		frame.protocol = "dhcp";
	}
	return port;
}

/** Bytes of the packet behind the datagram are no part of it, and no fault (RFC 768). */
function limitToPayload(
	reader: ByteReader,
	frame: FrameDraft,
	length: number,
	isWhole: boolean,
): void {
	if (length < headerLength) {
		throw new DecodeError(
			`udp length is ${length} bytes, below the header's ${headerLength}`,
		);
	}
	const room = reader.remaining + headerLength;
	if (isWhole && length > room) {
		noteProblem(
			frame,
			`udp length is ${length} bytes, ${room} are in the packet`,
		);
	}
	reader.limit(length - headerLength);
}

/** Checks datagram and pseudo-header: addresses, protocol and length. */
function checkDatagram(
	reader: ByteReader,
	start: number,
	length: number,
	addressesStart: number,
): ChecksumStatus {
	if (reader.isCut) {
		return "unverified";
	}
	const addresses = sumWords(
		reader.bytes,
		addressesStart,
		addressesStart + addressesLength,
	);
	const pseudoHeader = addresses + ipProtocol.udp + length;
	return verifyChecksum(reader.bytes, start, start + length, pseudoHeader);
}
