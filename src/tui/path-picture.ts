import type { Topology } from "../model/topology.js";
import { type Course, listCourses, type PathSources } from "./path-course.js";
import { findParties } from "./path-gateway.js";
import { describeLink } from "./path-losses.js";
import { kindOf, stateOf } from "./path-port.js";
import { areApart } from "./path-wiring.js";
import type { Vm } from "./vms.js";
import type { PathPicture, PathPort } from "./world.js";

/** The path of a VM's NIC, of several the one with losses or most traffic; null: none is known. */
export function drawPath(vm: Vm, sources: PathSources): PathPicture | null {
	const courses = listCourses(vm, sources);
	const [course] = courses.sort((a, b) => weigh(b) - weigh(a));
	if (course === undefined) {
		return null;
	}
	const { topology } = sources.told;
	const { at, end } = findParties(vm, course, topology);
	const { ports, routedAfter, mac, isInferred } = course;
	return {
		vm: vm.state.name,
		mac,
		ports: ports.map((name, index) => {
			const party = at.get(name);
			const port = drawPort(vm, course, index, sources);
			return party === undefined ? port : { ...port, party };
		}),
		routedAfter,
		...(course.subjects.some((subject) => subject.paths.isTranslated)
			? { isTranslated: true }
			: {}),
		gateway: end,
		isInferred,
	};
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
	{ told, ports: captured }: PathSources,
): PathPort {
	const { topology } = told;
	const name = course.ports[index];
	if (name === undefined) {
		throw new RangeError(`a path of ${course.ports.length} ports: ${index}`);
	}
	const port = topology?.ports.find((one) => one.name === name) ?? null;
	const isApart = isApartAt(course, index, topology);
	const isOut =
		port?.master === null && port.link === null && port.role !== "bridge";
	const isBare = isOut && isBareTap(course, index);
	const isLoose =
		isBare || (isOut && (isApart || isApartAt(course, index - 1, topology)));
	return {
		name,
		kind: kindOf(port, captured.get(name)?.role ?? null),
		state: stateOf(port, topology, vm.domain, isLoose),
		counts: countAt(course, name, told),
		...describeLink(course, index, told),
		...(isApart || isBare ? { isApart: true } : {}),
	};
}

/** Whether a port is not plugged into the next one: the host tells of it, and not so. */
function isApartAt(
	{ ports, wired, routedAfter }: Course,
	index: number,
	topology: Topology | null,
): boolean {
	const [here, there] = [ports[index], ports[index + 1]];
	return (
		topology !== null &&
		here !== undefined &&
		there !== undefined &&
		index + 1 >= wired &&
		here !== routedAfter &&
		areApart(topology, here, there)
	);
}

/** All that the host tells of the way: it ends at the tap. */
function isBareTap({ ports, isInferred }: Course, index: number): boolean {
	return ports.length === 1 && index === 0 && !isInferred;
}

function countAt(
	{ subjects }: Course,
	name: PathPort["name"],
	{ nowNamed }: PathSources["told"],
): PathPort["counts"] {
	const counts = { arp: 0, dhcp: 0, icmp: 0 };
	for (const [seenAt, seen] of subjects.flatMap(({ ports }) => [...ports])) {
		if (nowNamed(seenAt) === name) {
			counts.arp += seen.arp;
			counts.dhcp += seen.dhcp;
			counts.icmp += seen.icmp;
		}
	}
	return counts;
}
