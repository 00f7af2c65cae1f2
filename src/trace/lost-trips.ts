import { elapsedNs, type LogTime } from "../model/capture.js";
import { type Outcome, settleNs } from "../model/journey.js";
import { lateNs } from "./limits.js";
import { startTime, type Trip } from "./trip.js";

/** Trips that were told to be lost, as long as they are known. */
export class LostTrips {
	readonly #trips = new Set<Trip>();

	/** A trip was told. */
	note(trip: Trip, outcome: Outcome): void {
		if (outcome === "lost") {
			this.#trips.add(trip);
		} else {
			this.#trips.delete(trip);
		}
	}

	delete(trip: Trip): void {
		this.#trips.delete(trip);
	}

	/** Those that a frame of this time may tell something of: a place, or the answer. */
	about(time: LogTime): Trip[] {
		return [...this.#trips].filter((trip) => {
			const afterNs = elapsedNs(startTime(trip), time);
			return afterNs >= -settleNs && afterNs <= lateNs;
		});
	}
}
