import { elapsedNs, type LogTime } from "../model/capture.js";
import type { OpenExchange } from "./open-exchange.js";

/** When something is to be done about an exchange, and what. */
export interface ExchangeTimer {
	readonly at: LogTime;
	readonly exchange: OpenExchange;
	readonly kind: "judge" | "forget";
}

/** Whether one timer rings before another. */
export function isSooner(one: ExchangeTimer, other: ExchangeTimer): boolean {
	return elapsedNs(one.at, other.at) > 0;
}
