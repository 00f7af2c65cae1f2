import type { Cause } from "../model/exchange.js";
import type { SafeText } from "../model/safe-text.js";
import type { LinkNote } from "./link-notes.js";
import type { Course } from "./path-course.js";
import type { Told } from "./topology-history.js";
import type { PathPort } from "./world.js";

/** What is to be said of a port and the way to the next one. */
export type LinkState = Pick<
	PathPort,
	| "toNextNs"
	| "lostToNext"
	| "lostFromNext"
	| "unsureToNext"
	| "unsureFromNext"
	| "causes"
>;

/**
 * What was seen between a port of a path and the next one.
 *
 * Frames lost behind a port are counted at the link next to where they were seen last:
 * the port that missed them may lie farther, as not all ports are captured.
 */
export function describeLink(
	{ ports, subjects }: Course,
	index: number,
	{ nowNamed }: Told,
): LinkState {
	const name = ports[index] as SafeText;
	const next = ports[index + 1] ?? null;
	const causes = new Map<string, Cause>();
	const samples: number[] = [];
	const sums = { lostTo: 0, lostFrom: 0, unsureTo: 0, unsureFrom: 0 };
	const collect = ({ lost, causes: known }: LinkNote) => {
		for (const cause of lost > 0 ? known : []) {
			causes.set(cause.id, causes.get(cause.id) ?? cause);
		}
	};
	for (const [from, to, link] of subjects.flatMap(({ links }) => [...links])) {
		const [seen, missing] = [nowNamed(from), nowNamed(to)];
		const at = ports.indexOf(missing);
		if (seen === name && missing === next) {
			samples.push(...link.samples);
		}
		if (seen === name && (at > index || at < 0)) {
			sums.lostTo += link.lost;
			sums.unsureTo += link.unsure;
			collect(link);
		} else if (seen === next && at >= 0 && at <= index) {
			sums.lostFrom += link.lost;
			sums.unsureFrom += link.unsure;
			collect(link);
		}
	}
	for (const exchange of subjects.flatMap(({ standing }) => standing.list)) {
		const isHere = exchange.firstMissing === null && exchange.lastSeen === name;
		for (const cause of isHere ? exchange.causes : []) {
			causes.set(cause.id, causes.get(cause.id) ?? cause);
		}
	}
	return {
		toNextNs: medianOf(samples),
		lostToNext: sums.lostTo,
		lostFromNext: sums.lostFrom,
		...(sums.unsureTo > 0 ? { unsureToNext: sums.unsureTo } : {}),
		...(sums.unsureFrom > 0 ? { unsureFromNext: sums.unsureFrom } : {}),
		causes: [...causes.values()],
	};
}

function medianOf(samples: readonly number[]): number | null {
	const sorted = [...samples].sort((a, b) => a - b);
	const half = Math.floor(sorted.length / 2);
	const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[half]];
	return sorted.length === 0 ? null : (low + high) / 2;
}
