import type { Sighting } from "../model/journey.js";
import type { Port } from "../model/port.js";
import {
	hasLegAt,
	isSameTime,
	type Leg,
	legsAround,
	type Trip,
} from "./trip.js";
import type { Whereabouts } from "./whereabouts.js";

/**
 * One frame is there twice at one port: a capture was given twice, or overlaps. In one
 * file only stamps of nanoseconds tell that from frames that are alike.
 */
export function isSeenTwice(trip: Trip, sighting: Sighting): boolean {
	const { port, source, time, direction } = sighting;
	const isFine = time.nanos % 1000 !== 0;
	return (
		port !== null &&
		legsAround(trip, port).some(
			(leg) =>
				leg.sighting.port === port &&
				leg.sighting.direction === direction &&
				(isFine || leg.sighting.source !== source) &&
				isSameTime(leg.sighting.time, time),
		)
	);
}

/** Whether a trip seen there may have come to the end of its path. */
export function mayArriveAt(
	{ target, isRouted }: Trip,
	port: Port | null,
): boolean {
	return port === target || port?.role === "uplink" || isRouted;
}

/** The one settled trip that lacks a sighting which comes late; null: none, or several. */
export function findLate(
	sighting: Sighting,
	trips: readonly Trip[],
): Trip | null {
	const lacking = trips.filter(
		(trip) => trip.isSettled && !hasLegAt(trip, sighting.port),
	);
	const [only] = lacking;
	return lacking.length === 1 && only ? only : null;
}

/** The capture tells that a frame came in there, or its sender is proven to live there. */
export function isProvenIngress(
	{ sighting: { frame, port, direction } }: Leg,
	whereabouts: Whereabouts,
): boolean {
	const place = whereabouts.placeOf(frame.ethernet?.source ?? "");
	const livesThere = place?.isCertain === true && place.port === port;
	return direction !== null || livesThere;
}
