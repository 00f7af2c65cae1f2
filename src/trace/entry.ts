import type { Port } from "../model/port.js";
import { isSameTime, startTime, type Trip } from "./trip.js";
import type { Whereabouts } from "./whereabouts.js";

/**
 * Ports that a frame passes where it comes in: those above its ingress, which see it at
 * the same instant, and the bridge below a VLAN device that the host sent it by.
 */
export function findEntry(
	trip: Trip,
	first: Port,
	whereabouts: Whereabouts,
): readonly Port[] {
	const stack = whereabouts.stackOf(first);
	const isHost = first.role === "bridge";
	if (stack.length < 2 && !isHost) {
		return [];
	}
	const above: Port[] = [];
	for (const { sighting, direction, isRouted } of trip.legs) {
		const { port, time } = sighting;
		if (isRouted) {
			break;
		}
		const isIngress = direction === "in" && isSameTime(time, startTime(trip));
		const isBelow = isHost && port?.role === "bridge" && direction === "out";
		const isAbove = isIngress && port !== null && stack.includes(port);
		if (port !== null && port !== first && (isAbove || isBelow)) {
			above.push(port);
		}
	}
	return above;
}

/** The bridge that showed the frame at the instant in which it came in by a port. */
export function findWitness(trip: Trip, port: Port): Port | null {
	const start = startTime(trip);
	const witness = trip.legs.find(
		({ sighting }) =>
			sighting.port?.role === "bridge" && isSameTime(sighting.time, start),
	);
	return trip.legs[0]?.sighting.port === port
		? (witness?.sighting.port ?? null)
		: null;
}
