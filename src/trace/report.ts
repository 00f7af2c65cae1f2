import { elapsedNs } from "../model/capture.js";
import type { Hop, Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import { isCableEnd } from "../topology/roles.js";
import { findChanges, noChanges } from "./changes.js";
import { messageOf, summarize } from "./describe.js";
import { type Judgement, trainOf } from "./judge.js";
import { isOrderDoubtful } from "./order.js";
import { findParties } from "./parties.js";
import type { ExpectedPath } from "./path-walk.js";
import { firstFrame, isSameTime, type Leg, type Trip } from "./trip.js";
import { tapOf } from "./vm-names.js";
import type { Whereabouts } from "./whereabouts.js";

/** Puts what was found out about a trip into the words of the output. */
export function reportJourney(
	trip: Trip,
	expected: ExpectedPath,
	judgement: Judgement,
	whereabouts: Whereabouts,
): Journey {
	const frame = firstFrame(trip);
	const parties = findParties(trip, whereabouts);
	const tap = tapOf(trip, expected, parties.source === "vm");
	const { onPath, offPath } = partLegs(trip, expected);
	const toHop = isOrderDoubtful(trip) ? toUndirectedHop : toDirectedHop;
	const sorted = sortLegs(onPath, expected);
	const hops = sorted.map((leg, index) =>
		toHop(leg, sorted[0] ?? leg, sorted[index - 1] ?? null),
	);
	return {
		id: trip.id,
		revision: trip.revision,
		protocol: frame.protocol ?? "icmp",
		message: messageOf(frame),
		summary: summarize(frame),
		vm: parties.vm === null ? null : whereabouts.vms.nameOf(parties.vm, tap),
		mac: parties.vm,
		source: parties.source,
		destination: parties.destination,
		ethernet: frame.ethernet,
		addresses: parties.addresses,
		identifier: frame.icmp?.identifier ?? null,
		sequence: frame.icmp?.sequence ?? null,
		hops,
		expected: expected.ports.map(({ name }) => name),
		copies: offPath.map((leg) => toHop(leg, onPath[0] ?? leg, null)),
		train: trainOf(trip, expected),
		reflectionOf: trip.reflectionOf,
		outcome: judgement.outcome,
		lastSeen: judgement.lastSeen?.name ?? null,
		firstMissing: judgement.firstMissing?.name ?? null,
		reason: judgement.reason,
	};
}

function partLegs(trip: Trip, expected: ExpectedPath) {
	const onPath: Leg[] = [];
	const offPath: Leg[] = [];
	for (const leg of trip.legs) {
		(isOnPath(leg, trip, expected) ? onPath : offPath).push(leg);
	}
	return { onPath, offPath };
}

/**
 * Floods and mirrors are off the path, and what a flood came to by a cable; so is nothing
 * else that is not an egress.
 */
function isOnPath(leg: Leg, trip: Trip, expected: ExpectedPath): boolean {
	const { port } = leg.sighting;
	return (
		leg === trip.legs[0] ||
		(leg.direction !== "out" && !isBehindCable(leg, trip, expected)) ||
		leg.isRouted ||
		expected.ports.includes(port as Port)
	);
}

/** The end of a cable that is none of the way, or the bridge that the end is on. */
function isBehindCable(
	{ sighting: { port, time } }: Leg,
	{ legs }: Trip,
	{ ports }: ExpectedPath,
): boolean {
	const isOtherEnd = (one: Port | null) =>
		one !== null && isCableEnd(one.name) && !ports.includes(one);
	return (
		isOtherEnd(port) ||
		(port?.role === "bridge" &&
			legs.some(
				({ sighting, direction }) =>
					direction === "in" &&
					isOtherEnd(sighting.port) &&
					isSameTime(sighting.time, time),
			))
	);
}

/** In the order of the path; time does not tell it, as copies share a stamp. */
function sortLegs(legs: readonly Leg[], expected: ExpectedPath): Leg[] {
	const rank = ({ sighting }: Leg) => {
		const index = expected.ports.indexOf(sighting.port as Port);
		return index < 0 ? legs.length + expected.ports.length : index;
	};
	return [...legs].sort((a, b) => rank(a) - rank(b));
}

/** Directions are those that the capture told: inferring them went wrong. */
function toUndirectedHop(leg: Leg, first: Leg, before: Leg | null): Hop {
	const hop = toDirectedHop(leg, first, before);
	return { ...hop, direction: leg.sighting.direction };
}

function toDirectedHop(leg: Leg, first: Leg, before: Leg | null): Hop {
	const { sighting, direction } = leg;
	return {
		interface: sighting.port?.name ?? null,
		direction,
		time: sighting.time,
		elapsedNs: elapsedNs(first.sighting.time, sighting.time),
		changed:
			before === null ? noChanges : findChanges(before.sighting, sighting),
	};
}
