import type { Frame } from "../model/frame.js";

/**
 * Digest of what stays equal when an ICMP packet is routed and its addresses and ICMP
 * identifier are translated (rule 6): type, code, sequence, IP identification, fragment
 * offset and payload. Null for other frames, and for ICMP errors, whose quoted packet is
 * translated too.
 *
 * @param bytes the captured frame that `frame` was decoded from
 */
export function routedFingerprint(
	frame: Frame,
	bytes: Uint8Array,
): number | null {
	const { icmp, ipv4 } = frame;
	if (icmp === null || ipv4 === null || icmp.sequence === null) {
		return null;
	}
	const digest = new Digest();
	digest.addNumber(icmp.type);
	digest.addNumber(icmp.code);
	digest.addNumber(icmp.sequence);
	digest.addNumber(ipv4.id);
	digest.addNumber(ipv4.fragmentOffset);
	digest.addBytes(bytes, frame.bodyStart + echoHeaderLength, frame.bodyEnd);
	return digest.value;
}

/**
 * Digest of what stays equal while a frame crosses bridges (rule 1):
 *
 * - ARP: the packet and the source MAC address;
 * - DHCP: the message, both addresses and the IP identification;
 * - ICMP: the message but for its checksum, both addresses, IP identification and
 *   fragment offset.
 *
 * Never TTL, checksums, tags, padding or the destination MAC address (SLL2 has none).
 * A number below 2^53, so that it is a cheap key: 32 bits of one hash, 21 of another.
 *
 * @param routed the frame's `routedFingerprint`, which covers most of it already
 */
export function fingerprint(
	frame: Frame,
	bytes: Uint8Array,
	routed: number | null,
): number {
	const digest = new Digest();
	const { ipv4, icmp, bodyStart, bodyEnd } = frame;
	digest.addText(ipv4?.source ?? frame.ethernet?.source ?? "");
	digest.addText(ipv4?.destination ?? "");
	if (routed !== null && icmp !== null) {
		digest.addNumber(routed % 0x1_0000_0000);
		digest.addNumber(Math.floor(routed / 0x1_0000_0000));
		digest.addNumber(icmp.identifier ?? 0);
		return digest.value;
	}
	digest.addNumber(ipv4?.id ?? 0);
	digest.addNumber(ipv4?.fragmentOffset ?? 0);
	const isIcmpStart = icmp !== null;
	digest.addBytes(bytes, bodyStart, bodyStart + (isIcmpStart ? 2 : 0));
	digest.addBytes(bytes, bodyStart + (isIcmpStart ? 4 : 0), bodyEnd);
	return digest.value;
}

/** Type, code, checksum, identifier and sequence of an echo, in bytes. */
const echoHeaderLength = 8;

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
		for (let at = start; at < end; at += 1) {
			this.addByte(bytes[at] ?? 0);
		}
	}

	get value(): number {
		return (this.#high & 0x1fffff) * 0x1_0000_0000 + (this.#low >>> 0);
	}
}
