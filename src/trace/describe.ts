import { unspecifiedIpv4 } from "../model/address.js";
import { type DhcpMessage, dhcpMessageNames } from "../model/dhcp.js";
import {
	type ArpMessage,
	arpOperation,
	type Frame,
	type IcmpMessage,
} from "../model/frame.js";
import type { SafeText } from "../model/safe-text.js";

const arpNames: ReadonlyMap<number, string> = new Map([
	[arpOperation.request, "request"],
	[arpOperation.reply, "reply"],
	[3, "rarp-request"],
	[4, "rarp-reply"],
]);

/** ICMP types by number: the registry of IANA, those that are not deprecated. */
const icmpNames: ReadonlyMap<number, string> = new Map([
	[0, "echo-reply"],
	[3, "unreachable"],
	[4, "source-quench"],
	[5, "redirect"],
	[8, "echo-request"],
	[9, "router-advertisement"],
	[10, "router-solicitation"],
	[11, "time-exceeded"],
	[12, "parameter-problem"],
	[13, "timestamp"],
	[14, "timestamp-reply"],
	[15, "information-request"],
	[16, "information-reply"],
	[17, "address-mask-request"],
	[18, "address-mask-reply"],
	[42, "extended-echo-request"],
	[43, "extended-echo-reply"],
]);

/** The word for a frame's message: `offer`, `request`, `echo-reply`, `type-165`. */
export function messageOf(frame: Frame): string {
	const { arp, dhcp, icmp, ipv4 } = frame;
	if (arp !== null) {
		return arpMessage(arp);
	}
	if (dhcp !== null) {
		return dhcpMessage(dhcp);
	}
	if (icmp !== null) {
		return icmpNames.get(icmp.type) ?? `type-${icmp.type}`;
	}
	return ipv4 !== null && ipv4.fragmentOffset > 0 ? "fragment" : "unknown";
}

/** One line that says what a frame is about, addresses included. */
export function summarize(frame: Frame): SafeText {
	const { arp, dhcp, icmp } = frame;
	// Words and numbers that are written here; texts of DHCP were made safe when decoded.
	if (arp !== null) {
		return summarizeArp(arp) as SafeText;
	}
	if (dhcp !== null) {
		return summarizeDhcp(dhcp, frame) as SafeText;
	}
	return (
		icmp === null
			? `${frame.protocol?.toUpperCase() ?? "?"} ${messageOf(frame)}${route(frame)}`
			: summarizeIcmp(icmp, frame)
	) as SafeText;
}

/** RFC 5227: a probe has no sender address, an announcement names one address twice. */
function arpMessage(arp: ArpMessage): string {
	const isRequest = arp.operation === arpOperation.request;
	if (isRequest && arp.senderIp === unspecifiedIpv4) {
		return "probe";
	}
	if (arp.operation <= 2 && arp.senderIp === arp.targetIp) {
		return "announcement";
	}
	return arpNames.get(arp.operation) ?? `operation-${arp.operation}`;
}

function summarizeArp(arp: ArpMessage): string {
	const message = arpMessage(arp);
	switch (message) {
		case "request":
			return `ARP who-has ${arp.targetIp} tell ${arp.senderIp}`;
		case "reply":
			return `ARP ${arp.senderIp} is-at ${arp.senderMac}`;
		case "probe":
			return `ARP probe ${arp.targetIp} from ${arp.senderMac}`;
		case "announcement":
			return `ARP announcement ${arp.senderIp} is-at ${arp.senderMac}`;
		default:
			return `ARP ${message} ${arp.senderMac} ${arp.targetMac}`;
	}
}

function dhcpMessage({ messageType, operation }: DhcpMessage): string {
	if (messageType === null) {
		return operation === 1 ? "bootp-request" : "bootp-reply";
	}
	return dhcpMessageNames[messageType - 1] ?? `type-${messageType}`;
}

function summarizeDhcp(dhcp: DhcpMessage, frame: Frame): string {
	const parts = [`DHCP ${dhcpMessage(dhcp).toUpperCase()}`];
	const address =
		dhcp.operation === 1 ? (dhcp.requestedIp ?? dhcp.clientIp) : dhcp.yourIp;
	if (address !== unspecifiedIpv4) {
		parts.push(address);
	}
	if (dhcp.operation === 2) {
		parts.push(`from ${dhcp.serverIdentifier ?? frame.ipv4?.source ?? "?"}`);
	} else if (dhcp.hostName !== null) {
		parts.push(`(${dhcp.hostName})`);
	}
	if (dhcp.message !== null) {
		parts.push(`"${dhcp.message}"`);
	}
	return parts.join(" ");
}

function summarizeIcmp(icmp: IcmpMessage, frame: Frame): string {
	const words = messageOf(frame).replaceAll("-", " ");
	const { quoted } = icmp;
	if (quoted !== null) {
		return `ICMP ${words} from ${frame.ipv4?.source}, about ${quoted.ipv4.source} → ${quoted.ipv4.destination}`;
	}
	const sequence = icmp.sequence === null ? "" : ` seq ${icmp.sequence}`;
	return `ICMP ${words}${route(frame)}${sequence}`;
}

function route({ ipv4 }: Frame): string {
	return ipv4 === null ? "" : ` ${ipv4.source} → ${ipv4.destination}`;
}
