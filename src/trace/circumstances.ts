import type { LogTime } from "../model/capture.js";
import type { Direction } from "../model/frame.js";
import { type Sighting, settleNs } from "../model/journey.js";
import type { Port } from "../model/port.js";
import { AnswerBook } from "./answers.js";
import { ClockOffsets } from "./clock-offset.js";
import type { Membership } from "./membership.js";
import type { ExpectedPath } from "./path-walk.js";
import { Presence } from "./presence.js";
import { hasLegAt, startTime, type Trip } from "./trip.js";
import type { TripIndex } from "./trip-index.js";

/** What is known of the capture itself. */
export interface Coverage {
	/**
	 * Why it is not sure that the port was being captured, and showed what passed, for so
	 * many nanoseconds from `time` on; null when it is.
	 *
	 * @param withinNs as long as a frame may take, unless it is given
	 * @param isRouted the frame may have other addresses there
	 */
	gapAt(
		port: Port,
		time: LogTime,
		withinNs?: number,
		isRouted?: boolean,
	): string | null;
}

/** What beside its own sightings a trip is judged by. */
export interface Circumstances {
	readonly coverage: Coverage;
	readonly presence: Presence;
	readonly answers: AnswerBook;
	readonly clocks: ClockOffsets;
	readonly membership: Membership;
	/** It is settled which way a sighting went. */
	noteDirection(sighting: Sighting, direction: Direction | null): void;
	/** The trips of the same bytes that are still known, this one among them. */
	alike(trip: Trip): readonly Trip[];
}

/** Nothing is known yet. @param clocks of the files; one clock, when there are none */
export function createCircumstances(
	coverage: Coverage,
	clocks: ClockOffsets | undefined,
	trips: TripIndex,
	membership: Membership,
): Circumstances {
	const [presence, answers] = [new Presence(), new AnswerBook()];
	return {
		coverage,
		membership,
		clocks: clocks ?? new ClockOffsets([], () => {}),
		presence,
		answers,
		noteDirection: (sighting, direction) => {
			answers.note(sighting, direction);
			if (direction === "out") {
				presence.noteEgress(sighting.port);
			}
		},
		alike: ({ fingerprints }) =>
			fingerprints.flatMap((key) => trips.ofFingerprint(key)),
	};
}

/**
 * Why a trip that `missing` did not see need not be lost (rule 10); null when it must be:
 *
 * 1. something went wrong while it was followed;
 * 2. it is not proven where it came in;
 * 3. its path is not certain;
 * 4. what is missing is a bridge's copy, which is a witness, not a hop;
 * 5. it was answered;
 * 6. the port saw the same bytes, but not in time or order to be this frame;
 * 7. frames are cut, and cannot be recognised;
 * 8. the port was not there, its capture shows no such frames, or the same came in by
 *    another uplink;
 * 9. the port was not captured then, or its capture lost frames;
 * 10. a port of its path came into a bridge then, or left it;
 * 11. the clocks of the captures do not agree.
 */
export function excuse(
	trip: Trip,
	expected: ExpectedPath,
	missing: Port,
	circumstances: Circumstances,
): string | null {
	const start = startTime(trip);
	const first = trip.legs[0]?.sighting;
	return (
		trip.doubt ??
		doubtIngress(trip) ??
		expected.doubt ??
		expected.caution ??
		doubtBridge(missing) ??
		findAnswer(trip, circumstances) ??
		findStray(trip, missing, circumstances) ??
		findCut(trip, missing) ??
		(first && circumstances.presence.gapAt(missing, first)) ??
		doubtOtherUplink(trip, circumstances) ??
		circumstances.coverage.gapAt(missing, start, settleNs, expected.isRouted) ??
		circumstances.membership.doubtAt(expected.ports, start, settleNs) ??
		doubtClocks(trip, missing, circumstances)
	);
}

function doubtIngress({ ingress, isIngressProven }: Trip): string | null {
	if (ingress === null) {
		return "where it came in was not captured";
	}
	return isIngressProven
		? null
		: `the capture tells no directions, and nothing proves that it came in by ${ingress.sighting.port?.name}`;
}

function doubtBridge({ name, role }: Port): string | null {
	return role === "bridge"
		? `${name} did not see it, and whether it must is not known (its capture may not be promiscuous)`
		: null;
}

function findAnswer(trip: Trip, { answers }: Circumstances): string | null {
	const port = answers.answeredAt(trip);
	return (
		port &&
		`it was answered at ${port.name}: by someone in the place of others, or the capture missed it`
	);
}

function findStray(
	trip: Trip,
	missing: Port,
	{ alike }: Circumstances,
): string | null {
	const stray = alike(trip).find(
		(other) =>
			other !== trip && !other.isIngressProven && hasLegAt(other, missing),
	);
	return stray === undefined
		? null
		: `${missing.name} saw the same bytes at a time that does not fit`;
}

/** Both cards of a bond may take a broadcast of the LAN; one of them passes it on. */
function doubtOtherUplink(trip: Trip, { alike }: Circumstances): string | null {
	const by = trip.ingress?.sighting.port;
	const other = alike(trip).find(({ ingress }) => {
		const port = ingress?.sighting.port;
		return port !== by && port?.role === "uplink";
	});
	return by?.role === "uplink" && other
		? `the same came in by ${other.ingress?.sighting.port?.name} as well`
		: null;
}

/** Frames cut at different lengths may not be recognised as the same. */
function findCut(trip: Trip, { name, snapLength }: Port): string | null {
	const first = trip.legs[0]?.sighting;
	if (first === undefined) {
		return null;
	}
	const { captured, length, port } = first;
	const there = snapLength === 0 ? length : Math.min(length, snapLength);
	if (captured === there) {
		return null;
	}
	return captured < there
		? `frames are cut at ${captured} bytes at ${port?.name} and may not be recognised elsewhere`
		: `frames are cut at ${snapLength} bytes at ${name} and may not be recognised there`;
}

function doubtClocks(
	trip: Trip,
	missing: Port,
	{ clocks }: Circumstances,
): string | null {
	const from = trip.legs[0]?.sighting.source;
	let doubt: string | null = null;
	for (const source of missing.sources) {
		const found = from === undefined ? null : clocks.doubt(from, source);
		if (found === null) {
			return null;
		}
		doubt = found;
	}
	return doubt;
}
