import type { LogTime } from "../model/capture.js";

/** From the smallest to the largest; the smallest has no fractions. */
const units = [
	{ ns: 1, name: "ns" },
	{ ns: 1e3, name: "µs" },
	{ ns: 1e6, name: "ms" },
	{ ns: 1e9, name: "s" },
] as const;

/** A duration to three digits: `37.2 µs`, `1.45 ms`, `12 s`, `0`. */
export function formatElapsed(ns: number): string {
	if (ns === 0) {
		return "0";
	}
	const written = units.map((unit) => ({
		value: toThreeDigits(ns / unit.ns),
		name: unit.name,
	}));
	// The first that stays below a thousand when rounded: 999.9 µs are 1 ms.
	const fits = written.find(({ value }) => Math.abs(value) < 1000);
	const { value, name } = fits ?? written[units.length - 1] ?? { value: ns };
	return `${value} ${name}`;
}

function toThreeDigits(value: number): number {
	const size = Math.abs(value);
	return Number(value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2));
}

/**
 * The time of day in the local time zone, to the millisecond: `13:44:02.123`. Times no
 * calendar reaches, which a damaged file can hold, have none.
 */
export function formatTimeOfDay({ seconds, nanos }: LogTime): string {
	const date = new Date(seconds * 1000);
	if (Number.isNaN(date.getTime())) {
		return "no such time";
	}
	const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
	const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
	return `${clock}.${String(Math.floor(nanos / 1e6)).padStart(3, "0")}`;
}

/** The day in the local time zone: `2026-11-22`. */
export function formatDay({ seconds }: LogTime): string {
	const date = new Date(seconds * 1000);
	if (Number.isNaN(date.getTime())) {
		return "no such day";
	}
	const year = String(date.getFullYear()).padStart(4, "0");
	const parts = [date.getMonth() + 1, date.getDate()];
	return [year, ...parts.map((part) => String(part).padStart(2, "0"))].join(
		"-",
	);
}

/** A count with its noun: `1 frame`, `3 frames`, `2 copies`. */
export function formatCount(
	count: number,
	noun: string,
	plural = `${noun}s`,
): string {
	return `${count} ${count === 1 ? noun : plural}`;
}
