import type { Cause } from "../model/exchange.js";
import type { Port } from "../model/port.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { NicPath, Topology } from "../model/topology.js";
import { findPathGateway } from "./path-gateway.js";
import { kindOf, stateOf } from "./path-port.js";
import { outwardRank, type SeenPath, type Subject } from "./subject.js";
import { isBad, type Vm } from "./vms.js";
import type { PathPicture, PathPort } from "./world.js";

/** What a path is drawn from, besides what was seen. */
export interface PathSources {
	readonly topology: Topology | null;
	/** Of the capture, by name. */
	readonly ports: ReadonlyMap<SafeText, Port>;
}

/** A way of one NIC, and what was seen of it. */
export interface Course {
	readonly mac: SafeText | null;
	readonly ports: readonly SafeText[];
	readonly routedAfter: SafeText | null;
	/** Null: nobody said the path, it was put together from journeys. */
	readonly told: NicPath | null;
	readonly subjects: readonly Subject[];
}

/**
 * The VM whose path is shown when none was chosen: the first one in trouble, else with
 * traffic, else with a path.
 */
export function chooseVm(vms: readonly Vm[]): Vm | null {
	return (
		vms.find(({ state }) => isBad(state.outcome)) ??
		vms.find(({ state }) => state.journeys > 0) ??
		vms.find(({ domain }) => domain?.isRunning) ??
		vms[0] ??
		null
	);
}

/** The path of a VM's NIC, of several the one with losses or most traffic; null: none is known. */
export function drawPath(vm: Vm, sources: PathSources): PathPicture | null {
	const courses = [...tellCourses(vm, sources), ...inferCourses(vm, sources)];
	const [course] = courses.sort((a, b) => weigh(b) - weigh(a));
	if (course === undefined) {
		return null;
	}
	const { ports, routedAfter, told, mac } = course;
	return {
		vm: vm.state.name,
		mac,
		ports: ports.map((_, index) => drawPort(vm, course, index, sources)),
		routedAfter,
		gateway: findPathGateway(vm, course, sources.topology),
		isInferred: told === null,
	};
}

/** As the host tells them. */
function tellCourses({ domain, subjects }: Vm, sources: PathSources): Course[] {
	const paths = (sources.topology?.paths ?? []).filter(
		(path) => path.domain === domain?.name && path.ports.length > 0,
	);
	return paths.map((told): Course => {
		const [tap] = told.ports;
		const own = subjects.filter(
			({ mac, entries }) =>
				(mac !== null && mac === told.mac) ||
				(tap !== undefined && entries.has(tap)),
		);
		const mac = told.mac === null ? null : makeSafe(told.mac);
		const { ports, routedAfter } = told;
		return { mac, ports, routedAfter, told, subjects: own };
	});
}

/** Of MAC addresses that the host tells no path of: as their frames went. */
function inferCourses(vm: Vm, { topology }: PathSources): Course[] {
	const told = (topology?.paths ?? []).filter(
		(path) => path.domain === vm.domain?.name && path.ports.length > 0,
	);
	return vm.subjects.flatMap((subject): Course[] => {
		const isTold = told.some(
			({ mac, ports: [tap] }) =>
				mac === subject.mac || (tap !== undefined && subject.entries.has(tap)),
		);
		const path = isTold ? undefined : bestPath([...subject.paths.values()]);
		const mac = subject.mac === null ? null : makeSafe(subject.mac);
		return path === undefined
			? []
			: [{ ...path, mac, told: null, subjects: [subject] }];
	});
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

function weigh({ subjects }: Course): number {
	return subjects.reduce(
		(sum, { journeys, lost }) => sum + journeys + lost * 1e6,
		0,
	);
}

function drawPort(
	vm: Vm,
	course: Course,
	index: number,
	{ topology, ports: captured }: PathSources,
): PathPort {
	const { ports, subjects } = course;
	const name = ports[index] as SafeText;
	const port = topology?.ports.find((one) => one.name === name) ?? null;
	const counts = { arp: 0, dhcp: 0, icmp: 0 };
	for (const subject of subjects) {
		const seen = subject.ports.get(name);
		counts.arp += seen?.arp ?? 0;
		counts.dhcp += seen?.dhcp ?? 0;
		counts.icmp += seen?.icmp ?? 0;
	}
	const next = ports[index + 1];
	const outwards = subjects.flatMap(({ links }) =>
		next === undefined ? [] : (links.find(name, next)?.samples ?? []),
	);
	return {
		name,
		kind: kindOf(port, captured.get(name)?.role ?? null),
		state: stateOf(port, topology, vm.domain),
		counts,
		toNextNs: medianOf(outwards),
		...findLosses(course, index),
	};
}

/**
 * Frames lost behind a port are counted at the link next to where they were seen last:
 * the port that missed them may lie farther, as not all ports are captured.
 */
function findLosses(
	{ ports, subjects }: Course,
	index: number,
): Pick<PathPort, "lostToNext" | "lostFromNext" | "causes"> {
	const name = ports[index] as SafeText;
	const next = ports[index + 1] ?? null;
	const causes = new Map<string, Cause>();
	let lostToNext = 0;
	let lostFromNext = 0;
	for (const { links, latest } of subjects) {
		for (const [missing, link] of links.from(name) ?? []) {
			if (ports.indexOf(missing) > index || !ports.includes(missing)) {
				lostToNext += link.lost;
				collect(causes, link.lost > 0 ? link.causes : []);
			}
		}
		for (const [missing, link] of (next && links.from(next)) ?? []) {
			const at = ports.indexOf(missing);
			if (at >= 0 && at <= index) {
				lostFromNext += link.lost;
				collect(causes, link.lost > 0 ? link.causes : []);
			}
		}
		for (const exchange of Object.values(latest)) {
			if (exchange?.lastSeen === name && exchange.firstMissing === null) {
				collect(causes, exchange.causes);
			}
		}
	}
	return { lostToNext, lostFromNext, causes: [...causes.values()] };
}

function collect(all: Map<string, Cause>, causes: readonly Cause[]): void {
	for (const cause of causes) {
		all.set(cause.id, all.get(cause.id) ?? cause);
	}
}

function medianOf(samples: readonly number[]): number | null {
	const sorted = [...samples].sort((a, b) => a - b);
	const half = Math.floor(sorted.length / 2);
	const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[half]];
	return sorted.length === 0 ? null : (low + high) / 2;
}
