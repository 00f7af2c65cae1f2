import type { Frame } from "../model/frame.js";

/**
 * So much of an ICMP message is digested, in bytes: captures that cut frames at different
 * lengths still agree, and IP identification and sequence tell packets apart.
 */
const icmpPrefix = 32;
const echoHeaderLength = 8;
const checksum = { start: 2, end: 4 };

/**
 * Digest of what stays equal when an ICMP packet is routed and its addresses and ICMP
 * identifier are translated (rule 6); null for frames that are not ICMP.
 *
 * - Echo and its like: type, code, sequence, IP identification, payload.
 * - Errors: type, code, IP identification, and of the quoted packet, which is translated
 *   too, the destination, protocol, IP identification and sequence.
 * - Later fragments: IP identification, offset, payload.
 *
 * @param bytes the captured frame that `frame` was decoded from
 */
export function routedFingerprint(
	frame: Frame,
	bytes: Uint8Array,
): number | null {
	const { icmp, ipv4, bodyStart, bodyEnd } = frame;
	if (ipv4 === null || frame.protocol !== "icmp") {
		return null;
	}
	const digest = new Digest();
	digest.addNumber(ipv4.id);
	digest.addNumber(ipv4.fragmentOffset);
	const quoted = icmp?.quoted ?? null;
	const header = icmp === null ? 0 : echoHeaderLength;
	if (icmp !== null) {
		digest.addNumber(icmp.type);
		digest.addNumber(icmp.code);
		digest.addNumber(icmp.sequence ?? 0);
	}
	if (quoted !== null) {
		digest.addText(quoted.ipv4.destination);
		digest.addNumber(quoted.ipv4.protocol);
		digest.addNumber(quoted.ipv4.id);
		digest.addNumber(quoted.icmp?.sequence ?? 0);
	} else {
		const end = Math.min(bodyEnd, bodyStart + icmpPrefix);
		digest.addBytes(bytes, bodyStart + header, end);
	}
	return digest.value;
}

/**
 * Digest of what stays equal while a frame crosses bridges (rule 1):
 *
 * - ARP: the packet and the source MAC address;
 * - DHCP: the message, both addresses and the IP identification;
 * - ICMP: the start of the message but for its checksum, both addresses, IP
 *   identification and fragment offset.
 *
 * Never TTL, checksums, tags, padding or the destination MAC address (SLL2 has none).
 * A number below 2^53, so that it is a cheap key: 32 bits of one hash, 21 of another.
 *
 * @param bytes the captured frame that `frame` was decoded from
 */
export function fingerprint(frame: Frame, bytes: Uint8Array): number {
	const digest = new Digest();
	const { ipv4, icmp, bodyStart, bodyEnd } = frame;
	digest.addText(ipv4?.source ?? frame.ethernet?.source ?? "");
	digest.addText(ipv4?.destination ?? "");
	digest.addNumber(ipv4?.id ?? 0);
	digest.addNumber(ipv4?.fragmentOffset ?? 0);
	const isIcmp = frame.protocol === "icmp";
	const end = isIcmp ? Math.min(bodyEnd, bodyStart + icmpPrefix) : bodyEnd;
	if (icmp !== null) {
		digest.addBytes(bytes, bodyStart, bodyStart + checksum.start);
		digest.addBytes(bytes, bodyStart + checksum.end, end);
	} else {
		digest.addBytes(bytes, bodyStart, end);
	}
	return digest.value;
}

/** Whether enough of a frame is there to recognise it elsewhere. */
export function isTraceable(frame: Frame): boolean {
	return frame.protocol !== null && frame.bodyEnd > frame.bodyStart;
}

/** Two independent 32-bit multiply-and-rotate hashes, fed byte by byte. */
class Digest {
	#high = 0x9747b28c;
	#low = 0x2f0b4a27;

	addByte(byte: number): void {
		this.#high = Math.imul(this.#high ^ byte, 0x01000193);
		this.#low = Math.imul(
			((this.#low << 5) | (this.#low >>> 27)) ^ byte,
			0x9e3779b1,
		);
	}

	addNumber(value: number): void {
		this.addByte(value & 0xff);
		this.addByte((value >>> 8) & 0xff);
		this.addByte((value >>> 16) & 0xff);
		this.addByte(value >>> 24);
	}

	addText(text: string): void {
		for (let at = 0; at < text.length; at += 1) {
			this.addByte(text.charCodeAt(at));
		}
		this.addByte(0);
	}

	addBytes(bytes: Uint8Array, start: number, end: number): void {
		const stop = Math.min(end, bytes.length);
		for (let at = start; at < stop; at += 1) {
			this.addByte(bytes[at] as number);
		}
	}

	get value(): number {
		return (this.#high & 0x1fffff) * 0x1_0000_0000 + (this.#low >>> 0);
	}
}
