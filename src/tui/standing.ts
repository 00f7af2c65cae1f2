import type { Ipv4 } from "../model/address.js";
import type { LogTime } from "../model/capture.js";
import type { Exchange, ExchangeOutcome } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import { dropOldest } from "../trace/drop-oldest.js";
import { compareTimes } from "./item.js";

/** The latest exchanges of a MAC address that its verdict rests on. */
const noteLimit = 256;

/** From good to bad; what cannot be told is worse than what works badly. */
const severity: Readonly<Record<ExchangeOutcome, number>> = {
	delivered: 0,
	degraded: 1,
	inconclusive: 2,
	unanswered: 3,
	refused: 4,
	lost: 5,
};

/** The worse one comes first. */
export function compareOutcomes(
	a: ExchangeOutcome,
	b: ExchangeOutcome,
): number {
	return severity[b] - severity[a];
}

/** Whether an outcome is proven to be bad. */
export function isBad(outcome: ExchangeOutcome | null): boolean {
	return outcome !== null && severity[outcome] >= severity.unanswered;
}

/** An exchange, and what of its question decides whether another one mends it. */
interface Note {
	readonly exchange: Exchange;
	/** Whom the VM asked, or `called`: it was asked; null: not known. */
	readonly target: Ipv4 | "called" | null;
}

/** What holds of exchanges, the worst first. */
interface Holding {
	readonly list: readonly Exchange[];
	readonly hadTrouble: boolean;
}

/**
 * What of the exchanges of a MAC address still holds: what went wrong, until the same went
 * well.
 */
export class Standing {
	/** By id of the exchange, told last at the end. */
	readonly #notes = new Map<number, Note>();
	#holding: Holding | null = null;

	/** @param question its first message; null: it is not known */
	add(exchange: Exchange, question: Journey | null): void {
		this.#holding = null;
		this.#notes.delete(exchange.id);
		const target =
			question === null || question.source === "vm"
				? (question?.addresses.destination ?? null)
				: "called";
		this.#notes.set(exchange.id, { exchange, target });
		dropOldest(this.#notes, noteLimit);
	}

	/** The same, which goes its own way from here. */
	copy(): Standing {
		const copy = new Standing();
		for (const [id, own] of this.#notes) {
			copy.#notes.set(id, own);
		}
		return copy;
	}

	/**
	 * What holds, the worst first: all that went wrong and was not mended; of what went
	 * well, the latest of each question; what cannot be told, while nothing came since.
	 */
	get list(): readonly Exchange[] {
		return this.#held.list;
	}

	/** Whether one that went well, and began after a time, says that this one would now. */
	isMended(exchange: Exchange, after: LogTime): boolean {
		const known = this.#notes.get(exchange.id) ?? { exchange, target: null };
		for (const note of this.#notes.values()) {
			const { outcome, since } = note.exchange;
			const isGood = outcome === "delivered" || outcome === "degraded";
			if (isGood && compareTimes(since, after) > 0 && mends(note, known)) {
				return true;
			}
		}
		return false;
	}

	/** Frames were lost, or a who-has was not answered, before it worked. */
	get hadTrouble(): boolean {
		return this.#held.hadTrouble;
	}

	get #held(): Holding {
		this.#holding ??= findHolding([...this.#notes.values()]);
		return this.#holding;
	}
}

function findHolding(notes: Note[]): Holding {
	const sorted = notes.sort(
		(a, b) =>
			compareTimes(a.exchange.since, b.exchange.since) ||
			a.exchange.id - b.exchange.id,
	);
	const good = new Map<string, Note>();
	const doubtful = new Map<string, Note>();
	let hadTrouble = false;
	for (const note of sorted) {
		const { outcome } = note.exchange;
		const key = keyOf(note);
		if (outcome === "delivered" || outcome === "degraded") {
			for (const [other, earlier] of doubtful) {
				if (mends(note, earlier)) {
					hadTrouble ||= isRemembered(earlier, note);
					doubtful.delete(other);
				}
			}
		}
		const isKnown = isBad(doubtful.get(key)?.exchange.outcome ?? null);
		if (outcome === "delivered") {
			good.set(key, note);
		} else if (outcome !== "inconclusive" || !isKnown) {
			// What cannot be told of does not say that it is mended.
			doubtful.set(key, note);
		}
	}
	const list = [...good.values(), ...doubtful.values()]
		.map(({ exchange }) => exchange)
		.sort(byHarm);
	return { list, hadTrouble };
}

/** The worst first, then the latest. */
function byHarm(a: Exchange, b: Exchange): number {
	return (
		compareOutcomes(a.outcome, b.outcome) || compareTimes(b.since, a.since)
	);
}

/** Of DHCP the latest handshake decides alone; who never answers may not be there. */
function isRemembered({ exchange, target }: Note, good: Note): boolean {
	const { outcome, protocol } = exchange;
	const isSilence = outcome === "unanswered" && protocol === "arp";
	return (
		protocol !== "dhcp" &&
		(outcome === "lost" || (isSilence && target === good.target))
	);
}

/** What is unsure is so of the protocol: it says nothing of one way. */
function keyOf({ exchange: { protocol, outcome }, target }: Note): string {
	return outcome === "inconclusive" || protocol === "dhcp"
		? protocol
		: `${protocol} ${target ?? ""}`;
}

/**
 * Whether an exchange that went well says that an earlier one would do so, too:
 *
 * - of DHCP, the latest handshake decides;
 * - a ping, or of ARP a ping as well, that passed where the earlier one was lost;
 * - of what was refused, or answered not as it should be, only the same question does; a
 *   refusal is of one way, so that another one beyond it will do.
 */
function mends(good: Note, earlier: Note): boolean {
	const { protocol, outcome, lastSeen, firstMissing, server } =
		earlier.exchange;
	const own = good.exchange.protocol;
	const isSame = own === protocol && good.target === earlier.target;
	if (own === "dhcp" || protocol === "dhcp") {
		return own === protocol;
	}
	const isAbove = own === protocol || own === "icmp";
	const isCalled = good.target === "called";
	switch (outcome) {
		case "delivered":
		case "degraded":
			return isSame;
		case "inconclusive":
			return own === protocol;
		case "refused":
			return (
				isSame || (own === protocol && !isCalled && good.target !== server)
			);
		case "lost":
		case "unanswered": {
			const ends = [lastSeen, firstMissing];
			const isThrough = ends.every(
				(end) => end === null || end in (good.exchange.roundTrip ?? {}),
			);
			return isSame || (isAbove && isThrough);
		}
	}
}
