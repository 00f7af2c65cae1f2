import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";

/** Whether a frame was sent out by a tap, on its path or as a copy, in a span of time. */
export function wasHandedTo(
	journey: Journey,
	tap: SafeText,
	after: LogTime | null,
	until: LogTime,
): boolean {
	return handedTimes(journey, tap).some(
		(time) =>
			(after === null || elapsedNs(after, time) > 0) &&
			elapsedNs(time, until) >= 0,
	);
}

/** Whether a frame was ever sent out by a tap, on its path or as a copy. */
export function isHandedTo(journey: Journey, tap: SafeText): boolean {
	return handedTimes(journey, tap).length > 0;
}

function handedTimes({ hops, copies }: Journey, tap: SafeText): LogTime[] {
	return [...hops, ...copies]
		.filter((hop) => hop.interface === tap && hop.direction !== "in")
		.map(({ time }) => time);
}
