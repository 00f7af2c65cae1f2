import { elapsedNs } from "../model/capture.js";
import type { Sighting } from "../model/journey.js";
import { firstFrame, hasLeftBy, startTime, type Trip } from "./trip.js";

/**
 * Whether a sighting can be the routed leg of a trip of the same routed fingerprint: it
 * keeps its peer's address, has a lower TTL, and is seen later, elsewhere.
 */
export function canBeRouted(trip: Trip, sighting: Sighting): boolean {
	const before = firstFrame(trip).ipv4;
	const after = sighting.frame.ipv4;
	const { port } = sighting;
	if (before === null || after === null || port === null) {
		return false;
	}
	const keepsPeer =
		before.source === after.source || before.destination === after.destination;
	const isElsewhere =
		trip.ingress !== null &&
		trip.ingress.sighting.port !== port &&
		!hasLeftBy(trip, port);
	return (
		keepsPeer &&
		isElsewhere &&
		after.ttl < before.ttl &&
		elapsedNs(startTime(trip), sighting.time) > 0
	);
}
