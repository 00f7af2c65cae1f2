import type { LogTime } from "../model/capture.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { compareTimes } from "./item.js";

/** More topologies than these are not kept: the oldest but the first go. */
const historyLimit = 64;

interface Saying {
	readonly topology: Topology;
	/** Null: said beside the log, and so of all of it. */
	readonly at: LogTime | null;
}

/** How the host is made at a moment, and how it was before. */
export interface Told {
	/** Null: nobody said. */
	readonly topology: Topology | null;
	/** As it was before, the latest first. */
	readonly earlier: readonly Topology[];
	/** What an interface is called now that was called so before. */
	nowNamed(this: void, name: SafeText): SafeText;
}

/** How the host was made, by when it said so. */
export class TopologyHistory {
	readonly #sayings: Saying[] = [];
	/** What was told last. */
	#told: { readonly count: number; readonly told: Told } | null = null;
	#dropped = 0;

	add(topology: Topology, at: LogTime | null): void {
		this.#sayings.push({ topology, at });
		if (this.#sayings.length > historyLimit) {
			this.#sayings.splice(1, 1);
			this.#dropped += 1;
		}
	}

	get latest(): Told {
		return this.#upTo(this.#sayings.length);
	}

	/** As it was then; before anyone said, as it was said first. */
	at(time: LogTime): Told {
		const last = this.#sayings.findLastIndex(
			({ at }) => at === null || compareTimes(at, time) <= 0,
		);
		return this.#upTo(Math.max(last, 0) + 1);
	}

	#upTo(end: number): Told {
		const count = this.#dropped + end;
		if (this.#told?.count !== count) {
			const sayings = this.#sayings.slice(0, end);
			const [topology = null, ...earlier] = sayings
				.map((saying) => saying.topology)
				.reverse();
			this.#told = { count, told: tell(topology, earlier) };
		}
		return this.#told.told;
	}
}

/** How the host is made, where nothing is known of before. */
export function tell(
	topology: Topology | null,
	earlier: readonly Topology[] = [],
): Told {
	const names = new Set(topology?.ports.map(({ name }) => name));
	const renamed = new Map<SafeText, SafeText>();
	const nowNamed = (name: SafeText): SafeText => {
		if (names.size === 0 || names.has(name)) {
			return name;
		}
		const now = renamed.get(name) ?? findNewName(name, topology, earlier);
		renamed.set(name, now);
		return now;
	};
	return { topology, earlier, nowNamed };
}

/** An interface keeps its index when it gets another name. */
function findNewName(
	name: SafeText,
	topology: Topology | null,
	earlier: readonly Topology[],
): SafeText {
	for (const { ports } of earlier) {
		const then = ports.find((port) => port.name === name);
		if (then !== undefined) {
			const names = ports.map((port) => port.name);
			const now = topology?.ports.find(
				(port) =>
					port.index === then.index &&
					port.mac === then.mac &&
					!names.includes(port.name),
			);
			return now?.name ?? name;
		}
	}
	return name;
}
