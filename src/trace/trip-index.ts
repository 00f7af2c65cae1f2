import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Trip } from "./trip.js";

const none: readonly Trip[] = [];

/** Trips with one digest, oldest first. */
interface Group {
	all: Trip[];
	/** Those that have not settled. */
	open: readonly Trip[];
}

/** Finds trips by what stays equal along their paths. */
export class TripIndex {
	readonly #byFingerprint = new Map<number, Group>();
	readonly #byRouted = new Map<number, Group>();
	/** The latest time at which one that has settled was seen. */
	#settledUntil: LogTime | null = null;
	#size = 0;

	get size(): number {
		return this.#size;
	}

	/** All trips of a fingerprint that were not forgotten, oldest first. */
	ofFingerprint(fingerprint: number): readonly Trip[] {
		return this.#byFingerprint.get(fingerprint)?.all ?? none;
	}

	/** Those of them that have not settled. */
	openOf(fingerprint: number): readonly Trip[] {
		return this.#byFingerprint.get(fingerprint)?.open ?? none;
	}

	/** Those of them that may have been seen at a time; the settled ones were before it. */
	ofTime(fingerprint: number, time: LogTime): readonly Trip[] {
		const until = this.#settledUntil;
		return until === null || elapsedNs(until, time) > 0
			? this.openOf(fingerprint)
			: this.ofFingerprint(fingerprint);
	}

	/** Open trips whose routed leg would have this routed fingerprint. */
	ofRoutedFingerprint(fingerprint: number): readonly Trip[] {
		return this.#byRouted.get(fingerprint)?.open ?? none;
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

	/** The trip has settled, or was seen once more after that. */
	close(trip: Trip): void {
		const until = this.#settledUntil;
		if (until === null || elapsedNs(until, trip.latest) > 0) {
			this.#settledUntil = trip.latest;
		}
		for (const fingerprint of trip.fingerprints) {
			close(this.#byFingerprint, fingerprint, trip);
		}
		if (trip.routedFingerprint !== null) {
			close(this.#byRouted, trip.routedFingerprint, trip);
		}
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

function put(groups: Map<number, Group>, key: number, trip: Trip): void {
	const group = groups.get(key);
	if (group === undefined) {
		groups.set(key, { all: [trip], open: trip.isSettled ? none : [trip] });
		return;
	}
	group.all.push(trip);
	if (!trip.isSettled) {
		group.open = [...group.open, trip];
	}
}

function close(groups: Map<number, Group>, key: number, trip: Trip): void {
	const group = groups.get(key);
	if (group !== undefined) {
		group.open = without(group.open, trip);
	}
}

function remove(groups: Map<number, Group>, key: number, trip: Trip): void {
	const group = groups.get(key);
	if (group === undefined) {
		return;
	}
	const isOnly = group.all.length === 1 && group.all[0] === trip;
	group.all = isOnly ? [] : group.all.filter((other) => other !== trip);
	group.open = without(group.open, trip);
	if (group.all.length === 0) {
		groups.delete(key);
	}
}

function without(trips: readonly Trip[], trip: Trip): readonly Trip[] {
	const isOnly = trips.length === 1 && trips[0] === trip;
	return isOnly || trips.length === 0
		? none
		: trips.filter((other) => other !== trip);
}
