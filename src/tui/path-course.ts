import type { Ipv4, Mac } from "../model/address.js";
import type { Port } from "../model/port.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { NicPath, Topology } from "../model/topology.js";
import { followTap } from "./path-wiring.js";
import { outwardRank, type SeenPath } from "./seen-paths.js";
import type { Subject } from "./subject.js";
import type { Told } from "./topology-history.js";
import type { Vm } from "./vms.js";

/** What a path is drawn from, besides what was seen. */
export interface PathSources {
	/** What the host says, and said before. */
	readonly told: Told;
	/** Of the capture, by name. */
	readonly ports: ReadonlyMap<SafeText, Port>;
}

/** A way of one NIC, and what was seen of it. */
export interface Course {
	readonly mac: SafeText | null;
	readonly ports: readonly SafeText[];
	readonly routedAfter: SafeText | null;
	/** So many of the ports, from the first, are plugged together as the host tells. */
	readonly wired: number;
	/** As the host tells it; null: it does not. */
	readonly gateway: Ipv4 | null;
	/** Nobody said the path: it was put together from journeys. */
	readonly isInferred: boolean;
	readonly subjects: readonly Subject[];
}

/**
 * The ways of a VM's NICs: as the host is wired, for each NIC of its domain, else for the
 * tap that its frames came in by. Only where the host says nothing of the tap, as its
 * frames went.
 */
export function listCourses(vm: Vm, sources: PathSources): Course[] {
	const told = tellCourses(vm, sources);
	const rest = vm.subjects.filter((subject) =>
		told.every(({ subjects }) => !subjects.includes(subject)),
	);
	return [...told, ...rest.flatMap((subject) => follow(subject, sources))];
}

function tellCourses({ domain, subjects }: Vm, { told }: PathSources) {
	const { topology } = told;
	const paths = (topology?.paths ?? []).filter(
		(path) => path.domain === domain?.name && path.ports.length > 0,
	);
	return paths.map((path): Course => {
		const [tap] = path.ports;
		const own = subjects.filter(
			({ mac, entries }) =>
				(mac !== null && mac === path.mac) ||
				[...entries].some((entry) => told.nowNamed(entry) === tap),
		);
		return courseOf(path, complete(path, own, told), path.mac, own);
	});
}

/** Of a MAC address that no NIC has which the host tells a path of. */
function follow(subject: Subject, { told, ports }: PathSources): Course[] {
	const { topology } = told;
	const taps = [...subject.entries].reverse().map(told.nowNamed);
	const [path] = taps.flatMap(
		(tap) =>
			(topology && isTap(tap, topology) && followTap(topology, tap)) || [],
	);
	if (path !== undefined) {
		const own = [subject];
		return [courseOf(path, complete(path, own, told), subject.mac, own)];
	}
	const seen = bestPath(subject.paths.list);
	const way = seen && {
		...seen,
		ports: withoutOtherTaps(seen.ports.map(told.nowNamed), (name) =>
			isTapOf(name, ports, topology),
		),
	};
	return way === undefined
		? []
		: [courseOf(null, { ...way, gateway: null }, subject.mac, [subject])];
}

function courseOf(
	told: NicPath | null,
	{ ports, routedAfter, gateway }: Way,
	mac: Mac | null,
	subjects: readonly Subject[],
): Course {
	return {
		mac: mac === null ? null : makeSafe(mac),
		ports,
		routedAfter,
		wired: told?.ports.length ?? 0,
		gateway,
		isInferred: told === null,
		subjects,
	};
}

type Way = Pick<NicPath, "ports" | "routedAfter" | "gateway">;

/**
 * A way that ends where something was pulled out goes on as it should: by the bridge that
 * the domain means, else as the host was wired before, else as frames went.
 */
function complete(
	path: NicPath,
	subjects: readonly Subject[],
	told: Told,
): Way {
	const [tap] = path.ports;
	const { topology } = told;
	if (topology === null || tap === undefined || isWhole(path, topology)) {
		return path;
	}
	const seen = subjects.flatMap(({ paths }) => paths.list);
	const isLonger = ({ ports }: Pick<Way, "ports">) =>
		ports.length > path.ports.length &&
		path.ports.every((name, at) => name === ports[at]);
	const tapPort = (name: SafeText) => isTapOf(name, new Map(), topology);
	const former = told.earlier.flatMap((before): Way[] => {
		const names = before.ports.map(({ name }) => name);
		const then = names.find((name) => told.nowNamed(name) === tap);
		const way = then && followTap(before, then);
		return way ? [{ ...way, ports: way.ports.map(told.nowNamed) }] : [];
	});
	const gone = seen
		.filter(({ rank }) => rank >= outwardRank)
		.map((way) => ({
			ports: withoutOtherTaps(way.ports.map(told.nowNamed), tapPort),
			routedAfter: way.routedAfter,
			gateway: path.gateway,
		}));
	return (
		[meant(path, topology), ...former, ...gone].find(
			(way) => way !== null && isLonger(way),
		) ?? path
	);
}

/** It leads to an uplink or is routed, or nothing says that it should. */
function isWhole({ ports, routedAfter }: NicPath, topology: Topology): boolean {
	const last = topology.ports.find(({ name }) => name === ports.at(-1));
	return routedAfter !== null || last?.role === "uplink";
}

/** As the domain means the tap to be plugged in. */
function meant({ ports: [tap] }: NicPath, topology: Topology): Way | null {
	const nics = topology.domains.flatMap(({ nics }) => nics);
	const bridge = nics.find((nic) => nic.tap === tap)?.bridge ?? null;
	const master = topology.ports.find(({ name }) => name === tap)?.master;
	return tap === undefined || bridge === null || master != null
		? null
		: followTap(topology, tap, bridge);
}

/** What a VM's frames come in by and is no bridge or uplink; out of a bridge it has no role. */
function isTap(name: SafeText, { ports }: Topology): boolean {
	const role = ports.find((port) => port.name === name)?.role;
	return role === "tap" || role === "unknown";
}

function isTapOf(
	name: SafeText,
	captured: PathSources["ports"],
	topology: Topology | null,
): boolean {
	const told = topology?.ports.find((port) => port.name === name);
	return (told?.role ?? captured.get(name)?.role) === "tap";
}

/** Where frames only went to another VM, the bridge is as far as the path is known. */
function withoutOtherTaps(
	ports: readonly SafeText[],
	isTapPort: (name: SafeText) => boolean,
): readonly SafeText[] {
	const end = ports.findIndex((name, at) => at > 0 && isTapPort(name));
	return end < 0 ? ports : ports.slice(0, end);
}

/** Of those that lead out of the host, else of all: the longest, then the most frequent. */
function bestPath(paths: readonly SeenPath[]): SeenPath | undefined {
	const leadsOut = ({ rank }: SeenPath) => (rank >= outwardRank ? 1 : 0);
	const [best] = [...paths].sort(
		(a, b) =>
			leadsOut(b) - leadsOut(a) ||
			b.ports.length - a.ports.length ||
			b.count - a.count,
	);
	return best;
}
