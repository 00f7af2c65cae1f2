import type { Exchange } from "../model/exchange.js";
import type { Hop, Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import { LostFrames } from "./lost-frames.js";
import type { LostKind } from "./lost-kind.js";

/** Times that a median is made of: the latest. */
const sampleLimit = 256;
/** More pairs of ports than these are not noted of one VM. */
const linkLimit = 256;

/** What was seen between two ports, one way. */
class LinkNote {
	#samples: number[] = [];
	#next = 0;
	/** Frames of which it cannot be told whether the second one should have. */
	unsure = 0;

	copy(): LinkNote {
		const copy = new LinkNote();
		copy.#samples = this.#samples.slice();
		copy.#next = this.#next;
		copy.unsure = this.unsure;
		return copy;
	}

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
	#lost = new LostFrames();
	#size = 0;

	/** The same, which goes its own way from here. */
	copy(): LinkNotes {
		const copy = new LinkNotes();
		for (const [from, to, link] of this) {
			copy.#set(from, to, link.copy());
		}
		copy.#lost = this.#lost.copy();
		return copy;
	}

	/** Frames that one port saw and another one should have. */
	get lost(): readonly LostKind[] {
		return this.#lost.list();
	}

	/** All of them: from which port, to which one. */
	*[Symbol.iterator](): Iterator<readonly [SafeText, SafeText, LinkNote]> {
		for (const [from, links] of this.#links) {
			for (const [to, link] of links) {
				yield [from, to, link];
			}
		}
	}

	/** @param before as it was told before, of which a step that it took is known */
	addJourney(journey: Journey, before: Journey | null): void {
		const { hops } = journey;
		for (let index = 1; index < hops.length; index += 1) {
			const [from, to] = [hops[index - 1], hops[index]];
			if (before === null || !hasStep(before, from, to)) {
				this.#addStep(from, to);
			}
		}
		this.#countUnsure(journey, 1);
		this.#lost.add(journey);
	}

	/** It is told again: its losses are counted anew. */
	takeBack(journey: Journey): void {
		this.#countUnsure(journey, -1);
		this.#lost.takeBack(journey);
	}

	/** Says why the frames were lost that it is made of. */
	addExchange(exchange: Exchange): void {
		this.#lost.explain(exchange);
	}

	#addStep(from: Hop | undefined, to: Hop | undefined): void {
		if (from?.interface != null && to?.interface != null) {
			const link = this.#link(from.interface, to.interface);
			link?.addSample(to.elapsedNs - from.elapsedNs);
		}
	}

	#countUnsure({ outcome, lastSeen, firstMissing }: Journey, by: 1 | -1): void {
		const isUnsure = outcome === "inconclusive";
		if (isUnsure && lastSeen !== null && firstMissing !== null) {
			const link = this.#link(lastSeen, firstMissing);
			if (link !== null) {
				link.unsure += by;
			}
		}
	}

	#link(from: SafeText, to: SafeText): LinkNote | null {
		const known = this.#links.get(from)?.get(to);
		if (known !== undefined || this.#size >= linkLimit) {
			return known ?? null;
		}
		const link = new LinkNote();
		this.#set(from, to, link);
		return link;
	}

	#set(from: SafeText, to: SafeText, link: LinkNote): void {
		const others = this.#links.get(from) ?? new Map<SafeText, LinkNote>();
		this.#links.set(from, others);
		others.set(to, link);
		this.#size += 1;
	}
}

function hasStep(
	{ hops }: Journey,
	from: Hop | undefined,
	to: Hop | undefined,
): boolean {
	const at = hops.findIndex((hop) => hop.interface === from?.interface);
	return at >= 0 && hops[at + 1]?.interface === to?.interface;
}
