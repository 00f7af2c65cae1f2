import type { Sighting } from "../model/journey.js";
import type { JoinStep } from "./follow.js";
import { firstFrame, hasLegAt, isSameTime, type Trip } from "./trip.js";
import type { TripIndex } from "./trip-index.js";
import type { Whereabouts } from "./whereabouts.js";

/**
 * The trip that a bridge's copy of a frame belongs to although its destination is another
 * one: where iptables is called for bridged frames (bridge-nf-call-iptables, as Docker sets
 * it), the NAT is done before the bridge shows the frame. Null: it is no such copy.
 *
 * The trip gets no other fingerprint by it: behind the bridge the frame is a routed leg.
 */
export function findTranslated(
	sighting: Sighting,
	trips: TripIndex,
	whereabouts: Whereabouts,
): JoinStep | null {
	const { port, direction, routedFingerprint, fingerprint } = sighting;
	if (
		port?.role !== "bridge" ||
		direction === "out" ||
		routedFingerprint === null ||
		trips.openOf(fingerprint).length > 0
	) {
		return null;
	}
	const fitting = trips
		.ofRoutedFingerprint(routedFingerprint)
		.filter((trip) => isCopy(trip, sighting, whereabouts));
	return fitting.length === 1
		? { kind: "join", direction: "in", trips: fitting }
		: null;
}

/**
 * A bridge's copy carries the stamp of the ingress; on the way there neither the sender
 * nor the time to live changes, and NAT of what comes in changes the destination only.
 */
function isCopy(
	trip: Trip,
	{ frame, port, time }: Sighting,
	whereabouts: Whereabouts,
): boolean {
	const ingress = trip.ingress?.sighting ?? null;
	const before = firstFrame(trip);
	if (ingress?.port == null || ingress.port.role === "bridge") {
		return false;
	}
	const bridge = whereabouts.bridgeOf(ingress.port);
	return (
		isSameTime(ingress.time, time) &&
		(bridge === null || bridge === port) &&
		!trip.isRouted &&
		!hasLegAt(trip, port) &&
		before.ethernet?.source === frame.ethernet?.source &&
		before.ipv4?.ttl === frame.ipv4?.ttl &&
		before.ipv4?.source === frame.ipv4?.source
	);
}
