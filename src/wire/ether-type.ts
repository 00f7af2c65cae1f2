import type { VlanTag } from "../model/frame.js";
import type { FrameDraft } from "./draft.js";
import { type ByteReader, DecodeError } from "./reader.js";

/** EtherTypes vmpath follows (IEEE 802 numbers). */
export const etherType = {
	ipv4: 0x0800,
	arp: 0x0806,
	rarp: 0x8035,
	/** 802.1Q, 802.1ad, and what was used before 802.1ad. */
	vlan: 0x8100,
	serviceVlan: 0x88a8,
	oldServiceVlan: 0x9100,
} as const;

/** Below this the field is an 802.3 length (or an SLL number), and LLC follows. */
export const firstEtherType = 0x0600;

/** More tags than this are no network but an attack on whoever decodes them. */
export const maxVlanTags = 8;

/**
 * LLC header (DSAP, SSAP, control) and organization code of SNAP that say an EtherType
 * follows: RFC 1042.
 */
export const snap = { llc: 0xaaaa03, organization: 0 } as const;

/** Whether an EtherType announces a VLAN tag. */
export function isVlanType(type: number): boolean {
	return (
		type === etherType.vlan ||
		type === etherType.serviceVlan ||
		type === etherType.oldServiceVlan
	);
}

/**
 * Decodes the VLAN tags and the SNAP header that may stand between a link header and
 * the packet.
 *
 * @param first the type or length field of the link header
 * @returns the EtherType of the packet; null when LLC says it is no such packet
 * @throws {DecodeError} when a header is cut short or there are more than 8 tags
 */
export function decodeEtherType(
	reader: ByteReader,
	frame: FrameDraft,
	first: number,
): number | null {
	const type = isVlanType(first) ? decodeVlans(reader, frame, first) : first;
	return type < firstEtherType ? decodeSnap(reader) : type;
}

function decodeVlans(
	reader: ByteReader,
	frame: FrameDraft,
	first: number,
): number {
	const tags: VlanTag[] = [];
	frame.vlans = tags;
	let type = first;
	while (isVlanType(type)) {
		if (tags.length === maxVlanTags) {
			throw new DecodeError(`more than ${maxVlanTags} vlan tags`);
		}
		const control = reader.u16("vlan tag control information");
		tags.push({ id: control & 0xfff, priority: control >>> 13 });
		type = reader.u16("vlan type");
	}
	return type;
}

function decodeSnap(reader: ByteReader): number | null {
	const llc = reader.u24("llc header");
	if (llc !== snap.llc) {
		return null;
	}
	const organization = reader.u24("snap organization code");
	const type = reader.u16("snap type");
	return organization === snap.organization ? type : null;
}
