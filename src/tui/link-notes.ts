import type { Cause, Exchange } from "../model/exchange.js";
import type { Hop, Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";

/** Times that a median is made of: the latest. */
const sampleLimit = 256;
/** More pairs of ports than these are not noted of one VM. */
const linkLimit = 256;

/** What was seen between two ports, one way. */
export class LinkNote {
	readonly #samples: number[] = [];
	#next = 0;
	/** Frames that the first port saw and the second one should have. */
	lost = 0;
	/** Frames of which it cannot be told whether the second one should have. */
	unsure = 0;
	/** Why the latest were. */
	causes: readonly Cause[] = [];

	addSample(ns: number): void {
		this.#samples[this.#next] = ns;
		this.#next = (this.#next + 1) % sampleLimit;
	}

	/** The latest times from the first port to the second, in nanoseconds. */
	get samples(): readonly number[] {
		return this.#samples;
	}
}

/** What was seen between the ports that frames of one MAC address pass. */
export class LinkNotes {
	readonly #links = new Map<SafeText, Map<SafeText, LinkNote>>();
	#size = 0;

	/** All of them: from which port, to which one. */
	*[Symbol.iterator](): Iterator<readonly [SafeText, SafeText, LinkNote]> {
		for (const [from, links] of this.#links) {
			for (const [to, link] of links) {
				yield [from, to, link];
			}
		}
	}

	addJourney(journey: Journey): void {
		const { hops } = journey;
		for (let index = 1; index < hops.length; index += 1) {
			this.#addStep(hops[index - 1], hops[index]);
		}
		this.#countMissing(journey, 1);
	}

	/** It is told again: its losses are counted anew. */
	takeBack(journey: Journey): void {
		this.#countMissing(journey, -1);
	}

	addExchange({ outcome, lastSeen, firstMissing, causes }: Exchange): void {
		if (outcome === "lost" && lastSeen !== null && firstMissing !== null) {
			const link = this.#link(lastSeen, firstMissing);
			if (link !== null && causes.length > 0) {
				link.causes = causes;
			}
		}
	}

	#addStep(from: Hop | undefined, to: Hop | undefined): void {
		if (from?.interface != null && to?.interface != null) {
			const link = this.#link(from.interface, to.interface);
			link?.addSample(to.elapsedNs - from.elapsedNs);
		}
	}

	#countMissing(
		{ outcome, lastSeen, firstMissing }: Journey,
		by: 1 | -1,
	): void {
		if (outcome !== "delivered" && lastSeen !== null && firstMissing !== null) {
			const link = this.#link(lastSeen, firstMissing);
			if (link !== null) {
				link[outcome === "lost" ? "lost" : "unsure"] += by;
			}
		}
	}

	#link(from: SafeText, to: SafeText): LinkNote | null {
		const known = this.#links.get(from)?.get(to);
		if (known !== undefined || this.#size >= linkLimit) {
			return known ?? null;
		}
		const link = new LinkNote();
		const others = this.#links.get(from) ?? new Map<SafeText, LinkNote>();
		this.#links.set(from, others);
		others.set(to, link);
		this.#size += 1;
		return link;
	}
}
