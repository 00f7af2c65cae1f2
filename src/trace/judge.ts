import type { LogTime } from "../model/capture.js";
import type { Outcome, Train } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { ExpectedPath } from "./expected-path.js";
import { countTrain, startTime, type Trip } from "./trip.js";

/** What is known of the capture itself. */
export interface Coverage {
	/**
	 * Why it is not sure that the port was being captured from `time` until a frame had
	 * to arrive; null when it is.
	 */
	gapAt(port: Port, time: LogTime): string | null;
}

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
 * - It is lost when that port did not, the path is certain, both the port that missed
 *   it and the last one that saw it were being captured then, and nothing was dropped.
 *   A bridge's sighting is a witness: one that is missing is no loss.
 * - Else it is inconclusive, and the reason says why.
 */
export function judge(
	trip: Trip,
	expected: ExpectedPath,
	coverage: Coverage,
): Judgement {
	const seen = new Set(trip.legs.map((leg) => leg.sighting.port));
	const { ports } = expected;
	const lastIndex = ports.findLastIndex((port) => seen.has(port));
	const lastSeen = ports[lastIndex] ?? null;
	const ahead = ports.slice(lastIndex + 1);
	const missing = ahead.find((port) => port.role !== "bridge") ?? ahead[0];
	const firstMissing = missing ?? null;
	const doubt = findDoubt(trip, expected, firstMissing, coverage);
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
	coverage: Coverage,
): string | null {
	const { entered, left } = trainOf(trip, expected) ?? { entered: 0, left: 0 };
	if (left !== 0 && left !== entered) {
		return `${entered} identical frames were on their way together and ${left} of them arrived: which ones cannot be told`;
	}
	if (firstMissing === null) {
		return hasArrived(trip, expected) ? null : loneSighting(trip, expected);
	}
	return (
		trip.doubt ??
		expected.doubt ??
		(firstMissing.role === "bridge"
			? `${firstMissing.name} did not see it, and whether it must is not known (its capture may not be promiscuous)`
			: null) ??
		findCut(trip, firstMissing) ??
		coverage.gapAt(firstMissing, startTime(trip))
	);
}

/** Frames cut at different lengths may not be recognised as the same. */
function findCut(trip: Trip, { name, snapLength }: Port): string | null {
	const [first] = trip.legs;
	if (first === undefined || snapLength === 0) {
		return null;
	}
	const { captured, length } = first.sighting;
	return Math.min(length, snapLength) === captured
		? null
		: `frames are cut at ${snapLength} bytes at ${name} and may not be recognised there`;
}

/** A trip has arrived where it went, unless it was seen at its start only. */
function hasArrived(trip: Trip, { ports, doubt }: ExpectedPath): boolean {
	const isMoved = ports.length > 1 && doubt === null;
	const last = trip.legs.find((leg) => leg.sighting.port === ports.at(-1));
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
