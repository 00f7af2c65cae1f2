import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import { formatTimeOfDay } from "../show/units.js";
import type { Player } from "./view.js";
import type { Stop, Timeline } from "./world.js";

/** From slow to fast, as a factor of log time; 0, the last: everything at once. */
export const playerSpeeds: readonly number[] = [
	1 / 8,
	1 / 4,
	1 / 2,
	1,
	2,
	4,
	8,
	16,
	0,
];

/**
 * Lets time pass. At the end a player stops and shows all; while the log is still read it
 * waits there for more.
 *
 * @param lengthNs of the log so far, in nanoseconds
 * @param elapsedMs that passed at the screen, in milliseconds
 */
export function advance(
	player: Player,
	lengthNs: number,
	elapsedMs: number,
	isOpen = false,
): Player {
	if (!player.isPlaying || player.positionNs === null) {
		return player;
	}
	const positionNs = player.positionNs + elapsedMs * 1e6 * player.speed;
	if (player.speed !== 0 && positionNs < lengthNs) {
		return { ...player, positionNs };
	}
	return isOpen && player.speed !== 0
		? { ...player, positionNs: lengthNs }
		: { ...player, positionNs: null, isPlaying: false };
}

/**
 * Plays or pauses. At the end it begins again; where the log still grows there is nothing
 * to play yet, and what comes is held back.
 *
 * @param lengthNs of the log so far, in nanoseconds
 */
export function togglePlay(
	player: Player,
	lengthNs: number,
	isOpen = false,
): Player {
	if (player.isPlaying) {
		return { ...player, isPlaying: false };
	}
	const at = player.positionNs;
	if (isOpen) {
		return at === null
			? { ...player, positionNs: lengthNs }
			: { ...player, isPlaying: true };
	}
	const positionNs = at === null || at >= lengthNs ? 0 : at;
	return { ...player, positionNs, isPlaying: true };
}

/** One speed slower (-1) or faster (1). */
export function changeSpeed(player: Player, by: -1 | 1): Player {
	const last = playerSpeeds.length - 1;
	const at = playerSpeeds.indexOf(player.speed) + by;
	const speed = playerSpeeds[Math.max(0, Math.min(last, at))] ?? 1;
	return { ...player, speed };
}

/**
 * Goes to the next or previous sighting of a frame, or begin of an exchange, and pauses.
 * Past the last one: to the end, past the first: to the begin.
 */
export function step(
	player: Player,
	of: Stop,
	by: -1 | 1,
	timeline: Timeline | undefined,
): Player {
	if (timeline === undefined) {
		return player;
	}
	const from = player.positionNs ?? timeline.lengthNs + 1;
	const found = timeline.next(of, from, by);
	const positionNs = found ?? (by > 0 ? null : 0);
	return { ...player, isPlaying: false, positionNs };
}

/** Goes to where the next thing went wrong, and pauses; null: nothing does any more. */
export function toNextLoss(
	player: Player,
	timeline: Timeline | undefined,
	by: -1 | 1 = 1,
): Player | null {
	const from = player.positionNs ?? (timeline?.lengthNs ?? 0) + 1;
	const positionNs = timeline?.next("loss", from, by) ?? null;
	return positionNs === null
		? null
		: { ...player, isPlaying: false, positionNs };
}

/** First and last time of the log, and where the player is. */
export interface Reach {
	readonly begin: LogTime | null;
	readonly end: LogTime | null;
	/** Null: at the end. */
	readonly positionNs: number | null;
}

const relative = /^([+-])(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m|min|h)?$/i;
const percent = /^(\d+(?:\.\d+)?)\s*%$/;
const clock = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?$/;

const unitNs: Readonly<Record<string, number>> = {
	ns: 1,
	us: 1e3,
	µs: 1e3,
	ms: 1e6,
	s: 1e9,
	m: 60e9,
	min: 60e9,
	h: 3600e9,
};

/**
 * Reads where to go: a local time of day (`13:48:57`, `13:48:57.9`), a step from here
 * (`+3.5s`, `-200ms`; seconds without a unit), a share of the log (`50%`).
 */
export function seek(
	text: string,
	reach: Reach,
): { readonly positionNs: number } | { readonly problem: string } {
	const { begin, end } = reach;
	if (begin === null || end === null) {
		return { problem: "nothing with a time was read yet" };
	}
	const lengthNs = elapsedNs(begin, end);
	const wanted = text.trim();
	const [, share] = percent.exec(wanted) ?? [];
	if (share !== undefined) {
		return { positionNs: (lengthNs * Math.min(100, Number(share))) / 100 };
	}
	const [, sign, amount, unit = "s"] = relative.exec(wanted) ?? [];
	if (amount !== undefined) {
		const byNs = Number(amount) * (unitNs[unit.toLowerCase()] ?? 1e9);
		const from = reach.positionNs ?? lengthNs;
		const positionNs = sign === "-" ? from - byNs : from + byNs;
		return { positionNs: Math.max(0, Math.min(lengthNs, positionNs)) };
	}
	return seekClock(wanted, begin, lengthNs);
}

/** The first such time of day that the log reaches: it may go past midnight. */
function seekClock(
	text: string,
	begin: LogTime,
	lengthNs: number,
): { readonly positionNs: number } | { readonly problem: string } {
	const [, hours, minutes, seconds = "0", decimals = ""] =
		clock.exec(text) ?? [];
	const parts = [hours, minutes, seconds].map(Number);
	const [hour = 0, minute = 0, second = 0] = parts;
	if (hours === undefined || hour > 23 || minute > 59 || second > 59) {
		return { problem: "a time like 13:48:57.9, +3.5s, -200ms or 50%" };
	}
	for (const day of [0, 1]) {
		const date = new Date(begin.seconds * 1000);
		date.setHours(hour, minute, second, 0);
		date.setDate(date.getDate() + day);
		const nanos = Number(decimals.padEnd(9, "0"));
		const time = { seconds: Math.floor(date.getTime() / 1000), nanos };
		const isWhole = Number(decimals) === 0 && day === 0;
		const positionNs = elapsedNs(begin, time);
		// 13:48:57 is the second in which a log that begins at 13:48:57.8 does.
		const firstNs = isWhole ? -begin.nanos : 0;
		if (positionNs >= firstNs && positionNs <= lengthNs) {
			return { positionNs: Math.max(0, positionNs) };
		}
	}
	const first = formatTimeOfDay(begin);
	const last = formatTimeOfDay(addNs(begin, lengthNs));
	return { problem: `the log goes from ${first} to ${last}` };
}
