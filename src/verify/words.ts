const numbers = [
	"no times",
	"once",
	"twice",
	...["three", "four", "five", "six", "seven", "eight", "nine", "ten"].map(
		(word) => `${word} times`,
	),
];

/** How often, in words up to ten: `once`, `three times`, `12 times`. */
export function countTimes(count: number): string {
	return numbers[count] ?? `${count} times`;
}

/** A duration in milliseconds or seconds, to two digits at least: `31 ms`, `3.1 s`. */
export function formatSpan(ns: number): string {
	const ms = ns / 1e6;
	return ms < 999.5 ? `${round(ms)} ms` : `${round(ms / 1000)} s`;
}

function round(value: number): number {
	const size = Math.abs(value);
	return Number(value.toFixed(size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2));
}

const ages: readonly (readonly [seconds: number, unit: string])[] = [
	[86_400, "days"],
	[3600, "h"],
	[60, "min"],
	[1, "s"],
];

/** An age in its largest unit of which there are two: `42 s`, `25 min`, `47 h`. */
export function formatAge(seconds: number): string {
	const whole = Math.max(0, Math.round(seconds));
	const [size, unit] = ages.find(([least]) => whole >= 2 * least) ?? [1, "s"];
	return `${Math.floor(whole / size)} ${unit}`;
}

/** Puts words into a list: `a`, `a and b`, `a, b and c`. */
export function listWords(words: readonly string[], last = "and"): string {
	return words.length < 2
		? words.join("")
		: `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
