import type { LogTime } from "../model/capture.js";
import type { Change, Hop, Journey } from "../model/journey.js";
import { widthOf } from "../show/cell-width.js";
import { marks } from "../show/journey-text.js";
import { nameOf } from "../show/ladder-words.js";
import { formatCount, formatElapsed, formatTimeOfDay } from "../show/units.js";
import { fit } from "./cells.js";
import type { Look } from "./look.js";
import { hang } from "./page-lines.js";

/** `13:48:57.932456789` */
const timeColumns = 18;
const elapsedColumns = 12;

/** Copies of a frame that are listed; of more there is a number. */
const copyLimit = 16;

/** The ports a frame passed, when, and what was different there from the port before. */
export function drawHops(
	journey: Journey,
	selected: number,
	columns: number,
	look: Look,
): string[] {
	const { hops, copies, train } = journey;
	const names = [...hops, ...copies].map((hop) => widthOf(nameOf(hop)));
	const width = Math.min(24, Math.max(4, ...names));
	const heading = `     ${fit("PORT", width)}  WAY  ${fit("TIME", timeColumns)}  ${fit("SINCE FIRST", elapsedColumns)}  CHANGED`;
	return [
		look.paint("quiet", heading),
		...hops.flatMap((hop, at) => {
			const lead = `${at === selected ? "▸" : " "}${String(at + 1).padStart(2)}`;
			return drawHop(hop, lead, at === selected, width, columns, look);
		}),
		...drawMissing(journey, columns, look),
		...copies
			.slice(0, copyLimit)
			.map((hop) => look.paint("quiet", drawCopy(hop, width))),
		...(copies.length > copyLimit
			? [
					look.paint(
						"quiet",
						`     … ${formatCount(copies.length - copyLimit, "more copy", "more copies")}`,
					),
				]
			: []),
		...(train === null
			? []
			: [
					`     of ${train.entered} frames with these bytes on their way together ${train.left} left`,
				]),
	];
}

function drawHop(
	hop: Hop,
	lead: string,
	isSelected: boolean,
	width: number,
	columns: number,
	{ paint }: Look,
): string[] {
	const sign = hop.elapsedNs > 0 ? "+" : "";
	const name = fit(nameOf(hop), width);
	const cells = [
		` ${isSelected ? paint("accent", lead) : lead}`,
		isSelected ? paint("strong", name) : name,
		`${(hop.direction ?? "?").padEnd(3)}`,
		formatNanos(hop.time),
		fit(`${sign}${formatElapsed(hop.elapsedNs)}`, elapsedColumns),
	];
	const row = `${cells[0]} ${cells.slice(1).join("  ")}`;
	const changes = hop.changed.map(formatChange).join(", ");
	if (changes === "") {
		return [row.trimEnd()];
	}
	const whole = `${row}  ${changes}`;
	return widthOf(whole) <= columns
		? [whole]
		: [row.trimEnd(), ...hang("       changed ", changes, columns)];
}

/** `ipv4.ttl 64 → 63` */
function formatChange({ field, from, to }: Change): string {
	const tell = (value: Change["to"]) =>
		value === null || value === "" ? "none" : String(value);
	return `${field} ${tell(from)} → ${tell(to)}`;
}

function drawMissing(
	{ outcome, firstMissing, reason }: Journey,
	columns: number,
	{ paint }: Look,
): string[] {
	if (firstMissing === null) {
		return [];
	}
	const { mark, tone } = marks[outcome];
	const why = outcome === "lost" ? "never came here" : `cannot tell: ${reason}`;
	return hang(`   ${mark} ${firstMissing}  `, why, columns).map((line) =>
		paint(tone, line),
	);
}

function drawCopy(hop: Hop, width: number): string {
	const way = (hop.direction ?? "?").padEnd(3);
	return `     ${fit(nameOf(hop), width)}  ${way}  ${formatNanos(hop.time)}  a copy, off the path`;
}

/** The time of day to the nanosecond. */
export function formatNanos(time: LogTime): string {
	const clock = formatTimeOfDay(time);
	const nanos = String(time.nanos).padStart(9, "0");
	return clock.includes(".") ? clock.replace(/\.\d+$/, `.${nanos}`) : clock;
}
