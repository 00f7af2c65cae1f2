import type { ChecksumStatus, Ipv4Header } from "../model/frame.js";
import { verifyChecksum } from "./checksum.js";
import { type FrameDraft, noteProblem } from "./draft.js";
import { type ByteReader, DecodeError } from "./reader.js";

/** Versions in the first four bits of a packet. */
export const ipVersion = { ipv4: 4, ipv6: 6 } as const;

/** Protocol numbers vmpath follows. */
export const ipProtocol = { icmp: 1, tcp: 6, udp: 17 } as const;

/** Length of a header without options, in bytes. */
export const minIpv4HeaderLength = 20;
const headerLengthUnit = 4;

/** Offsets of fields from the start of the header, in bytes. */
export const ipv4Field = { fragment: 6, protocol: 9, source: 12 } as const;

/** In the field at `ipv4Field.fragment`: the offset, in units of 8 bytes. */
export const fragmentOffsetMask = 0x1fff;
const fragmentUnit = 8;
const moreFragmentsFlag = 0x2000;
const dontFragmentFlag = 0x4000;

/**
 * Decodes an IPv4 header (RFC 791), skips its options, and limits the reader to the
 * packet's payload: what a short frame was padded with is not part of it.
 *
 * A header with a wrong length stays on the frame, as its other fields stand where
 * they always do.
 *
 * @throws {DecodeError} when it is cut short, of another version or of a wrong length
 */
export function decodeIpv4(reader: ByteReader, frame: FrameDraft): Ipv4Header {
	const start = reader.position;
	checkVersion(reader);
	if (reader.peek(ipv4Field.protocol) === ipProtocol.icmp) {
		frame.protocol = "icmp";
	}
	const headerLength = ipv4HeaderLength(reader.peek(0) ?? 0);
	const header = readIpv4Header(reader);
	frame.ipv4 = header;
	checkLengths(header.totalLength, headerLength);
	reader.skip(headerLength - minIpv4HeaderLength, "ipv4 options");
	limitToPayload(reader, frame, start, header.totalLength);
	return header;
}

/**
 * Reads the 20 bytes that every IPv4 header has. Whether version and lengths make sense
 * is the caller's to check.
 *
 * @throws {DecodeError} when they are cut short
 */
export function readIpv4Header(reader: ByteReader): Ipv4Header {
	const checksum = checkHeader(reader);
	reader.skip(2, "ipv4 version, header length, type of service");
	const totalLength = reader.u16("ipv4 total length");
	const id = reader.u16("ipv4 identification");
	const fragment = reader.u16("ipv4 flags and fragment offset");
	const ttl = reader.u8("ipv4 time to live");
	const protocol = reader.u8("ipv4 protocol");
	reader.skip(2, "ipv4 header checksum");
	const source = reader.ipv4("ipv4 source");
	const destination = reader.ipv4("ipv4 destination");
	return {
		source,
		destination,
		ttl,
		id,
		protocol,
		totalLength,
		fragmentOffset: (fragment & fragmentOffsetMask) * fragmentUnit,
		moreFragments: (fragment & moreFragmentsFlag) !== 0,
		dontFragment: (fragment & dontFragmentFlag) !== 0,
		checksum,
	};
}

/** The version of an IP packet, from its first byte. */
export function ipVersionOf(first: number): number {
	return first >>> 4;
}

/** The length an IPv4 header gives itself, in bytes, from its first byte. */
export function ipv4HeaderLength(first: number): number {
	return (first & 0x0f) * headerLengthUnit;
}

function checkHeader(reader: ByteReader): ChecksumStatus {
	const length = ipv4HeaderLength(reader.peek(0) ?? 0);
	if (length < minIpv4HeaderLength || length > reader.remaining) {
		return "unverified";
	}
	const { position } = reader;
	return verifyChecksum(reader.bytes, position, position + length);
}

function checkVersion(reader: ByteReader): void {
	const first = reader.peek(0);
	if (first !== null && ipVersionOf(first) !== ipVersion.ipv4) {
		throw new DecodeError(`ipv4 version is ${ipVersionOf(first)}, not 4`);
	}
}

function checkLengths(totalLength: number, headerLength: number): void {
	if (headerLength < minIpv4HeaderLength) {
		throw new DecodeError(
			`ipv4 header length is ${headerLength} bytes, below ${minIpv4HeaderLength}`,
		);
	}
	if (totalLength !== 0 && totalLength < headerLength) {
		throw new DecodeError(
			`ipv4 total length is ${totalLength} bytes, below the header's ${headerLength}`,
		);
	}
}

/**
 * A total length of 0 is what a card that segments by itself is handed (TSO): the
 * packet then takes all the bytes there are.
 */
function limitToPayload(
	reader: ByteReader,
	frame: FrameDraft,
	start: number,
	totalLength: number,
): void {
	if (totalLength === 0) {
		return;
	}
	const onWire = reader.wireLength - start;
	if (totalLength > onWire) {
		noteProblem(
			frame,
			`ipv4 total length is ${totalLength} bytes, ${onWire} were on the wire`,
		);
	}
	reader.limit(start + totalLength - reader.position);
}
