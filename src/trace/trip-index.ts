import type { Trip } from "./trip.js";

const none: readonly Trip[] = [];

/** Finds trips by what stays equal along their paths. */
export class TripIndex {
	readonly #byFingerprint = new Map<number, Trip[]>();
	readonly #byRouted = new Map<number, Trip[]>();
	#size = 0;

	get size(): number {
		return this.#size;
	}

	/** All trips of a fingerprint that were not forgotten, oldest first. */
	ofFingerprint(fingerprint: number): readonly Trip[] {
		return this.#byFingerprint.get(fingerprint) ?? none;
	}

	/** Open trips whose routed leg would have this routed fingerprint. */
	ofRoutedFingerprint(fingerprint: number): readonly Trip[] {
		const trips = this.#byRouted.get(fingerprint) ?? none;
		return trips.filter((trip) => !trip.isSettled);
	}

	add(trip: Trip): void {
		this.#size += 1;
		for (const fingerprint of trip.fingerprints) {
			put(this.#byFingerprint, fingerprint, trip);
		}
		if (trip.routedFingerprint !== null) {
			put(this.#byRouted, trip.routedFingerprint, trip);
		}
	}

	/** The trip goes on under another fingerprint as well: it was routed. */
	addFingerprint(trip: Trip, fingerprint: number): void {
		trip.fingerprints.push(fingerprint);
		put(this.#byFingerprint, fingerprint, trip);
	}

	delete(trip: Trip): void {
		const [first] = trip.fingerprints;
		if (first === undefined || !this.ofFingerprint(first).includes(trip)) {
			return;
		}
		this.#size -= 1;
		for (const fingerprint of trip.fingerprints) {
			remove(this.#byFingerprint, fingerprint, trip);
		}
		if (trip.routedFingerprint !== null) {
			remove(this.#byRouted, trip.routedFingerprint, trip);
		}
	}
}

function put(map: Map<number, Trip[]>, key: number, trip: Trip): void {
	const trips = map.get(key);
	if (trips === undefined) {
		map.set(key, [trip]);
	} else {
		trips.push(trip);
	}
}

function remove(map: Map<number, Trip[]>, key: number, trip: Trip): void {
	const rest = map.get(key)?.filter((other) => other !== trip) ?? [];
	if (rest.length === 0) {
		map.delete(key);
	} else {
		map.set(key, rest);
	}
}
