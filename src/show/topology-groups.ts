import type { SafeText } from "../model/safe-text.js";
import type {
	Domain,
	KnownAddress,
	Nic,
	NicPath,
	Topology,
	TopologyPort,
} from "../model/topology.js";

/** A NIC as a row of the tree; a tap of which no VM is known has no domain. */
export interface NicRow {
	readonly domain: Domain | null;
	readonly nic: Nic | null;
	/** What leads from the VM to the bridge it stands under: the tap, and bridges between. */
	readonly inner: readonly SafeText[];
	readonly addresses: readonly KnownAddress[];
	/** Why not all of its path can be traced; null: it can, or the VM is off. */
	readonly reason: string | null;
}

/** A bridge, where its frames go, and what is plugged into it. */
export interface BridgeGroup {
	/** Null: no bridge. */
	readonly bridge: TopologyPort | null;
	/** Behind the bridge: its uplink and what lies beneath, or the way that is routed. */
	readonly further: readonly SafeText[];
	readonly isRouted: boolean;
	readonly rows: readonly NicRow[];
}

/**
 * Sorts NICs by the bridge by which their frames leave the bridges of VMs: of a path
 * `tap100i0 → fwbr100i0 → fwln100i0 → fwpr100p0 → vmbr0 → eno1` that is `vmbr0`. Bridges
 * come in order of their index, what is in none last.
 */
export function groupByBridge(topology: Topology): BridgeGroup[] {
	const index = new Map(topology.ports.map((port) => [port.name, port]));
	const groups = new Map<SafeText | null, NicRow[]>();
	for (const { name, role } of topology.ports) {
		if (role === "bridge" && isWorthShowing(topology, name)) {
			groups.set(name, []);
		}
	}
	for (const [bridge, row] of findRows(topology, index)) {
		groups.set(bridge, [...(groups.get(bridge) ?? []), row]);
	}
	const order = (name: SafeText | null) =>
		(name === null ? undefined : index.get(name)?.index) ?? Infinity;
	return [...groups]
		.map(([name, rows]) => ({
			bridge: (name === null ? null : index.get(name)) ?? null,
			...findFurther(topology, index, name),
			rows,
		}))
		.filter(({ bridge, rows }) => bridge !== null || rows.length > 0)
		.sort(
			(a, b) => order(a.bridge?.name ?? null) - order(b.bridge?.name ?? null),
		);
}

/** Bridges with VMs come anyway; without: those that lead out, and libvirt's networks. */
function isWorthShowing(
	{ ports, networks }: Topology,
	bridge: SafeText,
): boolean {
	return (
		networks.some((network) => network.bridge === bridge) ||
		ports.some(({ master, role }) => master === bridge && role === "uplink")
	);
}

type Index = ReadonlyMap<SafeText, TopologyPort>;

function findRows(
	topology: Topology,
	index: Index,
): (readonly [SafeText | null, NicRow])[] {
	const addresses = groupAddresses(topology);
	const paths = new Map(
		topology.paths.map((path) => [`${path.domain}\n${path.mac}`, path]),
	);
	const rows = topology.domains.flatMap((domain) =>
		listNics(domain).map((nic): readonly [SafeText | null, NicRow] => {
			const path = domain.isRunning
				? paths.get(`${domain.name}\n${nic?.mac ?? null}`)
				: undefined;
			const outer = path === undefined ? -1 : findOuterBridge(path, index);
			const bridge = path?.ports[outer] ?? null;
			const row = {
				domain,
				nic,
				inner:
					path?.ports.slice(0, outer < 0 ? undefined : outer) ??
					(nic?.tap ? [nic.tap] : []),
				addresses: addresses.get(nic?.mac ?? "") ?? [],
				reason: path?.reason ?? null,
			};
			return [bridge ?? findMeant(topology, index, domain, nic), row];
		}),
	);
	return [...rows, ...findUnknownTaps(topology, index)];
}

/** A VM without a card has a row, too. */
function listNics({ nics }: Domain): readonly (Nic | null)[] {
	return nics.length === 0 ? [null] : nics;
}

/** Where in a path the last bridge stands before frames are routed; -1: nowhere. */
function findOuterBridge(
	{ ports, routedAfter }: NicPath,
	index: Index,
): number {
	return routedAfter === null
		? ports.findLastIndex((name) => index.get(name)?.role === "bridge")
		: ports.indexOf(routedAfter);
}

/** A VM that is off stands under the bridge that it is set to use. */
function findMeant(
	{ networks }: Topology,
	index: Index,
	{ isRunning }: Domain,
	nic: Nic | null,
): SafeText | null {
	const network = networks.find(({ name }) => name === nic?.network);
	const meant = nic?.bridge ?? network?.bridge ?? null;
	const isHere = meant !== null && index.get(meant)?.role === "bridge";
	return !isRunning && isHere ? meant : null;
}

function findUnknownTaps(
	{ ports, domains }: Topology,
	index: Index,
): (readonly [SafeText, NicRow])[] {
	const known = new Set(
		domains.flatMap(({ nics }) => nics.map(({ tap }) => tap)),
	);
	return ports.flatMap(({ name, role, master }) =>
		role === "tap" &&
		!known.has(name) &&
		master !== null &&
		index.get(master)?.role === "bridge"
			? [
					[
						master,
						{
							domain: null,
							nic: null,
							inner: [name],
							addresses: [],
							reason: null,
						},
					] as const,
				]
			: [],
	);
}

function groupAddresses({ addresses }: Topology): Map<string, KnownAddress[]> {
	const byMac = new Map<string, KnownAddress[]>();
	for (const known of addresses) {
		const others = byMac.get(known.mac) ?? [];
		byMac.set(known.mac, others);
		others.push(known);
	}
	return byMac;
}

/** The way behind a bridge is that of any path through it; without VMs its uplinks tell. */
function findFurther(
	{ paths, ports }: Topology,
	index: Index,
	bridge: SafeText | null,
): Pick<BridgeGroup, "further" | "isRouted"> {
	const path = paths.find(
		(candidate) =>
			candidate.ports[findOuterBridge(candidate, index)] === bridge,
	);
	if (bridge === null || path === undefined) {
		const uplinks = ports.filter(
			({ master, role }) => master === bridge && role === "uplink",
		);
		const further = bridge === null ? [] : uplinks.map(({ name }) => name);
		return { further: further.slice(0, 1), isRouted: false };
	}
	return {
		further: path.ports.slice(path.ports.indexOf(bridge) + 1),
		isRouted: path.routedAfter === bridge,
	};
}
