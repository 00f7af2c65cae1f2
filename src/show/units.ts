import type { LogTime } from "../model/capture.js";

const units = [
	{ ns: 1e9, name: "s" },
	{ ns: 1e6, name: "ms" },
	{ ns: 1e3, name: "µs" },
] as const;

/** A duration to three digits: `37.2 µs`, `1.45 ms`, `12 s`, `0`. */
export function formatElapsed(ns: number): string {
	const unit = units.find((candidate) => Math.abs(ns) >= candidate.ns);
	if (unit === undefined) {
		return ns === 0 ? "0" : `${ns} ns`;
	}
	const value = ns / unit.ns;
	const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
	return `${Number(value.toFixed(digits))} ${unit.name}`;
}

/** The time of day in the local time zone, to the millisecond: `13:44:02.123`. */
export function formatTimeOfDay({ seconds, nanos }: LogTime): string {
	const date = new Date(seconds * 1000);
	const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
	const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
	return `${clock}.${String(Math.floor(nanos / 1e6)).padStart(3, "0")}`;
}

/** The day in the local time zone: `2026-11-22`. */
export function formatDay({ seconds }: LogTime): string {
	const date = new Date(seconds * 1000);
	const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
	return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

/** A count with its noun: `1 frame`, `3 frames`. */
export function formatCount(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
