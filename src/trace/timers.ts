import { elapsedNs, type LogTime } from "../model/capture.js";
import { Heap } from "./heap.js";
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
		settle: new Lane(),
		arrived: new Lane(),
		forget: new Lane(),
	};
	readonly #odd = new Heap<Timer>((a, b) => elapsedNs(a.at, b.at) > 0);

	/** Trips that wait to be forgotten. */
	get forgetting(): number {
		return this.#lanes.forget.size;
	}

	set(trip: Trip, at: LogTime, kind: TimerKind): void {
		const timer = { at, trip, kind };
		if (!this.#lanes[kind].add(timer)) {
			this.#odd.push(timer);
		}
	}

	/** The next to ring; null when none is set. */
	get first(): Timer | null {
		let first = this.#odd.first ?? null;
		for (const lane of [
			this.#lanes.settle,
			this.#lanes.arrived,
			this.#lanes.forget,
		]) {
			const timer = lane.first;
			if (timer && (!first || elapsedNs(timer.at, first.at) > 0)) {
				first = timer;
			}
		}
		return first;
	}

	/** Takes the next to ring, or the next of one kind. */
	take(kind: TimerKind | null = null): Timer | null {
		const timer = kind === null ? this.first : this.#lanes[kind].first;
		if (timer === null) {
			return null;
		}
		if (timer === this.#odd.first) {
			this.#odd.pop();
		} else {
			this.#lanes[timer.kind].drop();
		}
		return timer;
	}
}

/** Timers in order of time; a queue that is cheap at both ends. */
class Lane {
	#timers: Timer[] = [];
	#head = 0;

	get size(): number {
		return this.#timers.length - this.#head;
	}

	get first(): Timer | null {
		return this.#timers[this.#head] ?? null;
	}

	/** @returns false when the timer rings before the last one here */
	add(timer: Timer): boolean {
		const last = this.#timers.at(-1);
		if (this.size > 0 && last && elapsedNs(last.at, timer.at) < 0) {
			return false;
		}
		this.#timers.push(timer);
		return true;
	}

	drop(): void {
		this.#head += 1;
		if (this.#head > 1024 && this.#head * 2 > this.#timers.length) {
			this.#timers = this.#timers.slice(this.#head);
			this.#head = 0;
		}
	}
}
