import type { Mac } from "../model/address.js";
import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { HeldAddress } from "../model/held-address.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { dropOldest } from "../trace/drop-oldest.js";
import { BoundedMap } from "./bounded-map.js";
import { ClientBook, isQuestion } from "./clients.js";
import { ErrorBook } from "./errors.js";
import { FindingBook } from "./finding-book.js";
import { ServerBook } from "./servers.js";

/** An exchange, and what became of each of its messages. */
export interface TracedExchange {
	readonly exchange: Exchange;
	/** In order of time; those that are known no more are left out. */
	readonly journeys: readonly Journey[];
}

/** A card of a VM: what its frames are known by. */
export interface VmCard {
	readonly mac: Mac | null;
	readonly tap: SafeText | null;
}

/** What the log says of its host, and of itself, at the time that a verdict is given. */
export interface LogState {
	/** Null: the log does not tell. */
	readonly topology: Topology | null;
	/** When that was said; null: beside the log, at a time that is not known. */
	readonly toldAt: LogTime | null;
	readonly ports: readonly Port[];
	/** Who holds which address, by what passed. */
	readonly addresses: readonly HeldAddress[];
	/** The latest time of the log; null: nothing with a time came yet. */
	readonly end: LogTime | null;
}

const journeyLimit = 32_768;
const clientLimit = 4096;
/** The latest exchanges of a client that are kept. */
const exchangeLimit = 512;

/** What a log showed of the VMs, as far as verdicts rest on it. */
export class Evidence {
	readonly servers = new ServerBook();
	readonly errors = new ErrorBook();
	readonly findings = new FindingBook();
	readonly clients = new ClientBook(clientLimit);
	readonly #journeys = new BoundedMap<number, Journey>(journeyLimit);
	readonly #exchanges = new BoundedMap<Mac, Map<number, TracedExchange>>(
		clientLimit,
	);

	noteFrame(frame: Frame, port: Port | null): void {
		this.servers.note(frame, port);
		this.errors.note(frame);
	}

	noteJourney(journey: Journey): void {
		this.#journeys.set(journey.id, journey);
		this.clients.note(journey);
	}

	/** It may come again, when there is something new about it. */
	noteExchange(exchange: Exchange): void {
		const { id, mac, messages } = exchange;
		this.clients.answer(messages);
		if (mac === null) {
			return;
		}
		const known = this.#exchanges.get(mac) ?? new Map<number, TracedExchange>();
		const before = known.get(id)?.journeys ?? [];
		const journeys = messages.flatMap(
			({ journey }) =>
				this.#journeys.get(journey) ??
				before.find((one) => one.id === journey) ??
				[],
		);
		known.set(id, { exchange, journeys });
		const asked = exchange.protocol === "dhcp" && journeys.find(isQuestion);
		if (asked) {
			this.clients.noteAsker(mac, asked);
		}
		this.#exchanges.set(mac, known);
		dropOldest(known, exchangeLimit);
	}

	/**
	 * The exchanges of a card in order of time: those of its MAC address, or, when there
	 * are none, those that came in by its tap.
	 */
	exchangesOf(
		{ mac, tap }: VmCard,
		isWanted: (traced: TracedExchange) => boolean,
	): TracedExchange[] {
		const own = mac === null ? undefined : this.#exchanges.get(mac);
		const wanted = [...(own?.values() ?? [])].filter(isWanted);
		const found =
			wanted.length > 0 || tap === null
				? wanted
				: this.#all.filter((one) => enteredBy(one, tap) && isWanted(one));
		return found.sort((a, b) => elapsedNs(b.exchange.since, a.exchange.since));
	}

	get #all(): TracedExchange[] {
		return this.#exchanges.values.flatMap((known) => [...known.values()]);
	}
}

/**
 * Whether its question came from a VM behind that tap, or may have: a capture without
 * directions proves that of few frames.
 */
function enteredBy({ journeys }: TracedExchange, tap: SafeText): boolean {
	const question = journeys.find(isQuestion);
	const isOther = question?.mac != null && question.source !== "vm";
	return !isOther && question?.hops[0]?.interface === tap;
}
