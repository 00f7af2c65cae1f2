import type { Domain, Topology, TopologyPort } from "../model/topology.js";

/**
 * What changed on a host from one topology to the next, one line each: VMs that start and
 * stop; ports of theirs that come, go, are renamed, change their bridge or their link.
 */
export function listTopologyChanges(
	before: Topology,
	after: Topology,
): string[] {
	const old = new Map(before.ports.map((port) => [port.index, port]));
	const now = new Map(after.ports.map((port) => [port.index, port]));
	return [
		...after.domains.flatMap((domain) => describeDomain(domain, before)),
		...before.ports
			.filter((port) => isTold(port) && !now.has(port.index))
			.map(({ name }) => `${name} is gone`),
		...after.ports.flatMap((port) => describePort(port, old.get(port.index))),
	];
}

function describeDomain(
	{ name, uuid, state }: Domain,
	before: Topology,
): string[] {
	const old = before.domains.find((domain) =>
		uuid === null ? domain.name === name : domain.uuid === uuid,
	);
	return old === undefined || old.state === state ? [] : [`${name}: ${state}`];
}

/** Interfaces that have nothing to do with VMs are not talked of. */
function isTold({ role, master }: TopologyPort): boolean {
	return role !== "unknown" || master !== null;
}

function describePort(
	port: TopologyPort,
	old: TopologyPort | undefined,
): string[] {
	const { name, master } = port;
	if (old === undefined) {
		const place = master === null ? "" : ` in ${master}`;
		return isTold(port) ? [`${name} came up${place}`] : [];
	}
	if (!isTold(port) && !isTold(old)) {
		return [];
	}
	return [
		...(old.name === name ? [] : [`${old.name} is now called ${name}`]),
		...describeMaster(port, old),
		...describeLink(port, old),
	];
}

function describeMaster(
	{ name, master }: TopologyPort,
	old: TopologyPort,
): string[] {
	if (master === old.master) {
		return [];
	}
	return [
		master === null
			? `${name} left ${old.master}`
			: `${name} joined ${master}${old.master === null ? "" : `, and left ${old.master}`}`,
	];
}

function describeLink(port: TopologyPort, old: TopologyPort): string[] {
	const link = linkOf(port);
	return link === linkOf(old) ? [] : [`${port.name} ${link}`];
}

function linkOf({ isUp, hasCarrier }: TopologyPort): string {
	if (!isUp) {
		return "is down";
	}
	return hasCarrier === false ? "has no carrier" : "is up";
}
