import { isGroupMac, type Mac } from "../model/address.js";
import type { Exchange } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import { onItsWay } from "./cut.js";
import { Subject } from "./subject.js";
import { Troubles } from "./troubles.js";
import type { ListRow, Trouble } from "./world.js";

/** More MAC addresses of VMs than these are not told apart. */
const subjectLimit = 1024;

/** What was seen so far, counted by whom it concerns. */
export class Observed {
	readonly #subjects = new Map<string, Subject>();
	/** By the port that its own frames come in by. */
	readonly #byEntry = new Map<SafeText, Subject>();
	/** The VM that a journey from another VM is for. */
	readonly #receivers = new WeakMap<Journey, Subject>();
	#troubles = new Troubles();

	/**
	 * The same, which goes its own way from here.
	 *
	 * @param open rows that will be told again
	 */
	copy(open: Iterable<ListRow>): Observed {
		const copy = new Observed();
		const copies = new Map<Subject | undefined, Subject>();
		for (const [key, subject] of this.#subjects) {
			const own = subject.copy();
			copies.set(subject, own);
			copy.#subjects.set(key, own);
		}
		for (const [port, subject] of this.#byEntry) {
			copy.#byEntry.set(port, copies.get(subject) ?? subject);
		}
		for (const row of open) {
			if (row.kind === "journey") {
				const receiver = copies.get(this.#receivers.get(row.journey));
				if (receiver !== undefined) {
					copy.#receivers.set(row.journey, receiver);
				}
			}
		}
		copy.#troubles = this.#troubles.copy();
		return copy;
	}

	/** In the order in which they were seen first. */
	get subjects(): Iterable<Subject> {
		return this.#subjects.values();
	}

	/** @param before what was told of the same journey before */
	addJourney(journey: Journey, before: Journey | null): void {
		const owner = before && this.#subjectOf(before.mac, before.vm);
		const getter = before && this.#receivers.get(before);
		if (before !== null) {
			owner?.takeBack(before);
			getter?.takeBack(before);
		}
		const own = this.#subjectOf(journey.mac, journey.vm);
		if (own !== null) {
			own.addJourney(journey, own === owner ? before : null);
			this.#noteEntry(journey, own);
		}
		if (journey.destination === "other-vm") {
			const receiver = this.#receiverOf(journey);
			if (receiver !== null && receiver !== own) {
				receiver.addJourney(journey, receiver === getter ? before : null);
				this.#receivers.set(journey, receiver);
			}
		}
	}

	/**
	 * @param before what was told of the same exchange before
	 * @param find a journey that is a message of it, if it is known
	 */
	addExchange(
		exchange: Exchange,
		before: Exchange | null,
		find: (journey: number) => Journey | null,
	): void {
		const { mac, vm, messages } = exchange;
		const [first] = messages;
		const question = first === undefined ? null : find(first.journey);
		this.#subjectOf(mac, vm)?.addExchange(exchange, question);
		const isOwn = exchange.protocol === "dhcp" || question?.source === "vm";
		this.#troubles.add(exchange, before, isOwn);
	}

	/** What went wrong: what still holds first, then the worst of it. */
	listTroubles(): readonly Trouble[] {
		return this.#troubles.list((exchange) => {
			const { mac, vm } = exchange;
			const standing = this.#subjects.get(mac ?? vm ?? "")?.standing;
			// What failed otherwise since does not say that this would go well now.
			return !(standing?.isMended(exchange, exchange.since) ?? false);
		});
	}

	#subjectOf(mac: Mac | null, name: string | null): Subject | null {
		const key = mac ?? name;
		if (key === null) {
			return null;
		}
		const known = this.#subjects.get(key);
		if (known !== undefined || this.#subjects.size >= subjectLimit) {
			return known ?? null;
		}
		const subject = new Subject(mac);
		this.#subjects.set(key, subject);
		return subject;
	}

	#noteEntry({ source, hops }: Journey, own: Subject): void {
		const entry = hops[0]?.interface ?? null;
		if (source === "vm" && entry !== null && own.entries.has(entry)) {
			this.#byEntry.set(entry, own);
		}
	}

	/** By its MAC address; of a broadcast, as who-has is, by the tap it ends at. */
	#receiverOf(journey: Journey): Subject | null {
		const mac = addressedTo(journey);
		const known = mac === null ? undefined : this.#subjects.get(mac);
		if (known !== undefined) {
			return known;
		}
		// Before it was routed, it is for the gateway, which is no VM.
		if (mac !== null && journey.reason !== onItsWay) {
			return this.#subjectOf(mac, null);
		}
		const tap = journey.expected.at(-1);
		return (tap && this.#byEntry.get(tap)) ?? null;
	}
}

/** The MAC address it arrived with; null: all have it, or it is not known. */
function addressedTo({ ethernet, hops }: Journey): Mac | null {
	const changes = hops.flatMap(({ changed }) => changed);
	const told = changes.findLast(
		({ field }) => field === "ethernet.destination",
	);
	const isRouted = changes.some(({ field }) => field === "ipv4.ttl");
	const first = isRouted ? null : (ethernet?.destination ?? null);
	const mac = typeof told?.to === "string" ? told.to : first;
	return mac === null || isGroupMac(mac) ? null : mac;
}
