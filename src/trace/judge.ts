import type { Outcome, Train } from "../model/journey.js";
import type { Port } from "../model/port.js";
import { type Circumstances, excuse } from "./circumstances.js";
import { isOrderDoubtful } from "./order.js";
import type { ExpectedPath } from "./path-walk.js";
import { countTrain, hasLegAt, type Trip } from "./trip.js";

/** What can be said of a trip. */
export interface Judgement {
	readonly outcome: Outcome;
	/** The last port of the path that saw the frame. */
	readonly lastSeen: Port | null;
	/** The first port of the path, behind that one, that should have seen it. */
	readonly firstMissing: Port | null;
	readonly reason: string | null;
}

/**
 * Judges a settled trip (rules 4, 9 and 10).
 *
 * - It is delivered when the last port of its path saw it.
 * - It is lost when that port did not, and nothing excuses it. A bridge's sighting is a
 *   witness: one that is missing is no loss.
 * - Else it is inconclusive, and the reason says why.
 */
export function judge(
	trip: Trip,
	expected: ExpectedPath,
	circumstances: Circumstances,
): Judgement {
	const { ports } = expected;
	const lastIndex = ports.findLastIndex((port) => hasLegAt(trip, port));
	const lastSeen = ports[lastIndex] ?? null;
	const ahead = ports.slice(lastIndex + 1);
	const missing = ahead.find((port) => port.role !== "bridge") ?? ahead[0];
	const firstMissing = missing ?? null;
	const doubt = findDoubt(trip, expected, firstMissing, circumstances);
	if (doubt !== null) {
		return { outcome: "inconclusive", lastSeen, firstMissing, reason: doubt };
	}
	const outcome = firstMissing === null ? "delivered" : "lost";
	return { outcome, lastSeen, firstMissing, reason: null };
}

/** The counts of the train a trip is in, at the end of its path; null: in none. */
export function trainOf(trip: Trip, { ports }: ExpectedPath): Train | null {
	return trip.train && countTrain(trip.train, ports.at(-1) ?? null);
}

/** Why a trip cannot be judged; null when it can. */
function findDoubt(
	trip: Trip,
	expected: ExpectedPath,
	firstMissing: Port | null,
	circumstances: Circumstances,
): string | null {
	const { entered, left } = trainOf(trip, expected) ?? { entered: 0, left: 0 };
	if (left !== 0 && left !== entered) {
		return `${entered} identical frames were on their way together and ${left} of them arrived: which ones cannot be told`;
	}
	if (isOrderDoubtful(trip)) {
		return "its time stamps do not tell by which port it came in: they are too coarse, or the clocks of the captures do not agree";
	}
	if (firstMissing === null) {
		return hasArrived(trip, expected) ? null : loneSighting(trip, expected);
	}
	return excuse(trip, expected, firstMissing, circumstances);
}

/** A trip has arrived where it went, unless it was seen at its start only. */
function hasArrived(trip: Trip, { ports, doubt }: ExpectedPath): boolean {
	const isMoved = ports.length > 1 && doubt === null;
	const end = ports.at(-1);
	const last = trip.legs.find((leg) => leg.sighting.port === end);
	const isHandedOut = last?.direction === "out" && last.sighting.port !== null;
	return isMoved || (isHandedOut && last.sighting.port?.role !== "bridge");
}

function loneSighting(trip: Trip, { ports, doubt }: ExpectedPath): string {
	const [only] = ports;
	return (
		doubt ??
		trip.doubt ??
		`only ${only?.name ?? "one interface"} of its path was captured`
	);
}
