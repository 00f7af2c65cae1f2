import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Sighting } from "../model/journey.js";
import { Lanes } from "./lanes.js";

/** More sightings than this never wait, whatever their times. */
const queueLimit = 262_144;

interface Waiting {
	readonly sighting: Sighting;
	readonly rank: number;
}

/**
 * Puts sightings in order of time. Captures are not: bursts are grouped by interface,
 * neighbours swap on two processors, files are read side by side.
 *
 * Those of one time come in the order in which a frame passes ports: the ingress, then
 * a bridge that sent it itself, then a bridge's copy (which carries the ingress's very
 * stamp), then the egress.
 */
export class SightingQueue {
	readonly #waiting = new Lanes<Waiting>(isBefore);
	#hurried = 0;
	readonly #take: (sighting: Sighting) => void;
	readonly #onHurry: (sighting: Sighting) => void;

	/**
	 * @param take gets the sightings, in order
	 * @param onHurry told of one that is handed on although earlier ones may come
	 */
	constructor(
		take: (sighting: Sighting) => void,
		onHurry: (sighting: Sighting) => void,
	) {
		this.#take = take;
		this.#onHurry = onHurry;
	}

	/** Sightings handed on early, as too many were waiting; earlier ones may have come. */
	get hurried(): number {
		return this.#hurried;
	}

	get isEmpty(): boolean {
		return this.#waiting.size === 0;
	}

	add(sighting: Sighting): void {
		// What a port is taken for may change while its sightings wait.
		this.#waiting.push({ sighting, rank: pathRank(sighting) });
		if (this.#waiting.size > queueLimit) {
			this.#hurried += 1;
			this.#onHurry(sighting);
			this.#next();
		}
	}

	/** Hands on all sightings up to a time; no earlier one is expected any more. */
	release(until: LogTime): void {
		const isDue = ({ sighting }: Waiting) =>
			elapsedNs(sighting.time, until) >= 0;
		let next = this.#waiting.pop(isDue);
		while (next !== undefined) {
			this.#take(next.sighting);
			next = this.#waiting.pop(isDue);
		}
	}

	/** Takes out all that waits, in order. */
	drain(): Sighting[] {
		const waiting: Sighting[] = [];
		for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
			waiting.push(next.sighting);
		}
		return waiting;
	}

	/** Hands on all that is left. */
	flush(): void {
		while (this.#waiting.size > 0) {
			this.#next();
		}
	}

	#next(): void {
		const waiting = this.#waiting.pop();
		if (waiting !== undefined) {
			this.#take(waiting.sighting);
		}
	}
}

function isBefore(one: Waiting, other: Waiting): boolean {
	const a = one.sighting;
	const b = other.sighting;
	const elapsed = elapsedNs(a.time, b.time);
	if (elapsed !== 0) {
		return elapsed > 0;
	}
	if (one.rank !== other.rank) {
		return one.rank < other.rank;
	}
	return a.source !== b.source ? a.source < b.source : a.number < b.number;
}

/** Where sightings of one frame at one time come in its path. */
function pathRank(sighting: Sighting): number {
	const isBridge = sighting.port?.role === "bridge";
	if (sighting.direction === "out") {
		return isBridge ? 2 : 4;
	}
	if (isBridge) {
		return 3;
	}
	return sighting.direction === "in" ? 0 : 1;
}
