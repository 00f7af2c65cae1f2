import { broadcastMac } from "../model/address.js";
import { linkType } from "../model/capture.js";
import type {
	ArpMessage,
	Frame,
	Ipv4Header,
	UdpHeader,
} from "../model/frame.js";
import { listDhcp } from "./dhcp-fields.js";
import { type Field, hex, ipProtocols, type Layer, withName } from "./field.js";
import { listIcmp } from "./icmp-fields.js";
import type { KeptFrame } from "./world.js";

/** The layers of a frame as they were decoded, the outermost first. */
export function listLayers({ captured, frame }: KeptFrame): Layer[] {
	const { arp, ipv4, udp, icmp, dhcp } = frame;
	return [
		...listEthernet(frame, captured),
		...(arp === null ? [] : [listArp(arp)]),
		...(ipv4 === null ? [] : [listIpv4(ipv4)]),
		...(udp === null ? [] : [listUdp(udp)]),
		...(icmp === null ? [] : [listIcmp(icmp, frame)]),
		...(dhcp === null ? [] : listDhcp(dhcp, frame, captured.bytes)),
	];
}

/** Where the type stands in a frame without tags (IEEE 802.3). */
const typeOffset = 12;
const tagLength = 4;

const etherTypes: ReadonlyMap<number, string> = new Map([
	[0x0800, "IPv4"],
	[0x0806, "ARP"],
	[0x8035, "RARP"],
]);

function listEthernet(
	{ ethernet, vlans }: Frame,
	{ bytes, interface: { linkType: link } }: KeptFrame["captured"],
): Layer[] {
	const tags = vlans.map(
		({ id, priority }): Layer => ({
			title: "VLAN tag (802.1Q)",
			fields: [
				["VLAN identifier", String(id)],
				["priority", String(priority)],
			],
		}),
	);
	if (ethernet === null) {
		return tags;
	}
	const { source, destination } = ethernet;
	const at = typeOffset + tagLength * vlans.length;
	const high = bytes[at];
	const low = bytes[at + 1];
	const type =
		link === linkType.ethernet && high !== undefined && low !== undefined
			? high * 256 + low
			: null;
	const name = type === null ? undefined : etherTypes.get(type);
	const fields: Field[] = [
		["source", source],
		["destination", describeDestination(destination)],
		...(type === null
			? []
			: [["type", `${hex(type, 4)}${name ? ` (${name})` : ""}`] as const]),
	];
	return [{ title: "Ethernet", fields }, ...tags];
}

function describeDestination(mac: string | null): string {
	if (mac === null) {
		return "not in this capture";
	}
	return mac === broadcastMac ? `${mac} (broadcast)` : mac;
}

const arpOperations: ReadonlyMap<number, string> = new Map([
	[1, "request"],
	[2, "reply"],
	[3, "RARP request"],
	[4, "RARP reply"],
]);

function listArp(arp: ArpMessage): Layer {
	const { operation, senderMac, senderIp, targetMac, targetIp } = arp;
	return {
		title: "ARP",
		fields: [
			["operation", withName(operation, arpOperations)],
			["sender MAC", senderMac],
			["sender IP", senderIp],
			["target MAC", targetMac],
			["target IP", targetIp],
		],
	};
}

function listIpv4(ipv4: Ipv4Header): Layer {
	const flags = [
		...(ipv4.dontFragment ? ["don't fragment"] : []),
		...(ipv4.moreFragments ? ["more fragments"] : []),
	];
	return {
		title: "IPv4",
		fields: [
			["source", ipv4.source],
			["destination", ipv4.destination],
			["time to live", String(ipv4.ttl)],
			["protocol", withName(ipv4.protocol, ipProtocols)],
			["identification", `${hex(ipv4.id, 4)} (${ipv4.id})`],
			["flags", flags.join(", ") || "none"],
			["fragment offset", String(ipv4.fragmentOffset)],
			["total length", `${ipv4.totalLength} bytes`],
			["header checksum", ipv4.checksum],
		],
	};
}

const ports: ReadonlyMap<number, string> = new Map([
	[67, "DHCP server"],
	[68, "DHCP client"],
]);

function listUdp(udp: UdpHeader): Layer {
	return {
		title: "UDP",
		fields: [
			["source port", withName(udp.sourcePort, ports)],
			["destination port", withName(udp.destinationPort, ports)],
			["length", `${udp.length} bytes`],
			["checksum", udp.checksum],
		],
	};
}
