import { elapsedNs } from "../model/capture.js";
import type { Sighting } from "../model/journey.js";
import { firstFrame, hasLeftBy, startTime, type Trip } from "./trip.js";

/**
 * The trip that a sighting is the routed leg of (rule 6); null when there is none, or
 * more than one, which cannot be told apart.
 *
 * A routed packet keeps its peer's address, has a lower TTL, and comes after the ingress
 * within its settling time; addresses on this side and the ICMP identifier may be
 * translated.
 *
 * @param candidates open trips of the same routed fingerprint
 */
export function findRouted(
	sighting: Sighting,
	candidates: readonly Trip[],
): Trip | null {
	const fitting = candidates.filter((trip) => canBeRouted(trip, sighting));
	const [only] = fitting;
	return fitting.length === 1 && only ? only : null;
}

function canBeRouted(trip: Trip, sighting: Sighting): boolean {
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
