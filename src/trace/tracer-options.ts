import type { LogTime } from "../model/capture.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { Coverage } from "./circumstances.js";
import type { ClockOffsets } from "./clock-offset.js";
import type { Trip } from "./trip.js";

/** What the tracer is told of the log; without clocks, its files have one. */
export interface TracerOptions {
	readonly ports: readonly Port[];
	readonly coverage: Coverage;
	readonly clocks?: ClockOffsets;
	/** @param now when it settled, or what is new came up */
	readonly emit: (journey: Journey, trip: Trip, now: LogTime) => void;
}
