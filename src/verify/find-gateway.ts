import type { Ipv4 } from "../model/address.js";
import type { Journey } from "../model/journey.js";
import type { NicPath } from "../model/topology.js";
import { findQuestion } from "./contact.js";
import type { Evidence, LogState, VmCard } from "./evidence.js";
import { endsAtHost } from "./uplink.js";

/** The gateway of a VM, and whether this host itself is it. */
export interface FoundGateway {
	readonly address: Ipv4;
	/** The host routes what the VM sends (NAT): it must go out by an uplink as well. */
	readonly isHost: boolean;
}

/**
 * Finds a VM's gateway: the one that the user names, the one that its latest lease names
 * (option 3), the one that the host knows on its path, else the one that the VM was seen
 * to send through. Null: none is known.
 */
export function findGateway(
	card: VmCard,
	given: Ipv4 | null,
	evidence: Evidence,
	state: LogState,
): FoundGateway | null {
	const path = findPath(card, state);
	const leases = evidence
		.exchangesOf(card, ({ exchange }) => exchange.lease !== null)
		.map(({ exchange }) => exchange.lease);
	const asked = evidence
		.exchangesOf(card, ({ exchange }) => exchange.protocol === "arp")
		.flatMap((traced) => findQuestion(traced) ?? [])
		.filter(({ source }) => source === "vm");
	const address =
		given ??
		leases.at(-1)?.routers[0] ??
		path?.gateway ??
		findByBridge(card, state) ??
		asked.findLast(({ destination }) => destination === "router")?.addresses
			.destination ??
		null;
	return address === null
		? null
		: { address, isHost: isHost(address, path, asked, state) };
}

/** Of a tap that belongs to no VM that the host tells of: what its bridge leads to. */
function findByBridge({ tap }: VmCard, { topology }: LogState): Ipv4 | null {
	const port = topology?.ports.find(({ name }) => name === tap);
	const bridge = topology?.ports.find(({ name }) => name === port?.master);
	if (!topology || !bridge) {
		return null;
	}
	const own = bridge.addresses.find(({ family }) => family === "inet");
	const known = topology.gateways.find(
		(gateway) => gateway.interface === bridge.name,
	);
	return endsAtHost(bridge.name, topology)
		? (own?.address ?? null)
		: (known?.address ?? null);
}

function findPath(
	{ mac, tap }: VmCard,
	{ topology }: LogState,
): NicPath | null {
	return (
		topology?.paths.find(
			(path) => (mac !== null && path.mac === mac) || path.ports[0] === tap,
		) ?? null
	);
}

function isHost(
	address: Ipv4,
	path: NicPath | null,
	asked: readonly Journey[],
	{ topology }: LogState,
): boolean {
	const isOwn = topology?.ports.some(({ addresses }) =>
		addresses.some((own) => own.address === address),
	);
	return (
		path?.routedAfter != null ||
		isOwn === true ||
		asked.some(
			({ addresses, destination }) =>
				addresses.destination === address && destination === "host",
		)
	);
}
