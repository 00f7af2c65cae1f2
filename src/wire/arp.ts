import type { FrameDraft } from "./draft.js";
import { etherType } from "./ether-type.js";
import { type ByteReader, DecodeError } from "./reader.js";

/** Hardware types whose addresses are Ethernet addresses; Linux takes both. */
const hardware = { ethernet: 1, ieee802: 6 } as const;
const macLength = 6;
const ipv4Length = 4;

/**
 * Decodes an ARP (RFC 826) or RARP (RFC 903) packet for Ethernet and IPv4.
 *
 * @throws {DecodeError} when it is cut short or maps other addresses
 */
export function decodeArp(reader: ByteReader, frame: FrameDraft): void {
	const start = reader.position;
	checkAddressTypes(reader);
	const operation = reader.u16("arp operation");
	const senderMac = reader.mac("arp sender hardware address");
	const senderIp = reader.ipv4("arp sender protocol address");
	const targetMac = reader.mac("arp target hardware address");
	const targetIp = reader.ipv4("arp target protocol address");
	frame.arp = { operation, senderMac, senderIp, targetMac, targetIp };
	frame.bodyStart = start;
	frame.bodyEnd = reader.position;
}

function checkAddressTypes(reader: ByteReader): void {
	const hardwareType = reader.u16("arp hardware type");
	const protocolType = reader.u16("arp protocol type");
	const hardwareLength = reader.u8("arp hardware address length");
	const protocolLength = reader.u8("arp protocol address length");
	if (
		(hardwareType !== hardware.ethernet && hardwareType !== hardware.ieee802) ||
		hardwareLength !== macLength
	) {
		throw new DecodeError(
			`arp hardware type ${hardwareType} with addresses of ${hardwareLength} bytes is not Ethernet`,
		);
	}
	if (protocolType !== etherType.ipv4 || protocolLength !== ipv4Length) {
		throw new DecodeError(
			`arp protocol type 0x${protocolType.toString(16).padStart(4, "0")} with addresses of ${protocolLength} bytes is not IPv4`,
		);
	}
}
