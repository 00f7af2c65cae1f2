import type { LogTime } from "../model/capture.js";
import { isFromServer } from "../model/dhcp.js";
import type { Direction } from "../model/frame.js";
import type { Sighting } from "../model/journey.js";
import type { Port, PortRole } from "../model/port.js";
import { areCable, isCableEnd, isLibvirtNetwork } from "../topology/roles.js";
import {
	firstFrame,
	hasLeftBy,
	hasLegAt,
	isFine,
	isSameTime,
	type Trip,
} from "./trip.js";
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
 * - At the end of a cable whose other end a trip left by: the same trip, further on.
 * - In at another port: a new trip; but one with the stamp of an open ingress is the
 *   same frame seen at a bond or VLAN device above it. One that comes in again after it
 *   had left, not by its own ingress, is a reflection.
 * - Out: the next hop of the trip that has not left by the port (its ingress may be the
 *   same port: a hairpin); of several such trips, a train; of none, a trip whose ingress
 *   was not captured. Where some of the trips have the sender and the TTL that the frame
 *   has here, it is one of those: bridges change neither.
 * - No direction: see `inferDirection`.
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
	const bridged = findBridged(sighting, trips);
	const piped = findPiped(port, bridged);
	if (piped !== null && sighting.direction !== "out") {
		return join("in", [piped]);
	}
	const lacking = bridged.filter((trip) => !hasLegAt(trip, port));
	const above = lacking.filter((trip) => isIngressTime(trip, sighting.time));
	if (port.role === "bridge") {
		return followAtBridge(sighting, lacking, above, whereabouts);
	}
	const direction =
		sighting.direction ?? inferDirection(sighting, port, bridged, whereabouts);
	if (direction === null && above.length > 0) {
		return join(null, above.slice(0, 1));
	}
	if (direction === "out") {
		const unsent = bridged.filter((trip) => !hasLeftBy(trip, port));
		return unsent.length > 0 ? join("out", unsent) : open("out", false);
	}
	return above.length > 0
		? join("in", above.slice(0, 1))
		: open(direction, direction === "in", findReflected(port, trips));
}

/** Trips of a frame that no router changed on its way here; all, if it changed each. */
function findBridged(
	sighting: Sighting,
	trips: readonly Trip[],
): readonly Trip[] {
	const alike = trips.filter((trip) => isAlike(trip, sighting));
	return alike.length > 0 ? alike : trips;
}

function isAlike(trip: Trip, { frame }: Sighting): boolean {
	const before = firstFrame(trip);
	return (
		before.ethernet?.source === frame.ethernet?.source &&
		before.ipv4?.ttl === frame.ipv4?.ttl
	);
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
		const below = lacking.filter((trip) => isFromAbove(trip, sighting));
		return below.length > 0 ? join("out", below) : open("out", true);
	}
	if (sighting.direction === null && isFromHost(sighting, whereabouts)) {
		return open("out", true);
	}
	return lacking.length > 0
		? join("in", lacking.slice(-1))
		: open(sighting.direction, false);
}

/** The host sent it by a VLAN device that lies upon the bridge. */
function isFromAbove(trip: Trip, sighting: Sighting): boolean {
	const { ingress } = trip;
	return (
		ingress?.direction === "out" &&
		ingress.sighting.port?.role === "bridge" &&
		isAlike(trip, sighting)
	);
}

/** The trip that went into the other end of the cable that ends here; null: none. */
function findPiped(port: Port, trips: readonly Trip[]): Trip | null {
	if (!isCableEnd(port.name)) {
		return null;
	}
	const piped = trips.find(
		(trip) =>
			!hasLegAt(trip, port) &&
			trip.legs.some(
				({ sighting, direction }) =>
					direction === "out" &&
					sighting.port !== null &&
					areCable(sighting.port.name, port.name),
			),
	);
	return piped ?? null;
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
 * Direction of a sighting whose capture does not tell it, at a port that is no bridge
 * (rule 7):
 *
 * 1. in, where the sender is proven to live;
 * 2. at the instant of an ingress: in, as no frame gets from one port to the next in no
 *    time; not known, when the times are too coarse to tell;
 * 3. out, where a trip lacks the port: the first port to see a frame is its ingress;
 * 4. the first port: in, unless the sender is proven to live elsewhere (out; in, if the
 *    frame comes back there), or was seen elsewhere before (not known); nor is it known
 *    for a port that may be a bridge: neither its name nor a frame tells.
 */
function inferDirection(
	{ frame, time }: Sighting,
	port: Port,
	trips: readonly Trip[],
	whereabouts: Whereabouts,
): Direction | null {
	const place = whereabouts.placeOf(frame.ethernet?.source ?? "");
	if (place?.isCertain && place.port === port) {
		return "in";
	}
	const lacking = trips.filter((trip) => !hasLegAt(trip, port));
	if (lacking.some((trip) => isIngressTime(trip, time))) {
		return isFine(time) ? "in" : null;
	}
	if (lacking.length > 0) {
		return "out";
	}
	if (!place || place.port === port) {
		const isPort = !mayBeBridge(port.role) || whereabouts.isExit(port);
		return isPort ? "in" : null;
	}
	if (!place.isCertain) {
		return null;
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
	return trip.arrivals.some(
		({ sighting, direction }) =>
			isSameTime(sighting.time, time) &&
			(direction === "in" ||
				(direction === null && mayBeBridge(sighting.port?.role))),
	);
}

function mayBeBridge(role: PortRole | undefined): boolean {
	return role === "bridge" || role === "unknown";
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
