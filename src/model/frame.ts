import type { Ipv4, Mac } from "./address.js";
import type { DhcpMessage } from "./dhcp.js";
import type { SafeText } from "./safe-text.js";

/**
 * What checking a checksum gave. `unverified`: the bytes it covers are not all there
 * (cut, or a fragment). `absent`: the sender did not compute one (UDP, zero).
 */
export type ChecksumStatus = "good" | "bad" | "unverified" | "absent";

/** Which way a frame passed an interface, seen from the host: `in` came off the wire. */
export type Direction = "in" | "out";

/** Ethernet II or 802.3. The destination is null where the capture has none (SLL). */
export interface EthernetHeader {
	readonly source: Mac;
	readonly destination: Mac | null;
}

/** One 802.1Q or 802.1ad tag, outermost first. */
export interface VlanTag {
	/** VLAN identifier, 0 to 4095. */
	readonly id: number;
	/** Priority code point, 0 to 7. */
	readonly priority: number;
}

/** ARP operations that vmpath decides on (RFC 826). */
export const arpOperation = { request: 1, reply: 2 } as const;

/** ARP over Ethernet for IPv4 (RFC 826); RARP (RFC 903) has operations 3 and 4. */
export interface ArpMessage {
	readonly operation: number;
	readonly senderMac: Mac;
	readonly senderIp: Ipv4;
	readonly targetMac: Mac;
	readonly targetIp: Ipv4;
}

/** RFC 791. */
export interface Ipv4Header {
	readonly source: Ipv4;
	readonly destination: Ipv4;
	readonly ttl: number;
	/** Identification, 0 to 65535. */
	readonly id: number;
	readonly protocol: number;
	/** Total length in bytes, header included, as the header says. */
	readonly totalLength: number;
	/** In bytes (the header's unit of 8 is multiplied out). */
	readonly fragmentOffset: number;
	readonly moreFragments: boolean;
	readonly dontFragment: boolean;
	readonly checksum: ChecksumStatus;
}

/** RFC 768. */
export interface UdpHeader {
	readonly sourcePort: number;
	readonly destinationPort: number;
	/** Length in bytes, header included, as the header says. */
	readonly length: number;
	readonly checksum: ChecksumStatus;
}

/** RFC 792 and its successors. */
export interface IcmpMessage {
	readonly type: number;
	readonly code: number;
	/** Of echo, timestamp, information and address mask messages; else null. */
	readonly identifier: number | null;
	readonly sequence: number | null;
	readonly checksum: ChecksumStatus;
	/** The packet an error message is about; null for others. */
	readonly quoted: QuotedPacket | null;
	/** Next-hop MTU of "fragmentation needed" (RFC 1191), in bytes; else null. */
	readonly mtu: number | null;
	/** The better gateway of a redirect; else null. */
	readonly gateway: Ipv4 | null;
}

/** The start of the packet that an ICMP error is about. Null fields were cut off. */
export interface QuotedPacket {
	readonly ipv4: Ipv4Header;
	readonly icmp: {
		readonly type: number;
		readonly code: number;
		readonly identifier: number | null;
		readonly sequence: number | null;
	} | null;
	/** Ports of a quoted UDP or TCP packet. */
	readonly ports: {
		readonly source: number;
		readonly destination: number;
	} | null;
}

/** Which protocol vmpath traces a frame as. */
export type Protocol = "arp" | "dhcp" | "icmp";

/**
 * A frame, decoded. A layer that is not there is null. Decoding goes as far as the
 * bytes allow: where it stopped, `problem` says why, and the layers before it are kept.
 */
export interface Frame {
	/** What the frame is, as far as it could be read; null when that was cut off. */
	readonly protocol: Protocol | null;
	/** From an SLL or SLL2 header; null for other link types. */
	readonly direction: Direction | null;
	/** From an SLL2 header; null for other link types. */
	readonly interfaceIndex: number | null;
	readonly ethernet: EthernetHeader | null;
	readonly vlans: readonly VlanTag[];
	readonly arp: ArpMessage | null;
	readonly ipv4: Ipv4Header | null;
	readonly udp: UdpHeader | null;
	readonly icmp: IcmpMessage | null;
	readonly dhcp: DhcpMessage | null;
	/**
	 * Where the bytes that stay equal along the path stand in the frame: the ARP packet,
	 * the DHCP message, the ICMP message (of a later fragment: its part of it), without
	 * padding. Offsets in bytes; both 0 when decoding did not get there.
	 */
	readonly bodyStart: number;
	readonly bodyEnd: number;
	readonly problem: SafeText | null;
}
