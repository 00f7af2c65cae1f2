import { type CapturedFrame, formatTimeNs } from "../model/capture.js";
import type { DhcpMessage } from "../model/dhcp.js";
import type { Frame } from "../model/frame.js";
import { type Hop, type Journey, settleNs } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import { addressToJson } from "./addresses.js";
import type { LogDescription, Totals } from "./presenter.js";

/** The objects of `--format jsonl`, as `vmpath-1.schema.json` describes them. */
const schema = "vmpath/1";

export function metaToJson(
	version: string,
	{ sources, ports }: LogDescription,
): object {
	return {
		type: "meta",
		schema,
		version,
		settleNs,
		sources,
		interfaces: ports.map((port) => ({
			name: port.name,
			role: port.role,
			inferred: port.isInferred,
			promiscuous: port.isPromiscuous,
			drops: port.drops,
		})),
	};
}

export function frameToJson(
	file: SafeText | null,
	captured: CapturedFrame,
	frame: Frame,
	port: Port | null,
): object {
	return {
		type: "frame",
		file,
		number: captured.number,
		tsNs: captured.time && formatTimeNs(captured.time),
		interface: port?.name ?? null,
		direction: captured.direction ?? frame.direction,
		length: captured.length,
		captured: captured.bytes.length,
		ethernet: frame.ethernet,
		vlans: frame.vlans,
		arp: frame.arp,
		ipv4: frame.ipv4,
		udp: frame.udp,
		icmp: frame.icmp,
		dhcp: frame.dhcp && dhcpToJson(frame.dhcp),
		comment: captured.comment,
		problem: frame.problem,
	};
}

function dhcpToJson(dhcp: DhcpMessage): object {
	return { ...dhcp, transactionId: formatTransactionId(dhcp.transactionId) };
}

/** A DHCP transaction id as people and tools write it: `0x3903f326`. */
export function formatTransactionId(transactionId: number): string {
	return `0x${transactionId.toString(16).padStart(8, "0")}`;
}

export function journeyToJson(journey: Journey): object {
	return {
		type: "journey",
		id: journey.id,
		revision: journey.revision,
		protocol: journey.protocol,
		message: journey.message,
		summary: journey.summary,
		vm: journey.vm,
		mac: journey.mac,
		source: journey.source,
		destination: journey.destination,
		ethernet: journey.ethernet,
		addresses: journey.addresses,
		identifier: journey.identifier,
		sequence: journey.sequence,
		hops: journey.hops.map(hopToJson),
		expected: journey.expected,
		copies: journey.copies.map(hopToJson),
		train: journey.train,
		reflectionOf: journey.reflectionOf,
		outcome: journey.outcome,
		lastSeen: journey.lastSeen,
		firstMissing: journey.firstMissing,
		reason: journey.reason,
	};
}

function hopToJson(hop: Hop): object {
	return {
		interface: hop.interface,
		direction: hop.direction,
		tsNs: formatTimeNs(hop.time),
		elapsedNs: hop.elapsedNs,
		changed: hop.changed,
	};
}

export function totalsToJson(totals: Totals): object {
	const { frames, journeys, exchanges, letGo, addresses, end, reason } = totals;
	return {
		type: "summary",
		frames,
		journeys,
		exchanges,
		letGo,
		addresses: addresses.map((held) => addressToJson(held, end)),
		reason,
	};
}
