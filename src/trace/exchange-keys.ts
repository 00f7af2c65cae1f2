import {
	broadcastIpv4,
	isGroupMac,
	unspecifiedIpv4,
} from "../model/address.js";
import { type DhcpMessage, dhcpType, isFromServer } from "../model/dhcp.js";
import {
	arpOperation,
	type Frame,
	type IcmpMessage,
	type Ipv4Header,
	type UdpHeader,
} from "../model/frame.js";
import { icmpType, isIcmpError } from "../wire/icmp-types.js";

/** What a frame is in an exchange, and by what its partner is found. */
export interface Part {
	readonly kind: "question" | "answer";
	/** Equal for a question and its answers. */
	readonly key: string;
}

const dhcpServerPort = 67;

/**
 * The part a frame has in an exchange; null when it neither asks nor answers: ARP probes
 * and announcements (RFC 5227), pings to groups, redirects, BOOTP, lease queries.
 *
 * A frame that is routed has other addresses behind the route: ask for each of its
 * sightings.
 */
export function findPart(frame: Frame): Part | null {
	switch (frame.protocol) {
		case "arp":
			return findArpPart(frame);
		case "icmp":
			return findEchoPart(frame);
		case "dhcp":
			return findDhcpPart(frame);
		default:
			return null;
	}
}

function findArpPart({ arp }: Frame): Part | null {
	const isUnasked =
		arp?.senderIp === unspecifiedIpv4 || arp?.senderIp === arp?.targetIp;
	if (arp === null || isUnasked) {
		return null;
	}
	if (arp.operation === arpOperation.request) {
		const key = `arp ${arp.senderMac} ${arp.targetIp}`;
		return { kind: "question", key };
	}
	return arp.operation === arpOperation.reply
		? { kind: "answer", key: `arp ${arp.targetMac} ${arp.senderIp}` }
		: null;
}

function findEchoPart({ icmp, ipv4, ethernet }: Frame): Part | null {
	const isToGroup =
		isGroupMac(ethernet?.destination ?? "") ||
		isGroupAddress(ipv4?.destination ?? "");
	if (icmp === null || ipv4 === null || isToGroup) {
		return null;
	}
	if (icmp.type === icmpType.echoRequest) {
		return { kind: "question", key: echoKey(ipv4, icmp) };
	}
	if (icmp.type === icmpType.echoReply) {
		const { source, destination } = ipv4;
		const asked = { source: destination, destination: source };
		return { kind: "answer", key: echoKey(asked, icmp) };
	}
	const { quoted } = icmp;
	return isIcmpError(icmp.type) && quoted?.icmp?.type === icmpType.echoRequest
		? { kind: "answer", key: echoKey(quoted.ipv4, quoted.icmp) }
		: null;
}

/** Limited broadcast, or multicast (224.0.0.0/4). */
function isGroupAddress(address: string): boolean {
	const first = Number.parseInt(address, 10);
	return address === broadcastIpv4 || (first >= 224 && first < 240);
}

function echoKey(
	{ source, destination }: Pick<Ipv4Header, "source" | "destination">,
	{ identifier, sequence }: Pick<IcmpMessage, "identifier" | "sequence">,
): string {
	return `icmp ${source} ${destination} ${identifier} ${sequence}`;
}

/**
 * What a relay and a server say to each other is an exchange of its own: a question with
 * giaddr, an answer to port 67 (RFC 1542 section 4.1).
 */
function findDhcpPart({ dhcp, udp }: Frame): Part | null {
	const type = dhcp?.messageType ?? null;
	if (dhcp === null || type === null || type > dhcpType.inform) {
		return null;
	}
	return {
		kind: isFromServer(dhcp) ? "answer" : "question",
		key: `dhcp ${dhcp.transactionId} ${nameClient(dhcp, udp)}`,
	};
}

/** The client that a DHCP message is from or for, or a relay in its place; null: no DHCP. */
export function findDhcpClient({ dhcp, udp }: Frame): string | null {
	return dhcp === null ? null : nameClient(dhcp, udp);
}

function nameClient(dhcp: DhcpMessage, udp: UdpHeader | null): string {
	const isRelayed = isFromServer(dhcp)
		? udp?.destinationPort === dhcpServerPort
		: dhcp.relayIp !== unspecifiedIpv4;
	return isRelayed ? `${dhcp.clientMac} ${dhcp.relayIp}` : `${dhcp.clientMac}`;
}
