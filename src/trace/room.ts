import { alikeLimit, settledLimit, tripLimit } from "./limits.js";
import type { Timer, Timers } from "./timers.js";
import type { TripIndex } from "./trip-index.js";

/** What is done to a trip that must make room. */
interface Room {
	/** It is forgotten. */
	readonly forget: (timer: Timer) => void;
	/** It settles before its time, if it has not. */
	readonly settleEarly: (timer: Timer) => void;
}

/**
 * Makes room for a trip of these bytes: those that settled are forgotten, those that are
 * open settle, now; the oldest first.
 */
export function makeRoom(
	timers: Timers,
	trips: TripIndex,
	fingerprint: number,
	{ forget, settleEarly }: Room,
): void {
	while (timers.forgetting > settledLimit) {
		forget(timers.take("forget") as Timer);
	}
	while (trips.size > tripLimit) {
		const timer = timers.take("forget") ?? timers.take();
		if (timer === null) {
			return;
		}
		settleEarly(timer);
	}
	const alike = trips.ofFingerprint(fingerprint);
	const [oldest] = alike;
	if (oldest !== undefined && alike.length > alikeLimit) {
		settleEarly({ trip: oldest, at: oldest.deadline, kind: "settle" });
		trips.delete(oldest);
	}
}
