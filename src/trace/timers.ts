import { elapsedNs, type LogTime } from "../model/capture.js";
import { Heap } from "./heap.js";
import { Lane } from "./lanes.js";
import type { Trip } from "./trip.js";

/** When something about a trip is due. */
export interface Timer {
	readonly at: LogTime;
	readonly trip: Trip;
	readonly kind: TimerKind;
}

/** To settle, a second after the ingress; to settle after it arrived; to be forgotten. */
export type TimerKind = "settle" | "arrived" | "forget";

/**
 * The timers of all trips. Those of one kind run for one length of time, so that they are
 * set in the order in which they ring; only those that are not go through a heap.
 */
export class Timers {
	readonly #lanes = {
		settle: new Lane<Timer>(),
		arrived: new Lane<Timer>(),
		forget: new Lane<Timer>(),
	};
	readonly #odd = new Heap<Timer>((a, b) => elapsedNs(a.at, b.at) > 0);
	/** The next to ring, until it is taken or another may ring before it. */
	#first: Timer | null = null;

	/** Trips that wait to be forgotten. */
	get forgetting(): number {
		return this.#lanes.forget.size;
	}

	set(trip: Trip, at: LogTime, kind: TimerKind): void {
		const timer = { at, trip, kind };
		if (this.#first !== null && elapsedNs(this.#first.at, at) <= 0) {
			this.#first = null;
		}
		const lane = this.#lanes[kind];
		const { last } = lane;
		if (last !== undefined && elapsedNs(last.at, at) < 0) {
			this.#odd.push(timer);
		} else {
			lane.push(timer);
		}
	}

	/** The next to ring; null when none is set. */
	get first(): Timer | null {
		const { settle, arrived, forget } = this.#lanes;
		this.#first ??= earlier(
			earlier(this.#odd.first, settle.first),
			earlier(arrived.first, forget.first),
		);
		return this.#first;
	}

	/** Takes the next to ring, or the next of one kind. */
	take(kind: TimerKind | null = null): Timer | null {
		const timer = kind === null ? this.first : this.#lanes[kind].first;
		if (timer == null) {
			return null;
		}
		this.#first = null;
		if (timer === this.#odd.first) {
			this.#odd.pop();
		} else {
			this.#lanes[timer.kind].drop();
		}
		return timer;
	}
}

/** Of two that ring at one time, the one that is named first. */
function earlier(a: Timer | null | undefined, b: Timer | null | undefined) {
	if (!a || !b) {
		return a ?? b ?? null;
	}
	return elapsedNs(b.at, a.at) > 0 ? b : a;
}
