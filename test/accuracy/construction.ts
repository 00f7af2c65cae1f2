import { formatTimeNs } from "../../src/model/capture.js";
import type { Exchange } from "../../src/model/exchange.js";
import type { Journey } from "../../src/model/journey.js";
import type { Truth } from "../lab/truth.js";

/** What became of a frame or exchange, as the construction of the scenario has it. */
export type Fate =
	| { readonly outcome: "delivered" }
	| {
			readonly outcome: "lost" | "unanswered" | "degraded" | "refused";
			readonly message?: string;
			readonly lastSeen?: string;
			readonly firstMissing?: string;
	  };

const delivered: Fate = { outcome: "delivered" };

/**
 * What became of a journey's frame; null where the construction does not tell: ports
 * that are not the scenario's (the host's loopback).
 */
export function fateOfJourney(truth: Truth, journey: Journey): Fate | null {
	const { fault, ports } = truth;
	const [first] = journey.hops;
	const entered = ports.find(({ name }) => name === first?.interface);
	const isUnnamed = first?.interface === null;
	if (first === undefined || (entered === undefined && !isUnnamed)) {
		return null;
	}
	const isBefore =
		fault === null || BigInt(formatTimeNs(first.time)) < BigInt(fault.sinceNs);
	if (isBefore) {
		return delivered;
	}
	switch (fault.cause) {
		case "bridge-filter-drop":
			return journey.message === "offer"
				? { outcome: "lost", lastSeen: "br0", firstMissing: "vnet0" }
				: delivered;
		case "nat-forward-drop":
			return entered?.role === "tap" && isBeyondHost(truth, journey)
				? { outcome: "lost", lastSeen: "virbr0", firstMissing: "ens3" }
				: delivered;
		case "uplink-not-in-bridge":
			return fateWithoutUplink(truth, journey, entered?.role ?? "unnamed");
		default:
			return delivered;
	}
}

/** A ping of an address that is neither the host's nor a VM's. */
function isBeyondHost({ host, vms }: Truth, journey: Journey): boolean {
	const { destination } = journey.addresses;
	const isHere =
		host.ips.includes(destination ?? "") ||
		vms.some(({ ip }) => ip === destination);
	return journey.message === "echo-request" && !isHere;
}

/** `ens3` is no port of `br0`: nothing crosses; the host still answers at both. */
function fateWithoutUplink(
	{ host, vms }: Truth,
	{ addresses, message }: Journey,
	enteredBy: string,
): Fate {
	const { destination } = addresses;
	const isForHost = host.ips.includes(destination ?? "");
	const isForVm = vms.some(({ ip }) => ip === destination);
	if (enteredBy === "uplink") {
		return isForVm
			? { outcome: "lost", lastSeen: "ens3", firstMissing: "vnet0" }
			: delivered;
	}
	// By ARP flux the host answers for br0's address at ens3 itself.
	const isFlux =
		message === "reply" && host.ips.includes(addresses.source ?? "");
	return isForHost || isForVm || isFlux
		? delivered
		: { outcome: "lost", lastSeen: "br0", firstMissing: "ens3" };
}

/**
 * What became of a VM's DHCP exchange, and of questions to a VM that is silent; null for
 * other exchanges.
 */
export function fateOfExchange(truth: Truth, exchange: Exchange): Fate | null {
	const { fault } = truth;
	if (exchange.protocol !== "dhcp") {
		return fault?.cause === "guest-silent" && isAsked(truth, exchange)
			? { outcome: "unanswered", message: "request", lastSeen: fault.lastSeen }
			: null;
	}
	if (exchange.messages.some(({ message }) => message === "nak")) {
		return { outcome: "refused", message: "nak" };
	}
	switch (truth.fault?.cause) {
		case "bridge-filter-drop":
			return {
				outcome: "lost",
				message: "offer",
				lastSeen: "br0",
				firstMissing: "vnet0",
			};
		case "uplink-not-in-bridge":
			return {
				outcome: "lost",
				message: "discover",
				lastSeen: "br0",
				firstMissing: "ens3",
			};
		case "dhcp-server-silent":
			return { outcome: "unanswered", message: "discover", lastSeen: "ens3" };
		default:
			return delivered;
	}
}

/** Whether an exchange asks for the VM behind the port where the fault shows. */
function isAsked({ fault, vms }: Truth, exchange: Exchange): boolean {
	const silent = vms.find(({ tap }) => tap === fault?.lastSeen);
	return (
		exchange.protocol === "arp" &&
		exchange.summary.startsWith(`ARP who-has ${silent?.ip} `) &&
		BigInt(formatTimeNs(exchange.since)) >= BigInt(fault?.sinceNs ?? 0)
	);
}

/** Whether what vmpath says is what the construction has. */
export type Mark = "right" | "inconclusive" | "wrong";

/** Compares a verdict with the truth; to say that nothing can be said is never wrong. */
export function markVerdict(
	verdict: {
		readonly outcome: string;
		readonly message: string;
		readonly lastSeen: string | null;
		readonly firstMissing: string | null;
	},
	fate: Fate,
): Mark {
	if (verdict.outcome === "inconclusive") {
		return "inconclusive";
	}
	const fields = ["message", "lastSeen", "firstMissing"] as const;
	const isEqual =
		verdict.outcome === fate.outcome &&
		(fate.outcome === "delivered" ||
			fields.every(
				(field) => fate[field] === undefined || fate[field] === verdict[field],
			));
	return isEqual ? "right" : "wrong";
}
