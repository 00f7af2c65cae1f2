import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { isLibvirtNetwork } from "../topology/roles.js";
import type { LogState } from "./evidence.js";

/** How a question that has no answer left what the host could lose it on. */
export type Departure = "by-uplink" | "to-this-host" | "not-known";

/**
 * A question is only unanswered where it provably left: by an uplink, or to the host
 * itself, where that is who must answer. At any other port it may have been lost behind.
 */
export function findDeparture(
	{ outcome, lastSeen }: Journey,
	{ ports, topology }: LogState,
): Departure {
	const port = ports.find(({ name }) => name === lastSeen);
	if (outcome !== "delivered" || port === undefined) {
		return "not-known";
	}
	if (port.role === "uplink") {
		return "by-uplink";
	}
	return port.role === "bridge" && endsAtHost(port.name, topology)
		? "to-this-host"
		: "not-known";
}

/**
 * Whether the network of a bridge ends at this host, which answers and routes there: the
 * host has an address on it, and no port of it leads out. Without the host's word, the
 * name tells that of libvirt's networks.
 */
export function endsAtHost(
	bridge: SafeText,
	topology: Topology | null,
): boolean {
	if (topology === null || topology.ports.length === 0) {
		return isLibvirtNetwork(bridge);
	}
	const { ports, paths } = topology;
	const own = ports.find(({ name }) => name === bridge);
	const hasAddress = own?.addresses.some(({ family }) => family === "inet");
	const below = ports.filter(({ master }) => master === bridge);
	const isClosed = below.every(({ role }) => role === "tap");
	return (
		paths.some(({ routedAfter }) => routedAfter === bridge) ||
		(hasAddress === true && isClosed)
	);
}
