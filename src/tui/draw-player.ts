import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import { cut, widthOf } from "../show/cell-width.js";
import { formatTimeOfDay } from "../show/units.js";
import { pad } from "./cells.js";
import type { Look } from "./look.js";
import type { Player, View } from "./view.js";
import type { World } from "./world.js";

/** Where a replay is: its times, and how far it got as a bar. */
export function drawPlayer(
	{ begin, end, isOpen }: World,
	{ player }: View,
	columns: number,
	look: Look,
): string {
	if (player === null) {
		return "";
	}
	const state = `${namePlayer(player, isOpen)} ${nameSpeed(player)}`;
	if (begin === null || end === null) {
		return cut(` ${state}  nothing with a time was read yet`, columns);
	}
	const lengthNs = elapsedNs(begin, end);
	const at = player.positionNs ?? lengthNs;
	const left = ` ${state}  ${formatPosition(addNs(begin, at), player)}  `;
	const right = `  ${formatTimeOfDay(end)} `;
	const cells = columns - widthOf(left) - widthOf(right);
	const share = lengthNs === 0 ? 1 : Math.max(0, Math.min(1, at / lengthNs));
	return cut(left + drawBar(share, cells, look) + right, columns);
}

/** What a player does; at the end of a log that grows it follows what comes. */
export function namePlayer(
	{ isPlaying, positionNs }: Player,
	isOpen: boolean,
): "playing" | "paused" | "following" | "at the end" {
	if (isPlaying) {
		return "playing";
	}
	return positionNs !== null ? "paused" : isOpen ? "following" : "at the end";
}

/** Steps are of microseconds; while it plays nobody could read them. */
function formatPosition(time: LogTime, { isPlaying }: Player): string {
	const micros = String(Math.floor(time.nanos / 1e3) % 1e3).padStart(3, "0");
	const clock = formatTimeOfDay(time);
	return pad(isPlaying ? clock : clock + micros, 15);
}

function drawBar(share: number, cells: number, { paint }: Look): string {
	if (cells < 3) {
		return "";
	}
	const before = Math.round(share * (cells - 1));
	return [
		paint("accent", "━".repeat(before)),
		paint("accent", "●"),
		paint("quiet", "─".repeat(cells - 1 - before)),
	].join("");
}

/** `1/4x`, `16x`, `at once` */
export function nameSpeed({ speed }: Player): string {
	if (speed === 0) {
		return "at once";
	}
	return speed < 1 ? `1/${Math.round(1 / speed)}x` : `${speed}x`;
}
