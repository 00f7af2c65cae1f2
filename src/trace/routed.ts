import { elapsedNs } from "../model/capture.js";
import type { Sighting } from "../model/journey.js";
import {
	firstFrame,
	hasLeftBy,
	sourceMac,
	startTime,
	type Trip,
} from "./trip.js";
import type { TripIndex } from "./trip-index.js";
import type { Whereabouts } from "./whereabouts.js";

/** The trip that a sighting is the routed leg of (rule 6), if only one can be. */
export function findRouted(
	sighting: Sighting,
	trips: TripIndex,
	whereabouts: Whereabouts,
): Trip | null {
	const { routedFingerprint, direction, port } = sighting;
	const isIngress = direction === "in" && port?.role !== "bridge";
	if (routedFingerprint === null || isIngress) {
		return null;
	}
	const fitting = trips
		.ofRoutedFingerprint(routedFingerprint)
		.filter((trip) => canBeRouted(trip, sighting, whereabouts));
	const [only, ...others] = fitting;
	if (only === undefined || others.length === 0) {
		return only ?? null;
	}
	for (const trip of fitting) {
		trip.doubt ??= `${fitting.length} packets that look alike were routed at once: which is which cannot be told`;
	}
	return null;
}

/**
 * Whether a sighting can be the routed leg of a trip of the same routed fingerprint:
 *
 * - it keeps its peer's address, and has a lower time to live;
 * - it is seen later, and by another port than the trip came in or left by;
 * - it has another sender, the host, which is not known to live behind that port.
 */
function canBeRouted(
	trip: Trip,
	sighting: Sighting,
	whereabouts: Whereabouts,
): boolean {
	const before = firstFrame(trip).ipv4;
	const { port, frame } = sighting;
	const after = frame.ipv4;
	if (before === null || after === null || port === null) {
		return false;
	}
	const sender = frame.ethernet?.source ?? null;
	const keepsPeer =
		before.source === after.source || before.destination === after.destination;
	const isElsewhere =
		trip.ingress !== null &&
		trip.ingress.sighting.port !== port &&
		!hasLeftBy(trip, port);
	const place = sender === null ? null : whereabouts.placeOf(sender);
	const isHost =
		(sender === null || sender !== sourceMac(trip)) &&
		!(place?.isCertain && place.port === port && port.role !== "bridge");
	return (
		keepsPeer &&
		isElsewhere &&
		isHost &&
		after.ttl < before.ttl &&
		elapsedNs(startTime(trip), sighting.time) >= 0
	);
}
