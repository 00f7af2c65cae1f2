import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import type { JourneyMemory } from "./journey-memory.js";

/** What other frames tell of the place where one was lost. */
export interface Witnesses {
	/**
	 * A frame crossed from the one port to the other, or back, a moment before: both
	 * forwarded then.
	 */
	readonly hasCrossed: boolean;
	/** What became of ARP between the two about then; null: there was none. */
	readonly arp: "passed" | "lost" | null;
}

/** As a question and its answer are apart; a port that is plugged anew takes longer. */
const justBeforeNs = 100e6;
/** How far ARP may be from what it is compared with: who asks in vain asks each second. */
const aboutThenNs = 10e9;

/** Nothing else is known of the place. */
export const noWitnesses: Witnesses = { hasCrossed: false, arp: null };

/** Finds out what became of other frames between two ports about the time of a loss. */
export function findWitnesses(
	memory: JourneyMemory,
	lost: Journey,
	missing: SafeText | null,
): Witnesses {
	const [first] = lost.hops;
	const entry = first?.interface ?? null;
	if (first === undefined || entry === null || missing === null) {
		return noWitnesses;
	}
	let hasCrossed = false;
	let arp: Witnesses["arp"] = null;
	for (const journey of memory.all()) {
		const ends = endsOf(journey);
		const isBetween = ends.includes(entry) && ends.includes(missing);
		const before = elapsedNs(startOf(journey), first.time);
		if (journey.id === lost.id || !isBetween) {
			continue;
		}
		const hasPassed = journey.firstMissing === null && journey.hops.length > 1;
		hasCrossed ||= hasPassed && before >= 0 && before < justBeforeNs;
		if (journey.protocol === "arp" && Math.abs(before) < aboutThenNs) {
			arp = hasPassed || arp === "passed" ? "passed" : lostOr(journey, arp);
		}
	}
	return { hasCrossed, arp };
}

function lostOr({ outcome }: Journey, arp: Witnesses["arp"]): Witnesses["arp"] {
	return outcome === "lost" ? "lost" : arp;
}

function startOf({ hops: [first] }: Journey): LogTime {
	return first?.time ?? { seconds: 0, nanos: 0 };
}

/** The ports between which a frame went, or should have. */
function endsOf({ hops, firstMissing, expected }: Journey) {
	const entry = hops[0]?.interface ?? null;
	return [entry, firstMissing ?? expected.at(-1) ?? null];
}
