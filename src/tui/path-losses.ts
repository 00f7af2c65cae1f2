import { addNs, type LogTime } from "../model/capture.js";
import type { Cause } from "../model/exchange.js";
import type { SafeText } from "../model/safe-text.js";
import { compareTimes } from "./item.js";
import type { LostKind } from "./lost-kind.js";
import type { Course } from "./path-course.js";
import type { Subject } from "./subject.js";
import type { Told } from "./topology-history.js";
import type { Loss, PathPort } from "./world.js";

/** What is to be said of a port and the way to the next one. */
export type LinkState = Pick<
	PathPort,
	| "toNextNs"
	| "lostToNext"
	| "lostFromNext"
	| "unsureToNext"
	| "unsureFromNext"
	| "causes"
	| "losses"
>;

/**
 * What was seen between a port of a path and the next one.
 *
 * Frames lost behind a port are counted at the link next to where they were seen last:
 * the port that missed them may lie farther, as not all ports are captured.
 */
export function describeLink(
	course: Course,
	index: number,
	{ nowNamed }: Told,
): LinkState {
	const { ports, subjects } = course;
	const name = ports[index] as SafeText;
	const next = ports[index + 1] ?? null;
	const wayOf = (from: SafeText, to: SafeText): Loss["way"] | null => {
		const [seen, missing] = [nowNamed(from), nowNamed(to)];
		const at = ports.indexOf(missing);
		if (seen === name && (at > index || at < 0)) {
			return "outwards";
		}
		return seen === next && at >= 0 && at <= index ? "inwards" : null;
	};
	const samples: number[] = [];
	const unsure = { outwards: 0, inwards: 0 };
	for (const [from, to, link] of subjects.flatMap(({ links }) => [...links])) {
		if (nowNamed(from) === name && nowNamed(to) === next) {
			samples.push(...link.samples);
		}
		const way = wayOf(from, to);
		if (way !== null) {
			unsure[way] += link.unsure;
		}
	}
	const losses = listLosses(subjects, wayOf);
	return {
		toNextNs: medianOf(samples),
		lostToNext: sumOf(losses, "outwards"),
		lostFromNext: sumOf(losses, "inwards"),
		...(unsure.outwards > 0 ? { unsureToNext: unsure.outwards } : {}),
		...(unsure.inwards > 0 ? { unsureFromNext: unsure.inwards } : {}),
		causes: listCauses(losses, subjects, name),
		losses,
	};
}

function sumOf(losses: readonly Loss[], way: Loss["way"]): number {
	return losses
		.filter((loss) => loss.way === way)
		.reduce((sum, { count }) => sum + count, 0);
}

/** Each once: of what was lost, and of what got no answer beyond the port. */
function listCauses(
	losses: readonly Loss[],
	subjects: readonly Subject[],
	name: SafeText,
): Cause[] {
	const beyond = subjects
		.flatMap(({ standing }) => standing.list)
		.filter((one) => one.firstMissing === null && one.lastSeen === name);
	const causes = new Map<string, Cause>();
	for (const cause of [...losses, ...beyond].flatMap((one) => one.causes)) {
		causes.set(cause.id, causes.get(cause.id) ?? cause);
	}
	return [...causes.values()];
}

/** Those that go on first, then the latest; of one way and the same causes in one. */
function listLosses(
	subjects: readonly Subject[],
	wayOf: (from: SafeText, to: SafeText) => Loss["way"] | null,
): Loss[] {
	const losses = new Map<string, Loss>();
	for (const subject of subjects) {
		for (const kind of subject.links.lost) {
			const way = wayOf(kind.from, kind.to);
			if (way !== null) {
				const ids = kind.causes.map(({ id }) => id).sort();
				const key = [way, ...ids].join(" ");
				const loss = describeLoss(kind, way, subject);
				losses.set(key, merge(losses.get(key), loss));
			}
		}
	}
	return [...losses]
		.sort(
			([one, a], [other, b]) => compareLosses(a, b) || (one < other ? -1 : 1),
		)
		.map(([, loss]) => loss);
}

/** Those that go on first, then the latest. */
export function compareLosses(a: Loss, b: Loss): number {
	return (
		Number(a.isOver) - Number(b.isOver) ||
		(a.last !== null && b.last !== null ? compareTimes(b.last, a.last) : 0)
	);
}

/** So long no frame was lost before a loss is said to be over, in nanoseconds. */
const quietNs = 10e9;

/**
 * Whether a loss is over, for each protocol:
 *
 * 1. an exchange went well since; of frames that are of no exchange which was lost,
 *    another one passed both ports;
 * 2. and 10 s went by without a loss, as what passed later shows: a loss that comes and goes
 *    goes on. Of DHCP the latest handshake decides at once: the next may be hours away.
 */
function describeLoss(
	{ causes, count, last, exchanges, passed }: LostKind,
	way: Loss["way"],
	{ standing }: Subject,
): Loss {
	const isOver = [...last].every(([protocol, time]) => {
		const exchange = exchanges.get(protocol);
		const isMendedAfter = (after: LogTime) =>
			exchange?.outcome === "lost"
				? standing.isMended(exchange, after)
				: isAfter(passed.get(protocol), after);
		const quiet = addNs(time, quietNs);
		const isQuiet = () =>
			protocol === "dhcp" ||
			[...passed.values()].some((latest) => isAfter(latest, quiet)) ||
			isMendedAfter(quiet);
		return isMendedAfter(time) && isQuiet();
	});
	return { way, count, causes, last: latestOf([...last.values()]), isOver };
}

function isAfter(time: LogTime | undefined, other: LogTime): boolean {
	return time !== undefined && compareTimes(time, other) > 0;
}

function merge(known: Loss | undefined, { last, ...loss }: Loss): Loss {
	if (known === undefined) {
		return { ...loss, last };
	}
	const times = [known.last, last].flatMap((time) => time ?? []);
	return {
		...loss,
		count: known.count + loss.count,
		last: latestOf(times),
		isOver: known.isOver && loss.isOver,
	};
}

function latestOf(times: readonly LogTime[]): LogTime | null {
	return times.reduce<LogTime | null>(
		(latest, time) =>
			latest === null || compareTimes(latest, time) < 0 ? time : latest,
		null,
	);
}

function medianOf(samples: readonly number[]): number | null {
	const sorted = [...samples].sort((a, b) => a - b);
	const half = Math.floor(sorted.length / 2);
	const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[half]];
	return sorted.length === 0 ? null : (low + high) / 2;
}
