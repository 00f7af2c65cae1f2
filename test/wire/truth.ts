import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import type {
	ChecksumStatus,
	Frame,
	IcmpMessage,
	Ipv4Header,
} from "../../src/model/frame.js";

/** Public captures and what tshark says about them; they are no part of the project. */
export const publicCaptures = new URL(
	"../../../../shared/captures/public/",
	import.meta.url,
);

/** One frame as tshark decodes it: fields by tshark's names, repeated ones as lists. */
export interface TruthPacket {
	/** Path of the capture below `publicCaptures`. */
	readonly file: string;

	/** Counts the packets of the file from 1. */
	readonly packet_no: number;

	/** Layers, outermost first: `eth:ethertype:ip:icmp:data`. */
	readonly "frame.protocols": string;

	readonly [field: string]: string | number | readonly string[];
}

/** A frame as a capture holds it. */
export interface CapturedBytes {
	readonly bytes: Uint8Array;

	/** Length on the wire, in bytes. */
	readonly length: number;
}

/** Loads the frames that vmpath traces; null where the public captures are absent. */
export function loadTruth(): TruthPacket[] | null {
	const file = new URL("truth.jsonl", publicCaptures);
	if (!existsSync(file)) {
		return null;
	}
	return readFileSync(file, "utf8")
		.split("\n")
		.filter((line) => line.includes('"rec": "pkt"'))
		.map((line): TruthPacket => JSON.parse(line))
		.filter((packet) => /:(arp|icmp|dhcp)\b/.test(packet["frame.protocols"]));
}

/**
 * Compares a decoded frame with the truth, field by field, and fails with all that
 * differ. Fields that tshark does not name are not compared.
 */
export function expectFrame(
	truth: TruthPacket,
	frame: Frame,
	captured: CapturedBytes,
): void {
	const expected: Record<string, unknown> = {};
	const actual: Record<string, unknown> = {};
	const compare: Compare = (name, wanted, got) => {
		if (wanted !== undefined) {
			expected[name] = wanted;
			actual[name] = got;
		}
	};
	for (const [field, read] of Object.entries(single)) {
		compare(field, listOf(truth, field)[0], read(frame));
	}
	for (const [field, read] of Object.entries(quoted)) {
		compare(`quoted ${field}`, listOf(truth, field)[1], read(frame));
	}
	for (const [field, read] of Object.entries(lists)) {
		compare(field, truth[field] && listOf(truth, field), read(frame));
	}
	compareVlans(truth, frame, compare);
	const [packetType] = listOf(truth, "sll.pkttype");
	compare("direction", directionOf(packetType), frame.direction);
	compare("frame.len", truth["frame.len"], String(captured.length));
	compare(
		"frame.cap_len",
		truth["frame.cap_len"],
		String(captured.bytes.length),
	);
	assert.deepEqual(actual, expected, `${truth.file} packet ${truth.packet_no}`);
}

type Compare = (name: string, wanted: unknown, got: unknown) => void;

type Read = (frame: Frame) => string | null | undefined;

const statusNumbers: Record<ChecksumStatus, string> = {
	bad: "0",
	good: "1",
	unverified: "2",
	absent: "3",
};

/** Fields of which the first value counts: the next ones are those of a quoted packet. */
const single: Record<string, Read> = {
	"eth.src": ({ ethernet }) => ethernet?.source,
	"eth.dst": ({ ethernet }) => ethernet?.destination,
	"sll.src.eth": ({ ethernet }) => ethernet?.source,
	"sll.ifindex": ({ interfaceIndex }) => text(interfaceIndex),
	"arp.opcode": ({ arp }) => text(arp?.operation),
	"arp.src.hw_mac": ({ arp }) => arp?.senderMac,
	"arp.src.proto_ipv4": ({ arp }) => arp?.senderIp,
	"arp.dst.hw_mac": ({ arp }) => arp?.targetMac,
	"arp.dst.proto_ipv4": ({ arp }) => arp?.targetIp,
	...ipv4Fields(({ ipv4 }) => ipv4),
	"udp.srcport": ({ udp, icmp }) =>
		text(udp?.sourcePort ?? icmp?.quoted?.ports?.source),
	"udp.dstport": ({ udp, icmp }) =>
		text(udp?.destinationPort ?? icmp?.quoted?.ports?.destination),
	"icmp.type": ({ icmp }) => text(icmp?.type),
	"icmp.code": ({ icmp }) => text(icmp?.code),
	"icmp.checksum.status": ({ icmp }) => status(icmp?.checksum),
	"icmp.ident": ({ icmp }) => text(echoOf(icmp)?.identifier),
	"icmp.seq": ({ icmp }) => text(echoOf(icmp)?.sequence),
	"icmp.mtu": ({ icmp }) => text(icmp?.mtu),
	"icmp.redir_gw": ({ icmp }) => icmp?.gateway,
	"dhcp.type": ({ dhcp }) => text(dhcp?.operation),
	"dhcp.hops": ({ dhcp }) => text(dhcp?.hops),
	"dhcp.id": ({ dhcp }) => hex(dhcp?.transactionId, 8),
	"dhcp.secs": ({ dhcp }) => text(dhcp?.seconds),
	"dhcp.flags.bc": ({ dhcp }) => flag(dhcp?.broadcast),
	"dhcp.hw.mac_addr": ({ dhcp }) => dhcp?.clientMac,
	"dhcp.ip.client": ({ dhcp }) => dhcp?.clientIp,
	"dhcp.ip.your": ({ dhcp }) => dhcp?.yourIp,
	"dhcp.ip.server": ({ dhcp }) => dhcp?.serverIp,
	"dhcp.ip.relay": ({ dhcp }) => dhcp?.relayIp,
	"dhcp.option.dhcp": ({ dhcp }) => text(dhcp?.messageType),
	"dhcp.option.dhcp_server_id": ({ dhcp }) => dhcp?.serverIdentifier,
	"dhcp.option.requested_ip_address": ({ dhcp }) => dhcp?.requestedIp,
	"dhcp.option.ip_address_lease_time": ({ dhcp }) => text(dhcp?.leaseSeconds),
	"dhcp.option.renewal_time_value": ({ dhcp }) => text(dhcp?.renewalSeconds),
	"dhcp.option.rebinding_time_value": ({ dhcp }) =>
		text(dhcp?.rebindingSeconds),
	"dhcp.option.subnet_mask": ({ dhcp }) => dhcp?.subnetMask,
	"dhcp.option.hostname": ({ dhcp }) => dhcp?.hostName,
	"dhcp.option.domain_name": ({ dhcp }) => dhcp?.domainName,
	"dhcp.option.vendor_class_id": ({ dhcp }) => dhcp?.vendorClass,
	"dhcp.option.message": ({ dhcp }) => dhcp?.message,
	"dhcp.option.interface_mtu": ({ dhcp }) => text(dhcp?.interfaceMtu),
	"dhcp.option.agent_information_option.agent_circuit_id": ({ dhcp }) =>
		dhcp?.relayAgent?.circuitId,
	"dhcp.option.agent_information_option.agent_remote_id": ({ dhcp }) =>
		dhcp?.relayAgent?.remoteId,
};

/** Fields of which the second value is that of the packet an ICMP error quotes. */
const quoted: Record<string, Read> = {
	...ipv4Fields(({ icmp }) => icmp?.quoted?.ipv4),
	"icmp.type": ({ icmp }) => text(icmp?.quoted?.icmp?.type),
	"icmp.code": ({ icmp }) => text(icmp?.quoted?.icmp?.code),
};

/** Fields of which every value counts. */
const lists: Record<string, (frame: Frame) => readonly string[] | undefined> = {
	"dhcp.option.router": ({ dhcp }) => dhcp?.routers,
	"dhcp.option.domain_name_server": ({ dhcp }) => dhcp?.dns,
};

function ipv4Fields(
	headerOf: (frame: Frame) => Ipv4Header | null | undefined,
): Record<string, Read> {
	return {
		"ip.src": (frame) => headerOf(frame)?.source,
		"ip.dst": (frame) => headerOf(frame)?.destination,
		"ip.ttl": (frame) => text(headerOf(frame)?.ttl),
		"ip.id": (frame) => hex(headerOf(frame)?.id, 4),
		"ip.proto": (frame) => text(headerOf(frame)?.protocol),
		"ip.len": (frame) => text(headerOf(frame)?.totalLength),
		"ip.flags.df": (frame) => flag(headerOf(frame)?.dontFragment),
		"ip.flags.mf": (frame) => flag(headerOf(frame)?.moreFragments),
		"ip.frag_offset": (frame) => text(fragmentUnits(headerOf(frame))),
		"ip.checksum.status": (frame) => status(headerOf(frame)?.checksum),
	};
}

/** tshark gives the offset of a fragment as it stands in the header: in units of 8 bytes. */
function fragmentUnits(
	header: Ipv4Header | null | undefined,
): number | undefined {
	return header ? header.fragmentOffset / 8 : undefined;
}

/** The message whose identifier tshark gives: an error has none, but what it quotes may. */
function echoOf(icmp: IcmpMessage | null) {
	return icmp?.quoted?.icmp ?? icmp;
}

/** Tags of 802.1ad stand outside those of 802.1Q, and tshark names them apart. */
function compareVlans(
	truth: TruthPacket,
	frame: Frame,
	compare: Compare,
): void {
	const inner = listOf(truth, "vlan.id");
	compare(
		"vlan ids",
		[...listOf(truth, "ieee8021ad.id"), ...inner],
		frame.vlans.map(({ id }) => String(id)),
	);
	compare(
		"priorities of inner vlans",
		listOf(truth, "vlan.priority"),
		frame.vlans
			.slice(frame.vlans.length - inner.length)
			.map(({ priority }) => String(priority)),
	);
}

function directionOf(packetType: string | undefined): string | null {
	if (packetType === undefined) {
		return null;
	}
	return packetType === "4" ? "out" : "in";
}

function listOf(truth: TruthPacket, field: string): readonly string[] {
	const value = truth[field];
	if (value === undefined) {
		return [];
	}
	return typeof value === "object" ? value : [String(value)];
}

function text(value: number | null | undefined): string | null | undefined {
	return typeof value === "number" ? String(value) : value;
}

function hex(value: number | undefined, digits: number): string | undefined {
	return value === undefined
		? undefined
		: `0x${value.toString(16).padStart(digits, "0")}`;
}

function flag(value: boolean | undefined): string | undefined {
	return value === undefined ? undefined : String(Number(value));
}

function status(value: ChecksumStatus | undefined): string | undefined {
	return value === undefined ? undefined : statusNumbers[value];
}
