import { elapsedNs, type LogTime } from "../model/capture.js";
import type { OpenTrain, Trip } from "./trip.js";

/** More identical frames than this are not counted as one train. */
const trainLimit = 256;

/** Puts trips that cannot be told apart into one train, with the trains they are in. */
export function joinTrain(trips: readonly Trip[]): void {
	if (trips.length < 2) {
		return;
	}
	const train = trips.find((trip) => trip.train)?.train ?? { members: [] };
	for (const trip of trips) {
		if (trip.train !== train) {
			for (const member of trip.train?.members ?? [trip]) {
				addMember(train, member);
			}
		}
	}
}

function addMember(train: OpenTrain, trip: Trip): void {
	if (train.members.length < trainLimit) {
		train.members.push(trip);
		trip.train = train;
	} else {
		trip.train = null;
		trip.doubt ??= `more than ${trainLimit} identical frames were on their way together`;
	}
}

/** The members of a train settle together, so that all its counts are in. */
export function latestDeadline(trip: Trip): LogTime {
	let latest = trip.deadline;
	for (const { deadline, isSettled } of trip.train?.members ?? []) {
		if (!isSettled && elapsedNs(latest, deadline) > 0) {
			latest = deadline;
		}
	}
	return latest;
}
