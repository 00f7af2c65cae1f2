import {
	broadcastIpv4,
	broadcastMac,
	isGroupMac,
	type Mac,
	unspecifiedIpv4,
} from "../model/address.js";
import { type ArpMessage, arpOperation, type Frame } from "../model/frame.js";
import type { Whereabouts } from "./whereabouts.js";

const dhcpClientPort = 68;

/** The MAC address a frame is for in the end: a broadcast may be for one machine. */
export function addressedTo(
	frame: Frame,
	whereabouts: Whereabouts,
): Mac | null {
	const { dhcp, udp, arp, ipv4 } = frame;
	if (dhcp?.clientMac && udp?.destinationPort === dhcpClientPort) {
		return dhcp.clientMac;
	}
	const destination = frame.ethernet?.destination ?? null;
	if (arp !== null && (destination === null || isGroupMac(destination))) {
		return arpAddressedTo(arp, whereabouts);
	}
	if (destination !== null || ipv4 === null) {
		return destination;
	}
	return ipv4.destination === broadcastIpv4
		? broadcastMac
		: whereabouts.holderOf(ipv4.destination);
}

/** Announcements and probes are for everyone; a question for the one it is about. */
function arpAddressedTo(arp: ArpMessage, whereabouts: Whereabouts): Mac {
	const isQuestion =
		arp.operation === arpOperation.request &&
		arp.senderIp !== arp.targetIp &&
		arp.senderIp !== unspecifiedIpv4;
	const holder = whereabouts.holderOf(arp.targetIp);
	if (isQuestion && holder !== arp.senderMac) {
		return holder ?? broadcastMac;
	}
	return arp.operation === arpOperation.reply && arp.senderIp !== arp.targetIp
		? arp.targetMac
		: broadcastMac;
}
