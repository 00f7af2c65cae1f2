import { cut, widthOf } from "../show/cell-width.js";
import { marks } from "../show/journey-text.js";
import { formatElapsed } from "../show/units.js";
import { formatCompact } from "./cells.js";
import type { Look, ScreenTone } from "./look.js";
import { formatCounts, isBadState, type PathStop } from "./path-columns.js";
import type { Light } from "./path-light.js";
import type { PathPort } from "./world.js";

/** What cells of a path are drawn with. */
export interface Brush {
	readonly look: Look;
	readonly light: Light;
	/** What stands below the VM, and below the gateway. */
	readonly state: string;
	readonly gateway: string;
}

/** Draws what one row has in a stop's column. */
export type CellDrawer = (
	stop: PathStop,
	brush: Brush,
	next: PathStop | null,
) => string;

/** The rows there are, by what they tell. */
export const cellDrawers = {
	name: drawName,
	state: drawState,
	dhcp: countOf("DHCP", ({ counts }) => formatCompact(counts.dhcp)),
	arp: countOf("ARP", ({ counts }) => formatCompact(counts.arp)),
	icmp: countOf("ICMP", ({ counts }) => formatCompact(counts.icmp)),
	counts: countOf("D/A/I", formatCounts),
	latency: drawLatency,
	frame: drawFrame,
} satisfies Readonly<Record<string, CellDrawer>>;

function drawName(
	stop: PathStop,
	{ look, light }: Brush,
	next: PathStop | null,
): string {
	const { name, width } = stop;
	const isLit = isLitAt(stop, light);
	const label = look.paint(isLit ? "accent" : "strong", name);
	const left = width - widthOf(name);
	if (next === null && stop.kind === "gateway") {
		return label;
	}
	const isWayLit = isLit && (next === null || isLitAt(next, light));
	const tone = stop.port?.isApart ? "bad" : isWayLit ? "accent" : "quiet";
	const line = stop.port?.isApart ? "╌" : "─";
	return label + drawWay({ width: left, mark: stop.mark, line, tone }, look);
}

/** The VM and the gateway are lit with the ports beside them. */
function isLitAt({ kind, port }: PathStop, light: Light): boolean {
	if (port !== null) {
		return light.hops.has(port.name);
	}
	return kind === "gateway" ? light.isAtGateway : light.isAtVm;
}

/** The way to the next one. */
interface PathWay {
	readonly width: number;
	readonly mark: string;
	readonly line: string;
	readonly tone: ScreenTone;
}

function drawWay(
	{ width, mark, line, tone }: PathWay,
	{ paint }: Look,
): string {
	if (width < 3) {
		return paint(tone, line.repeat(Math.max(0, width)));
	}
	const dashes = width - 2 - widthOf(mark);
	if (dashes < 0) {
		return paint(toneOfMark(mark), cut(` ${mark}`, width));
	}
	const left = Math.floor(dashes / 2);
	const marked = mark.split(" ").map((one) => paint(toneOfMark(one), one));
	const parts = [
		paint(tone, line.repeat(left)),
		marked.join(" "),
		paint(tone, line.repeat(dashes - left)),
	];
	return ` ${parts.join("")} `;
}

/** A loss in brackets is over; of several marks the worst decides. */
function toneOfMark(mark: string): ScreenTone {
	const isLoss = mark
		.split(" ")
		.some((one) => one.includes("✗") && !one.startsWith("("));
	return isLoss ? "bad" : "unsure";
}

function drawState(
	{ kind, port, width, below }: PathStop,
	{ look, state, gateway }: Brush,
): string {
	if (port === null) {
		const text =
			kind === "vm" ? cut(state, width - 1) : kind === "gateway" ? gateway : "";
		return look.paint("quiet", text);
	}
	const isBad = isBadState(port.state);
	const word = port.state ?? "";
	if (!isBad && port.party !== undefined) {
		const { is } = port.party;
		const told = below ? [`${below} ${is}`, below] : [is];
		const shown = told.find((one) => widthOf(one) < width) ?? told.at(-1) ?? "";
		return look.paint("quiet", cut(shown, width - 1));
	}
	const texts = [`${port.kind} ${word}`.trim(), isBad ? word : port.kind];
	const text = texts.find((one) => widthOf(one) < width) ?? texts[1] ?? "";
	return look.paint(isBad ? "bad" : "quiet", cut(text, width - 1));
}

function countOf(label: string, read: (port: PathPort) => string): CellDrawer {
	return ({ kind, port, width }, { look }) => {
		if (port !== null) {
			const text = cut(read(port), width - 1);
			return /^[0/]+$/.test(text) ? look.paint("quiet", text) : text;
		}
		return kind === "gateway" ? "" : look.paint("quiet", label);
	};
}

/** Below the way to the next one. */
function drawLatency(
	{ kind, port, name, width }: PathStop,
	{ look }: Brush,
): string {
	if (port === null) {
		return kind === "gateway" ? "" : look.paint("quiet", "to next");
	}
	// A bridge's copy carries the stamp of the ingress: no time was measured there.
	if (port.toNextNs === null || port.toNextNs === 0) {
		return "";
	}
	const text = shortenTime(formatElapsed(port.toNextNs), width - 1);
	const free = width - widthOf(text);
	const middle = Math.floor((width + widthOf(name) - widthOf(text)) / 2);
	return " ".repeat(Math.max(0, Math.min(free - 1, middle))) + text;
}

/** The frame's own times: how long after the first sighting each port saw it. */
function drawFrame(
	{ kind, port, width }: PathStop,
	{ look, light: { hops, journey, arrow } }: Brush,
): string {
	if (port === null) {
		const label = hops.size > 0 ? `${arrow} this` : "";
		return kind === "gateway" ? "" : look.paint("accent", label);
	}
	const hop = hops.get(port.name);
	if (hop !== undefined) {
		const elapsed =
			hop.elapsedNs === 0 ? "" : ` +${formatElapsed(hop.elapsedNs)}`;
		const text = `${marks.delivered.mark}${elapsed}`;
		return look.paint("accent", shortenTime(text, width - 1));
	}
	if (journey === null || journey.firstMissing !== port.name) {
		return hops.size > 0 ? look.paint("quiet", "·") : "";
	}
	const { mark, tone } = marks[journey.outcome];
	const word = journey.outcome === "lost" ? `${mark} lost` : `${mark} here`;
	return look.paint(tone, cut(word, width - 1));
}

/** `+31.2 µs` has a blank less where there is no room for it. */
function shortenTime(text: string, columns: number): string {
	return widthOf(text) <= columns
		? text
		: cut(text.replaceAll(" ", ""), columns);
}
