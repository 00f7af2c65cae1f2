import type { LogTime } from "../model/capture.js";
import type { Finding, Topology } from "../model/topology.js";
import { compareTimes } from "./item.js";

/** More topologies than these are not kept: the oldest but the first go. */
const historyLimit = 64;

interface Told {
	readonly topology: Topology;
	/** Null: said beside the log, and so of all of it. */
	readonly at: LogTime | null;
}

/** How the host was made, by when it said so. */
export class TopologyHistory {
	readonly #told: Told[] = [];

	add(topology: Topology, at: LogTime | null): void {
		this.#told.push({ topology, at });
		if (this.#told.length > historyLimit) {
			this.#told.splice(1, 1);
		}
	}

	get latest(): Topology | null {
		return this.#told.at(-1)?.topology ?? null;
	}

	/** As it was then; before anyone said, as it was said first. */
	at(time: LogTime): Topology | null {
		const found = this.#told.findLast(
			({ at }) => at === null || compareTimes(at, time) <= 0,
		);
		return (found ?? this.#told[0])?.topology ?? null;
	}
}

const sorted = new WeakMap<Topology, readonly Finding[]>();
const none: readonly Finding[] = [];

/** The problems first. */
export function findingsOf(topology: Topology | null): readonly Finding[] {
	if (topology === null) {
		return none;
	}
	const known = sorted.get(topology);
	if (known !== undefined) {
		return known;
	}
	const { findings } = topology;
	const ordered = [
		...findings.filter(({ isProblem }) => isProblem),
		...findings.filter(({ isProblem }) => !isProblem),
	];
	sorted.set(topology, ordered);
	return ordered;
}
