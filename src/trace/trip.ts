import type { Mac } from "../model/address.js";
import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Direction, Frame } from "../model/frame.js";
import type { Sighting, Train } from "../model/journey.js";
import type { Port } from "../model/port.js";

/** A sighting that was found to belong to a trip, its direction settled. */
export interface Leg {
	readonly sighting: Sighting;
	/** Null until something tells it. */
	direction: Direction | null;
	/** The frame was routed before it came here: addresses are those behind the NAT. */
	readonly isRouted: boolean;
}

/** So many legs are looked through one by one; a broadcast is seen at hundreds of ports. */
const scanLimit = 16;
const none: readonly Leg[] = [];

/** Identical bytes on their way together, of which only the counts are known. */
export interface OpenTrain {
	readonly members: Trip[];
}

/** A journey while it is being followed. */
export interface Trip {
	readonly id: number;
	/** Of its first sighting, and of those behind a route. */
	readonly fingerprints: number[];
	readonly routedFingerprint: number | null;
	readonly legs: Leg[];
	/** The legs by their ports, once they are many; null before. */
	legsByPort: Map<Port | null, Leg[]> | null;
	/** Those that may have come in: not known to go out. In the order in which they came. */
	readonly arrivals: Leg[];
	/** The latest time at which it was seen. */
	latest: LogTime;
	/** One of the legs is behind a route. */
	isRouted: boolean;
	/** Null when the ingress was not captured, or nothing tells which one it was. */
	ingress: Leg | null;
	/** The capture says, or shows, that it came in there. */
	isIngressProven: boolean;
	readonly reflectionOf: number | null;
	train: OpenTrain | null;
	/** Where it is going, as far as was known when that was last looked at. */
	target: Port | null;
	/** When it settles, unless something comes before. */
	deadline: LogTime;
	isSettled: boolean;
	revision: number;
	/** Why it cannot be judged, whatever was seen of it; null when it can. */
	doubt: string | null;
}

/** What of a trip its first sighting does not tell. */
interface Opening {
	readonly isIngress: boolean;
	readonly isProven: boolean;
	readonly reflectionOf: number | null;
	readonly deadline: LogTime;
}

/** A trip of which one sighting is known. */
export function createTrip(id: number, leg: Leg, opening: Opening): Trip {
	const { fingerprint, routedFingerprint } = leg.sighting;
	return {
		id,
		fingerprints: [fingerprint],
		routedFingerprint,
		legs: [leg],
		legsByPort: null,
		arrivals: leg.direction === "out" ? [] : [leg],
		latest: leg.sighting.time,
		isRouted: leg.isRouted,
		ingress: opening.isIngress ? leg : null,
		isIngressProven: opening.isProven,
		reflectionOf: opening.reflectionOf,
		train: null,
		target: null,
		deadline: opening.deadline,
		isSettled: false,
		revision: 0,
		doubt: null,
	};
}

/** The frame as it was first seen. */
export function firstFrame(trip: Trip): Frame {
	return (trip.legs[0] as Leg).sighting.frame;
}

/** The first leg behind a route; null when it was not routed. */
export function findRoutedLeg({ legs, isRouted }: Trip): Leg | null {
	return (isRouted && legs.find((leg) => leg.isRouted)) || null;
}

export function startTime(trip: Trip): LogTime {
	return (trip.legs[0] as Leg).sighting.time;
}

/** A trip was seen at one more place. */
export function addLeg(trip: Trip, leg: Leg): void {
	trip.legs.push(leg);
	trip.isRouted ||= leg.isRouted;
	if (elapsedNs(trip.latest, leg.sighting.time) > 0) {
		trip.latest = leg.sighting.time;
	}
	if (leg.direction !== "out") {
		trip.arrivals.push(leg);
	}
	if (trip.legsByPort !== null) {
		index(trip.legsByPort, leg);
	} else if (trip.legs.length > scanLimit) {
		trip.legsByPort = new Map();
		for (const each of trip.legs) {
			index(trip.legsByPort, each);
		}
	}
}

function index(legsByPort: Map<Port | null, Leg[]>, leg: Leg): void {
	const { port } = leg.sighting;
	const legs = legsByPort.get(port);
	if (legs === undefined) {
		legsByPort.set(port, [leg]);
	} else {
		legs.push(leg);
	}
}

/** It turns out that the frame came in there. */
export function markArrival(trip: Trip, leg: Leg): void {
	if (leg.direction === "out") {
		trip.arrivals.push(leg);
	}
	leg.direction = "in";
}

/** Where the legs at a port are among: all of a trip with few, only those of many. */
export function legsAround(trip: Trip, port: Port | null): readonly Leg[] {
	return trip.legsByPort === null
		? trip.legs
		: (trip.legsByPort.get(port) ?? none);
}

export function hasLegAt(trip: Trip, port: Port | null): boolean {
	return legsAround(trip, port).some((leg) => leg.sighting.port === port);
}

/** Whether the frame was handed out by a port. */
export function hasLeftBy(trip: Trip, port: Port | null): boolean {
	return legsAround(trip, port).some(
		(leg) => leg.sighting.port === port && leg.direction === "out",
	);
}

export function sourceMac(trip: Trip): Mac | null {
	return firstFrame(trip).ethernet?.source ?? null;
}

/** How many of identical frames on their way together were seen at a port. */
export function countTrain(train: OpenTrain, port: Port | null): Train {
	const left = train.members.filter((trip) => hasLegAt(trip, port)).length;
	return { entered: train.members.length, left };
}

/** Two times are the same: a bridge's copy carries the stamp of the ingress. */
export function isSameTime(a: LogTime, b: LogTime): boolean {
	return a.seconds === b.seconds && a.nanos === b.nanos;
}

/**
 * Whether times are so fine that two of them are equal only if the kernel stamped the
 * frame once. A frame needs more than a microsecond from one port to the next; in
 * captures of microseconds every tenth time looks coarser than it is.
 */
export function isFine({ nanos }: LogTime): boolean {
	return nanos % 10_000 !== 0;
}
