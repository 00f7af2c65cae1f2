import type { FrameDraft } from "./draft.js";
import { decodeEtherType } from "./ether-type.js";
import type { ByteReader } from "./reader.js";

/**
 * Decodes an Ethernet II or 802.3 header and the tags behind it.
 *
 * @returns the EtherType of the packet, or null when it has none
 * @throws {DecodeError} when it is cut short
 */
export function decodeEthernet(
	reader: ByteReader,
	frame: FrameDraft,
): number | null {
	const destination = reader.mac("ethernet destination");
	const source = reader.mac("ethernet source");
	frame.ethernet = { source, destination };
	return decodeEtherType(reader, frame, reader.u16("ethernet type"));
}
