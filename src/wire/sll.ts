import type { FrameDraft } from "./draft.js";
import { decodeEtherType } from "./ether-type.js";
import type { ByteReader } from "./reader.js";

/** Packet type of a frame this host sent: LINUX_SLL_OUTGOING. */
const outgoing = 4;

/** Both headers keep this much room for an address, whatever its length. */
const addressRoom = 8;
const macLength = 6;

/**
 * Decodes the "cooked" header of a Linux capture on all interfaces (LINKTYPE_LINUX_SLL).
 * It has no destination.
 *
 * @returns the EtherType of the packet, or null when it has none
 * @throws {DecodeError} when it is cut short
 */
export function decodeSll(
	reader: ByteReader,
	frame: FrameDraft,
): number | null {
	decodePacketType(frame, reader.u16("sll packet type"));
	reader.skip(2, "sll hardware type");
	decodeSource(reader, frame, reader.u16("sll address length"));
	return decodeEtherType(reader, frame, reader.u16("sll protocol"));
}

/**
 * Decodes the second version of that header, which names the interface by its number
 * (LINKTYPE_LINUX_SLL2).
 *
 * @returns the EtherType of the packet, or null when it has none
 * @throws {DecodeError} when it is cut short
 */
export function decodeSll2(
	reader: ByteReader,
	frame: FrameDraft,
): number | null {
	const type = reader.u16("sll2 protocol");
	reader.skip(2, "sll2 reserved");
	frame.interfaceIndex = reader.u32("sll2 interface index");
	reader.skip(2, "sll2 hardware type");
	decodePacketType(frame, reader.u8("sll2 packet type"));
	decodeSource(reader, frame, reader.u8("sll2 address length"));
	return decodeEtherType(reader, frame, type);
}

function decodePacketType(frame: FrameDraft, packetType: number): void {
	frame.direction = packetType === outgoing ? "out" : "in";
}

function decodeSource(
	reader: ByteReader,
	frame: FrameDraft,
	length: number,
): void {
	if (length !== macLength) {
		reader.skip(addressRoom, "sll address");
		return;
	}
	const source = reader.mac("sll address");
	frame.ethernet = { source, destination: null };
	reader.skip(addressRoom - macLength, "sll address padding");
}
