import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Sighting } from "../model/journey.js";
import { lateNs } from "./limits.js";
import { hasLegAt, type Trip } from "./trip.js";

/**
 * Whether the clock of the capture was set forward since the sighting before: time leapt
 * by more than a late sighting may be late, and what is seen first is a frame that was on its
 * way then. Nothing else tells a leap from silence in a log without ticks.
 *
 * @param before the time of the sighting before
 * @param trips of the sighting's fingerprint
 * @returns what to say of the frames that were on their way; null: no leap is known of
 */
export function findLeap(
	before: LogTime | null,
	{ time, port }: Sighting,
	trips: readonly Trip[],
): string | null {
	const leapt = before === null ? 0 : elapsedNs(before, time);
	const wasOnItsWay = trips.some(
		(trip) => !trip.isSettled && !hasLegAt(trip, port),
	);
	return leapt > lateNs && wasOnItsWay
		? `the clock of the capture went forward by ${(leapt / 1e9).toFixed(1)} s`
		: null;
}
