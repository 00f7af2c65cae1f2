import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Nic, NicPath, Topology } from "../model/topology.js";
import { findPaths } from "../topology/paths.js";

const known = new WeakMap<Topology, Map<string, NicPath | null>>();

/**
 * The way from a tap outwards as the host is wired, whether a domain has the tap or not;
 * null: there is no such interface.
 *
 * @param bridge that it is taken to be plugged into; null: as it is
 */
export function followTap(
	topology: Topology,
	tap: SafeText,
	bridge: SafeText | null = null,
): NicPath | null {
	const paths = known.get(topology) ?? new Map<string, NicPath | null>();
	known.set(topology, paths);
	const key = `${tap} ${bridge ?? ""}`;
	const path = paths.has(key)
		? paths.get(key)
		: follow(bridge === null ? topology : plug(topology, tap, bridge), tap);
	paths.set(key, path ?? null);
	return path ?? null;
}

function follow(topology: Topology, tap: SafeText): NicPath | null {
	const [path] = findPaths(topology, [
		{
			name: tap,
			uuid: null,
			state: makeSafe("running"),
			isRunning: true,
			source: makeSafe("host"),
			nics: [nicOf(topology, tap)],
		},
	]);
	return path !== undefined && path.ports.length > 0 ? path : null;
}

function nicOf({ domains }: Topology, tap: SafeText): Nic {
	const nics = domains.flatMap((domain) => domain.nics);
	const nic = nics.find((one) => one.tap === tap);
	return (
		nic ?? {
			mac: null,
			tap,
			kind: "bridge",
			network: null,
			bridge: null,
			model: null,
			link: null,
			filter: null,
		}
	);
}

function plug(topology: Topology, tap: SafeText, bridge: SafeText): Topology {
	const ports = topology.ports.map((port) =>
		port.name === tap ? { ...port, master: bridge } : port,
	);
	return { ...topology, ports };
}

/**
 * Whether the host says that two neighbours of a path are not plugged into each other: one
 * of them is a bridge, and the other one is no port of it, and no device upon it.
 */
export function areApart(
	{ ports }: Topology,
	here: SafeText,
	there: SafeText,
): boolean {
	const [a, b] = [here, there].map((name) =>
		ports.find((port) => port.name === name),
	);
	if (a === undefined || b === undefined) {
		return false;
	}
	const isBetween = a.role === "bridge" || b.role === "bridge";
	const isJoined = [
		[a, b],
		[b, a],
	].some(
		([one, other]) =>
			one?.master === other?.name ||
			one?.link === other?.name ||
			one?.peer === other?.name,
	);
	return isBetween && !isJoined;
}
