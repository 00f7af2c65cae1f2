import { elapsedNs, type LogTime } from "../model/capture.js";

/** When something is to be done about an exchange, and what. */
export interface ExchangeTimer {
	readonly at: LogTime;
	/** Of the exchange: what was forgotten must not be kept alive from here. */
	readonly id: number;
	readonly kind: "judge" | "forget";
}

/** Whether one timer rings before another. */
export function isSooner(one: ExchangeTimer, other: ExchangeTimer): boolean {
	return elapsedNs(one.at, other.at) > 0;
}
