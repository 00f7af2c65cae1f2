import type { LogTime } from "../model/capture.js";
import type { Tone } from "../show/style.js";
import { formatTimeOfDay } from "../show/units.js";
import type { Happening } from "./cause-rows.js";
import { compareLosses } from "./path-losses.js";
import type { Loss, PathPicture } from "./world.js";

/** What stands below a path of losses, or of something else that went wrong. */
export interface Telling extends Happening {
	readonly tone: Tone;
	/** When its evidence was read; null: not known, or it still is so. */
	readonly readAt: LogTime | null;
	/** It needs no mending any more. */
	readonly isOver: boolean;
}

/** Between which ports. */
interface Place {
	readonly near: string;
	readonly far: string;
}

/** The losses of a path, those that go on first, then the latest. */
export function tellLosses({ ports, gateway }: PathPicture): Telling[] {
	return ports
		.flatMap((port, index) => {
			const end = gateway?.address ?? "what follows";
			const far = ports[index + 1]?.name ?? end;
			return port.losses.map((loss) => ({ loss, near: port.name, far }));
		})
		.sort((a, b) => compareLosses(a.loss, b.loss))
		.map(({ loss, ...place }) => tellLoss(loss, place));
}

/** In the past where the same went well since: in brackets, and not in red. */
function tellLoss(
	{ way, count, causes, last, isOver }: Loss,
	{ near, far }: Place,
): Telling {
	const [from, to] = way === "outwards" ? [near, far] : [far, near];
	const mark = isOver ? "(✗)" : "✗";
	const when = last === null ? "" : `, last ${formatClock(last)}`;
	const text = `${mark} ${count} lost ${way} between ${from} and ${to}`;
	const brief = `${mark} ${count} lost ${from} → ${to}`;
	const well = isOver ? ", later ones went well" : "";
	return {
		text: text + when + well,
		brief: brief + (isOver ? well : when),
		least: brief,
		causes,
		tone: isOver ? "unsure" : "bad",
		readAt: last,
		isOver,
	};
}

/** `18:00:22` */
export function formatClock(time: LogTime): string {
	return formatTimeOfDay(time).replace(/\.\d+$/, "");
}
