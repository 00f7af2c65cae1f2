import type { Ipv4 } from "../model/address.js";
import { makeSafe } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import type { Course } from "./path-picture.js";
import type { Vm } from "./vms.js";
import type { PathPicture } from "./world.js";

/**
 * What stands at the end of a path:
 *
 * 1. the gateway as the host tells it, else as the VM's lease does, else who answered the
 *    VM's ARP as a router (on a routed path: as the host), else the host's own that a port
 *    of the path leads to;
 * 2. without one, the DHCP server.
 */
export function findPathGateway(
	{ state }: Vm,
	course: Course,
	topology: Topology | null,
): PathPicture["gateway"] {
	const { dhcp } = state;
	const gateway =
		course.told?.gateway ??
		dhcp?.lease?.routers[0] ??
		findAnswered(course) ??
		findOwn(course, topology);
	const servers = new Set<Ipv4 | null>([
		dhcp?.server ?? null,
		dhcp?.lease?.server ?? null,
		...(topology?.dhcpServers ?? []).map(({ address }) => address),
	]);
	if (gateway !== null) {
		const is = servers.has(gateway) ? "gateway, DHCP server" : "gateway";
		return { address: makeSafe(gateway), is };
	}
	const server = dhcp?.server ?? dhcp?.lease?.server ?? null;
	return server === null
		? null
		: { address: makeSafe(server), is: "DHCP server" };
}

function findAnswered({ subjects, routedAfter }: Course): Ipv4 | null {
	const party = routedAfter === null ? "router" : "host";
	const seen = subjects.flatMap(({ answered }) => answered[party] ?? []);
	return seen[0] ?? null;
}

function findOwn(
	{ ports, routedAfter }: Course,
	topology: Topology | null,
): Ipv4 | null {
	const own =
		routedAfter === null
			? topology?.gateways.find(
					({ interface: name, source }) =>
						source === "default route" && name !== null && ports.includes(name),
				)
			: undefined;
	return own?.address ?? null;
}
