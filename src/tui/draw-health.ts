import { elapsedNs, type LogTime } from "../model/capture.js";
import { cut, cutMiddle, widthOf } from "../show/cell-width.js";
import type { Tone } from "../show/style.js";
import { formatDay, formatElapsed, formatTimeOfDay } from "../show/units.js";
import { fit, formatGrouped } from "./cells.js";
import { drawFaults, drawNotices } from "./draw-notices.js";
import type { PortHealth } from "./health.js";
import type { Look } from "./look.js";
import { drawSection, hang } from "./page-lines.js";
import type { World } from "./world.js";

const gap = "  ";
const nameColumns = 13;

/** How the capture itself is doing: what was read, lost and forgotten, and until when. */
export function drawHealth(
	world: World,
	columns: number,
	look: Look,
): string[] {
	const { health } = world;
	const fact = (name: string, text: string, tone: Tone | null = null) =>
		hang(
			` ${look.paint("quiet", name.padEnd(nameColumns))}`,
			text,
			columns,
			(line) => (tone === null ? line : look.paint(tone, line)),
		);
	const { dropped, forgotten } = health;
	return [
		...drawFaults(health, columns, look),
		...fact("engine", tellEngine(world)),
		...fact(
			"frames",
			`${formatGrouped(health.framesRead)} read, ${formatGrouped(health.framesRelevant)} of interest (ARP, DHCP, ICMP)`,
		),
		...fact(
			"lost",
			dropped === null
				? "not told by the capture"
				: `${formatGrouped(dropped)} by the capture itself`,
			dropped === null ? "unsure" : dropped > 0 ? "bad" : "good",
		),
		...fact(
			"forgotten",
			forgotten === 0
				? "nothing: all of the log is in memory"
				: `${formatGrouped(forgotten)} frames, journeys and exchanges, the oldest first, as there are too many for memory`,
			forgotten === 0 ? null : "unsure",
		),
		...tellTimes(world).flatMap(([name, text]) => fact(name, text)),
		...(health.notices.length === 0 ? fact("notices", "none") : []),
		"",
		drawSection("interfaces", columns, look),
		...drawInterfaces(health, columns, look),
		...drawNotices(health, columns, look),
	].map((line) => cut(line, columns));
}

function tellEngine({ health, isOpen, source }: World): string {
	const { engine } = health;
	const from = source === undefined ? "" : ` (${source})`;
	if (engine === null) {
		return isOpen
			? `not told${from}`
			: `a capture file${from}; it does not say what captured it`;
	}
	return `${engine}${from}${isOpen ? ", capturing" : ", ended"}`;
}

function tellTimes(world: World): readonly (readonly [string, string])[] {
	const { begin, end, now, isOpen } = world;
	if (begin === null || end === null) {
		return [["log", "nothing with a time came yet"]];
	}
	const isOneDay = formatDay(begin) === formatDay(end);
	const until = isOneDay ? formatTimeOfDay(end) : tellTime(end);
	const lasts = formatElapsed(elapsedNs(begin, end));
	const isMidway = now !== null && elapsedNs(now, end) > 0;
	return [
		[
			"log",
			`${tellTime(begin)} to ${until}, ${lasts}${isOpen ? " so far" : ""}`,
		],
		...(isMidway ? ([["shown until", tellTime(now)]] as const) : []),
	];
}

function tellTime(time: LogTime): string {
	return `${formatDay(time)} ${formatTimeOfDay(time)}`;
}

function drawInterfaces(
	{ interfaces }: { readonly interfaces: readonly PortHealth[] },
	columns: number,
	{ paint }: Look,
): string[] {
	if (interfaces.length === 0) {
		return [paint("quiet", "   none yet")];
	}
	const longest = Math.max(4, ...interfaces.map(({ name }) => widthOf(name)));
	const width = Math.min(24, longest);
	const heading = [
		`   ${fit("NAME", width)}`,
		fit("ROLE", 7),
		"FRAMES".padStart(11),
		"LOST".padStart(9),
		"PROMISCUOUS",
	].join(gap);
	return [
		paint("quiet", cut(heading, columns)),
		...interfaces.map((one) =>
			cut(drawInterface(one, width, paint), columns).trimEnd(),
		),
		...tellBlind(interfaces).flatMap((text) =>
			hang("   ", text, columns, (line) => paint("unsure", line)),
		),
	];
}

function drawInterface(
	{ name, role, frames, drops, isPromiscuous, isGone }: PortHealth,
	width: number,
	paint: Look["paint"],
): string {
	const lost = drops === null ? "not told" : formatGrouped(drops);
	const tone = drops === null ? "quiet" : drops > 0 ? "bad" : "good";
	const isBlind = role === "bridge" && isPromiscuous === false;
	const word =
		isPromiscuous === null ? "not told" : isPromiscuous ? "yes" : "no";
	return [
		`   ${fit(cutMiddle(name, width), width)}`,
		fit(role, 7),
		formatGrouped(frames).padStart(11),
		paint(tone, lost.padStart(9)),
		paint(isBlind ? "unsure" : "quiet", word),
		...(isGone ? [paint("unsure", "gone")] : []),
	].join(gap);
}

/** A bridge does not see unicast that only passes through, unless it is promiscuous. */
function tellBlind(interfaces: readonly PortHealth[]): string[] {
	return interfaces
		.filter(
			({ role, isPromiscuous, isGone }) =>
				role === "bridge" && isPromiscuous === false && !isGone,
		)
		.slice(0, 4)
		.map(
			({ name }) =>
				`unicast that only passes through ${name} is not seen there: ip link set ${name} promisc on`,
		);
}
