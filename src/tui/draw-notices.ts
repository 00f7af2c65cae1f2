import { formatTimeOfDay } from "../show/units.js";
import { nothingRead, tellFaults } from "./alerts.js";
import { formatGrouped } from "./cells.js";
import type { Look } from "./look.js";
import { drawSection, guard, hang } from "./page-lines.js";
import type { CaptureHealth } from "./world.js";

/** So many notices, the latest, stand above all else; of more all stand below. */
const noticesOnTop = 4;

/** What everything else on the screen is to be read with: faults, and the latest notices. */
export function drawFaults(
	health: CaptureHealth,
	columns: number,
	look: Look,
): string[] {
	const { notices } = health;
	const { paint } = look;
	const faults = tellFaults(health, nothingRead).flatMap((text) =>
		hang(` ${paint("bad", "!")} `, text, columns, (line) => paint("bad", line)),
	);
	const latest = notices.slice(-noticesOnTop);
	const left = (health.said ?? notices.length) - latest.length;
	const lines = [
		...faults,
		...(left > 0
			? [paint("unsure", `   … ${formatGrouped(left)} before these, below`)]
			: []),
		...latest.flatMap((notice) => drawNotice(notice, columns, look)),
	];
	return lines.length === 0 ? [] : [...lines, ""];
}

/** `! 13:44:02.123  vm.pcap: byte 1234: the file ends inside record 37` */
function drawNotice(
	{ time, message }: CaptureHealth["notices"][number],
	columns: number,
	{ paint }: Look,
): string[] {
	const at = time === null ? "" : `${formatTimeOfDay(time)}  `;
	const lead = ` ${paint("unsure", "!")} ${paint("quiet", at)}`;
	return hang(lead, guard(message), columns);
}

/** More notices than these are only counted: the oldest are left out. */
const noticeLimit = 100;

/** All notices, should they have no room above; else none. */
export function drawNotices(
	{ notices, said }: CaptureHealth,
	columns: number,
	look: Look,
): string[] {
	if (notices.length <= noticesOnTop) {
		return [];
	}
	const left = (said ?? notices.length) - noticeLimit;
	return [
		"",
		drawSection("notices", columns, look),
		...(left > 0
			? [look.paint("quiet", `   … ${formatGrouped(left)} before these`)]
			: []),
		...notices
			.slice(-noticeLimit)
			.flatMap((notice) => drawNotice(notice, columns, look)),
	];
}
