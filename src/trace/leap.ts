import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Sighting } from "../model/journey.js";
import { lateNs } from "./limits.js";
import { hasLegAt } from "./trip.js";
import type { TripIndex } from "./trip-index.js";

/**
 * Whether the clock of the capture was set forward since the sighting before: time leapt
 * by more than a late sighting may be late, and what is seen first is a frame that was on its
 * way then. Nothing else tells a leap from silence in a log without ticks.
 *
 * @param before the time of the sighting before
 * @returns what to say of the frames that were on their way; null: no leap is known of
 */
export function findLeap(
	before: LogTime | null,
	{ time, port, fingerprint }: Sighting,
	trips: TripIndex,
): string | null {
	const leapt = before === null ? 0 : elapsedNs(before, time);
	if (leapt <= lateNs) {
		return null;
	}
	const wasOnItsWay = trips
		.openOf(fingerprint)
		.some((trip) => !hasLegAt(trip, port));
	return wasOnItsWay
		? `the clock of the capture went forward by ${(leapt / 1e9).toFixed(1)} s`
		: null;
}
