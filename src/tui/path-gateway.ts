import type { Ipv4 } from "../model/address.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import type { Course } from "./path-course.js";
import type { Vm } from "./vms.js";
import type { PathParty } from "./world.js";

/** Whom a VM deals with: the host itself, at ports of the path, and what is beyond them. */
export interface Parties {
	/** By the port whose address it is. */
	readonly at: ReadonlyMap<SafeText, PathParty>;
	/** What stands at the end; null: it is not known. */
	readonly end: PathParty | null;
}

/**
 * A VM's gateway, as the host tells it, else as its lease does, else whoever answered its
 * ARP as a router or as the host, stands where its address is: at a port of the path, when
 * it is the host's own; else at the end. Behind a gateway on the path, the host's own one
 * stands there. Without a gateway, the DHCP server does.
 */
export function findParties(
	vm: Vm,
	course: Course,
	topology: Topology | null,
): Parties {
	const gateway = findGateway(vm, course, topology);
	const serves = (address: Ipv4) => isServer(address, vm, topology);
	const at = new Map<SafeText, PathParty>();
	const note = (address: Ipv4 | null, isGateway: boolean) => {
		const port =
			address === null ? null : findOwner(address, isGateway, course, topology);
		if (port !== null && address !== null && !at.has(port)) {
			at.set(port, describe(address, isGateway, serves(address)));
		}
		return port !== null;
	};
	const isOnPath = note(gateway, true);
	for (const { address } of topology?.dhcpServers ?? []) {
		note(address !== null && serves(address) ? address : null, false);
	}
	if (gateway !== null && !isOnPath) {
		return { at, end: describe(gateway, true, serves(gateway)) };
	}
	const own = findHostGateway(course, topology);
	if (isOnPath || course.routedAfter !== null) {
		const isFurther = own !== null && own !== gateway;
		return {
			at,
			end: isFurther
				? { address: makeSafe(own), is: "the host's gateway" }
				: null,
		};
	}
	const server = serverOf(vm);
	const isBeyond =
		server !== null && findOwner(server, false, course, topology) === null;
	return { at, end: isBeyond ? describe(server, false, true) : null };
}

function describe(
	address: Ipv4,
	isGateway: boolean,
	isServing: boolean,
): PathParty {
	const is = [
		...(isGateway ? ["gateway"] : []),
		...(isServing ? ["DHCP server"] : []),
	].join(", ");
	return { address: makeSafe(address), is };
}

function findGateway(
	{ state: { dhcp } }: Vm,
	course: Course,
	topology: Topology | null,
): Ipv4 | null {
	const { gateway, subjects, routedAfter } = course;
	const answers = subjects.map(({ answered }) => answered);
	const answered = answers.flatMap(({ router, host }) =>
		routedAfter === null ? (router ?? host ?? []) : (host ?? []),
	);
	return (
		gateway ??
		dhcp?.lease?.routers[0] ??
		answered[0] ??
		(routedAfter === null ? findHostGateway(course, topology) : null)
	);
}

/** The host's own gateway, when it is reached by a port of the path. */
function findHostGateway(
	{ ports }: Course,
	topology: Topology | null,
): Ipv4 | null {
	const own = topology?.gateways.find(
		({ interface: name, source }) =>
			source === "default route" && name !== null && ports.includes(name),
	);
	return own?.address ?? null;
}

/**
 * The port of the path that has the address. Where the host does not tell its addresses,
 * the gateway of a routed path is the host, and so is one that answers as the host.
 */
function findOwner(
	address: Ipv4,
	isGateway: boolean,
	{ ports, routedAfter, subjects }: Course,
	topology: Topology | null,
): SafeText | null {
	const told = topology?.ports ?? [];
	const owner = told.find(
		(port) =>
			ports.includes(port.name) &&
			port.addresses.some((own) => `${own.address}` === address),
	);
	if (owner !== undefined) {
		return owner.name;
	}
	const isHost = subjects.some(({ answered }) => answered.host === address);
	const isFurther = told.some((port) => port.addresses.length > 0);
	if (isFurther || !isGateway) {
		return routedAfter !== null && isGateway ? routedAfter : null;
	}
	return routedAfter ?? (isHost ? (ports.at(-1) ?? null) : null);
}

/** That answered the VM's latest handshake; null: none did. */
function serverOf({ state: { dhcp } }: Vm): Ipv4 | null {
	return dhcp?.server ?? dhcp?.lease?.server ?? null;
}

/** It answered the VM's latest handshake, or the host tells of it and nothing says that it is down. */
function isServer(
	address: Ipv4,
	{ state: { dhcp } }: Vm,
	topology: Topology | null,
): boolean {
	if (address === dhcp?.server || address === dhcp?.lease?.server) {
		return true;
	}
	const down = (topology?.findings ?? []).filter(
		({ id }) => id === "dhcp-server-down",
	);
	const isDown = (name: SafeText | null) =>
		name !== null && down.some(({ concerns }) => concerns.includes(name));
	return (
		dhcp?.outcome !== "unanswered" &&
		(topology?.dhcpServers ?? []).some(
			(server) => server.address === address && !isDown(server.interface),
		)
	);
}
