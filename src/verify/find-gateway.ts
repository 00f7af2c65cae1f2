import { type Ipv4, unspecifiedIpv4 } from "../model/address.js";
import type { Journey } from "../model/journey.js";
import type { NicPath } from "../model/topology.js";
import { areInOneNetwork } from "../topology/ipv4.js";
import { findQuestion } from "./contact.js";
import type { Evidence, LogState, VmCard } from "./evidence.js";
import { findNextHop, listSaid } from "./next-hop.js";
import { endsAtHost } from "./uplink.js";

/** The gateway of a VM, and whether this host itself is it. */
export interface FoundGateway {
	readonly address: Ipv4;
	/** The host routes what the VM sends (NAT): it must go out by an uplink as well. */
	readonly isHost: boolean;
}

/**
 * Finds a VM's gateway: the one that the user names, the one that its latest lease names
 * (option 3), the one that the host knows on its path, if the VM may be in that network,
 * else the one that the VM was seen to send through. Null: none is known.
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
	const said = listSaid(card, evidence, state);
	const questions = said.flatMap((traced) => findQuestion(traced) ?? []);
	const asked = questions.filter(({ protocol }) => protocol === "arp");
	const isNear = (gateway: Ipv4 | null) =>
		gateway !== null && mayBeNear(gateway, questions, state);
	const told =
		path !== null && path.routedAfter !== null
			? path.gateway
			: [path?.gateway ?? null, findByBridge(card, state)].find(isNear);
	const address =
		given ??
		leases.at(-1)?.routers[0] ??
		told ??
		findNextHop(said) ??
		asked.findLast(({ destination }) => destination === "router")?.addresses
			.destination ??
		null;
	return address === null
		? null
		: { address, isHost: isHost(address, path, asked, state) };
}

/**
 * Whether a VM may be in the network of a gateway of the host's: where the host has an
 * address in it, one of those that the VM was heard with must be in it as well.
 */
function mayBeNear(
	gateway: Ipv4,
	questions: readonly Journey[],
	{ topology }: LogState,
): boolean {
	const networks = (topology?.ports ?? [])
		.flatMap(({ addresses }) => addresses)
		.filter(
			({ address, family, prefixLength }) =>
				family === "inet" && areInOneNetwork(gateway, address, prefixLength),
		);
	const own = questions.flatMap(({ addresses: { source } }) =>
		source === null || isMakeshift(source) ? [] : source,
	);
	return (
		networks.length === 0 ||
		own.length === 0 ||
		networks.some(({ address, prefixLength }) =>
			own.some((one) => areInOneNetwork(one, address, prefixLength)),
		)
	);
}

/** None, or one taken for want of a lease (RFC 3927): it says nothing of the network. */
function isMakeshift(address: Ipv4): boolean {
	return address === unspecifiedIpv4 || address.startsWith("169.254.");
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
