import type { Frame } from "../model/frame.js";
import { decodeArp } from "./arp.js";
import { decodeDhcp } from "./dhcp.js";
import {
	createFrameDraft,
	type FrameDraft,
	markBody,
	noteProblem,
} from "./draft.js";
import { etherType } from "./ether-type.js";
import { decodeIcmp } from "./icmp.js";
import { decodeIpv4, ipProtocol, ipv4Field } from "./ipv4.js";
import { decodeLink } from "./link.js";
import { ByteReader, DecodeError } from "./reader.js";
import { decodeUdp } from "./udp.js";

/**
 * Decodes a frame as far as its bytes allow, and never throws: where decoding stopped,
 * `problem` says why, and the layers before it are kept.
 *
 * The frame holds no reference to `bytes`.
 *
 * @param bytes what was captured
 * @param length of the frame on the wire, in bytes; more than was captured if snapped
 * @param linkType a number of the LINKTYPE_ registry
 */
export function decodeFrame(
	bytes: Uint8Array,
	length: number,
	linkType: number,
): Frame {
	const frame = createFrameDraft();
	try {
		decodeLayers(new ByteReader(bytes, length), frame, linkType);
	} catch (error) {
		if (!(error instanceof DecodeError)) {
			throw error;
		}
		noteProblem(frame, error.message);
	}
	return frame;
}

function decodeLayers(
	reader: ByteReader,
	frame: FrameDraft,
	linkType: number,
): void {
	switch (decodeLink(reader, linkType, frame)) {
		case etherType.arp:
		case etherType.rarp:
			frame.protocol = "arp";
			decodeArp(reader, frame);
			break;
		case etherType.ipv4:
			decodePacket(reader, frame);
			break;
	}
}

function decodePacket(reader: ByteReader, frame: FrameDraft): void {
	const start = reader.position;
	const ipv4 = decodeIpv4(reader, frame);
	if (ipv4.fragmentOffset > 0) {
		// The header of the next protocol was in the first fragment.
		markBody(frame, reader);
		return;
	}
	const isWhole = !reader.isCut && !ipv4.moreFragments;
	if (ipv4.protocol === ipProtocol.icmp) {
		decodeIcmp(reader, frame, isWhole);
	} else if (ipv4.protocol === ipProtocol.udp) {
		decodeUdp(reader, frame, start + ipv4Field.source, isWhole);
		if (frame.protocol === "dhcp") {
			decodeDhcp(reader, frame);
		}
	}
}
