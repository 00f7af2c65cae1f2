import type { LogTime } from "../model/capture.js";
import { isFromServer } from "../model/dhcp.js";
import type { Direction } from "../model/frame.js";
import type { Sighting } from "../model/journey.js";
import type { Port } from "../model/port.js";
import { isLibvirtNetwork } from "../topology/roles.js";
import { hasLeftBy, hasLegAt, isSameTime, type Trip } from "./trip.js";
import type { Whereabouts } from "./whereabouts.js";

/** A sighting begins a trip. */
export interface OpenStep {
	readonly kind: "open";
	readonly direction: Direction | null;
	/** False when the frame was already on its way: its ingress was not captured. */
	readonly isIngress: boolean;
	readonly reflectionOf: Trip | null;
}

/** It is a place on the way of a trip; with several, of one of them (a train). */
export interface JoinStep {
	readonly kind: "join";
	readonly direction: Direction | null;
	readonly trips: readonly Trip[];
}

/** What a sighting is to the trips of its fingerprint. */
export type Step = OpenStep | JoinStep;

/**
 * Decides what a sighting is to the open trips of its fingerprint. Sightings come in
 * order of time.
 *
 * - No port (SLL): all sightings within a second are one trip.
 * - At a bridge: its copy of a frame carries the stamp of the ingress and is a witness.
 *   A bridge that sees a frame first sends it (`out`) only if the capture says so or the
 *   sender is the host.
 * - In at another port: a new trip; but one with the stamp of an open ingress is the
 *   same frame seen at a bond or VLAN device above it. One that comes in again after it
 *   had left, not by its own ingress, is a reflection.
 * - Out: the next hop of the trip that has not left by the port (its ingress may be the
 *   same port: a hairpin); of several such trips, a train; of none, a trip whose ingress
 *   was not captured.
 * - No direction: in at the port the sender lives behind; out where a trip lacks the
 *   port; else the first port to see the frame is its ingress.
 *
 * @param trips of the sighting's fingerprint that are open, oldest first
 */
export function follow(
	sighting: Sighting,
	trips: readonly Trip[],
	whereabouts: Whereabouts,
): Step {
	const { port } = sighting;
	if (port === null) {
		return trips.length > 0
			? join(sighting.direction, trips.slice(0, 1))
			: open(sighting.direction, false);
	}
	const lacking = trips.filter((trip) => !hasLegAt(trip, port));
	const above = lacking.filter((trip) => isIngressTime(trip, sighting.time));
	if (port.role === "bridge") {
		return followAtBridge(sighting, lacking, above, whereabouts);
	}
	const direction =
		sighting.direction ??
		inferDirection(sighting, port, trips, lacking, whereabouts);
	if (direction === "out") {
		const unsent = trips.filter((trip) => !hasLeftBy(trip, port));
		return unsent.length > 0 ? join("out", unsent) : open("out", false);
	}
	return above.length > 0 && sighting.direction === "in"
		? join("in", above.slice(0, 1))
		: open(direction, true, findReflected(port, trips));
}

function followAtBridge(
	sighting: Sighting,
	lacking: readonly Trip[],
	above: readonly Trip[],
	whereabouts: Whereabouts,
): Step {
	if (above.length > 0 && sighting.direction !== "out") {
		return join("in", above.slice(0, 1));
	}
	if (sighting.direction === "out") {
		return open("out", true);
	}
	if (sighting.direction === null && isFromHost(sighting, whereabouts)) {
		return open("out", true);
	}
	return lacking.length > 0
		? join("in", lacking)
		: open(sighting.direction, false);
}

/**
 * Whether the sender of what a bridge sees first is the host: it is known to live there,
 * or it is the DHCP server of a bridge that libvirt made, which runs on the host.
 */
function isFromHost(sighting: Sighting, whereabouts: Whereabouts): boolean {
	const { port, frame } = sighting;
	const place = whereabouts.placeOf(frame.ethernet?.source ?? "");
	const isServer = frame.dhcp !== null && isFromServer(frame.dhcp);
	return (
		(place?.isCertain === true && place.port === port) ||
		(isServer && port !== null && isLibvirtNetwork(port.name))
	);
}

/**
 * Direction of a sighting whose capture does not tell it, at a port that is no bridge.
 * Null only where a copy of a frame is seen whose sender lives elsewhere.
 */
function inferDirection(
	sighting: Sighting,
	port: Port,
	trips: readonly Trip[],
	lacking: readonly Trip[],
	whereabouts: Whereabouts,
): Direction | null {
	const place = whereabouts.placeOf(sighting.frame.ethernet?.source ?? "");
	if (place?.isCertain && place.port === port) {
		return "in";
	}
	if (lacking.length > 0) {
		return "out";
	}
	if (!place?.isCertain) {
		return "in";
	}
	return trips.some((trip) => hasLeftBy(trip, port)) ? "in" : "out";
}

/** The trip whose frame left before and comes in again here. */
function findReflected(port: Port, trips: readonly Trip[]): Trip | null {
	const latest = trips.at(-1);
	const ingress = latest?.ingress?.sighting.port;
	const hasLeft = latest?.legs.some((leg) => leg.direction === "out");
	return latest && ingress && ingress !== port && hasLeft ? latest : null;
}

function isIngressTime(trip: Trip, time: LogTime): boolean {
	return trip.ingress !== null && isSameTime(trip.ingress.sighting.time, time);
}

function join(direction: Direction | null, trips: readonly Trip[]): Step {
	return { kind: "join", direction, trips };
}

function open(
	direction: Direction | null,
	isIngress: boolean,
	reflectionOf: Trip | null = null,
): Step {
	return { kind: "open", direction, isIngress, reflectionOf };
}
