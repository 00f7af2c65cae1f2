import { broadcastMac, isGroupMac } from "../model/address.js";
import { elapsedNs } from "../model/capture.js";
import type { Frame } from "../model/frame.js";
import { addressedTo } from "./addressed-to.js";
import type { Place } from "./places.js";
import { startTime, type Trip } from "./trip.js";
import type { Whereabouts } from "./whereabouts.js";

/** Where a frame is going: to one place, to all, to those who asked for it. */
export type Destination = Place | "everyone" | "group" | "unknown";

/** Finds out where a frame is going, as far as its own addresses tell. */
export function findDestination(
	frame: Frame,
	whereabouts: Whereabouts,
): Destination {
	const address = addressedTo(frame, whereabouts);
	if (address === null) {
		return "unknown";
	}
	if (isGroupMac(address)) {
		return address === broadcastMac ? "everyone" : "group";
	}
	return whereabouts.placeOf(address) ?? "unknown";
}

/** Why it is not certain that an address lives there; null when it is. */
export function doubtPlace({ port, isCertain }: Place): string | null {
	if (isCertain) {
		return null;
	}
	return port.role === "bridge"
		? `it is for the host or for a port of ${port.name} that was not captured: which one is not known`
		: `that the address lives behind ${port.name} is only likely: a capture of its bridge would prove it`;
}

/**
 * Why a frame may have been sent elsewhere than to where its destination lives now:
 *
 * - the address goes back and forth: two cards have it;
 * - the address moved there since the frame came in (a migration);
 * - when the frame came in, nothing had shown yet where the address lives.
 */
export function cautionPlace(
	{ port, since, before, moves }: Place,
	trip: Trip,
	whereabouts: Whereabouts,
): string | null {
	const hasMoved =
		before !== null && !whereabouts.stackOf(port).includes(before);
	if (hasMoved && moves > 1) {
		return `two cards have the address, behind ${before.name} and ${port.name}`;
	}
	if (elapsedNs(since, startTime(trip)) >= 0) {
		return null;
	}
	return hasMoved
		? `the address moved from ${before.name} to ${port.name} at that time`
		: `that the address lives behind ${port.name} was seen only later`;
}
