import type { LogTime } from "../model/capture.js";
import { makeSafe } from "../model/safe-text.js";
import { Failure } from "./failure.js";

const epoch = /^(\d{1,12})(?:\.(\d{1,9}))?$/;
const iso =
	/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/**
 * Reads a time as the user gives it: ISO 8601 (`2026-11-22`, `2026-11-22T13:44:02.5`,
 * local without a zone), or seconds since the epoch; both with up to nine decimals.
 *
 * @param option whose value it is, for the message
 * @throws {Failure} when it is neither
 */
export function parseTime(text: string, option: string): LogTime {
	const time = parseEpoch(text) ?? parseIso(text);
	if (time === null) {
		throw new Failure(
			`${option} takes a time like 2026-11-22T13:44:02.5 or 1795346500.959, not "${makeSafe(text)}"`,
		);
	}
	return time;
}

function parseEpoch(text: string): LogTime | null {
	const [, seconds, decimals] = epoch.exec(text) ?? [];
	return seconds === undefined
		? null
		: { seconds: Number(seconds), nanos: toNanos(decimals) };
}

/** `Date` reads a day without a time as UTC, has milliseconds, and knows 30 February. */
function parseIso(text: string): LogTime | null {
	const [, day, clock = "00:00", second = "00", decimals, zone = ""] =
		iso.exec(text) ?? [];
	if (day === undefined || !isDay(day)) {
		return null;
	}
	const wholeMs = Date.parse(`${day}T${clock}:${second}${zone.toUpperCase()}`);
	return Number.isNaN(wholeMs)
		? null
		: { seconds: wholeMs / 1000, nanos: toNanos(decimals) };
}

function isDay(day: string): boolean {
	const ms = Date.parse(`${day}T00:00:00Z`);
	return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

function toNanos(decimals = ""): number {
	return Number(decimals.padEnd(9, "0"));
}
