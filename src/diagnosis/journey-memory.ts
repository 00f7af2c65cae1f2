import { type Ipv4, isGroupMac, type Mac } from "../model/address.js";
import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import { AgingMap } from "../trace/aging-map.js";
import { wasHandedTo } from "./handed-to.js";
import { Stations } from "./stations.js";

/** So many journeys of each kind are remembered: the oldest are forgotten. */
const journeyLimit = 4096;
/** So many ports, or MAC addresses, are remembered with what was seen of them last. */
const placeLimit = 4096;

/**
 * What causes are told apart by, besides the exchange itself: the journeys of late. DHCP
 * and what went wrong is kept apart, so that a flood of pings does not drive it out.
 */
export class JourneyMemory {
	/** Who is where, as far as frames told. */
	readonly stations = new Stations();
	readonly #rare = new AgingMap<number, Journey>();
	readonly #usual = new AgingMap<number, Journey>();
	/** When a frame last came in by a port. */
	readonly #sentBy = new AgingMap<SafeText, LogTime>();
	/** When unicast from beyond the host was last handed to a VM. */
	readonly #reached = new AgingMap<Mac, LogTime>();
	#since: LogTime | null = null;
	/** Pings that were answered, by whom and with which identifier. */
	readonly #answered = new AgingMap<string, true>();
	/** Bridges that show what is not for the host: their capture is promiscuous. */
	readonly #open = new Set<SafeText>();

	add(journey: Journey): void {
		const isRare = journey.protocol === "dhcp" || journey.outcome === "lost";
		const [kept, other] = isRare
			? [this.#rare, this.#usual]
			: [this.#usual, this.#rare];
		other.delete(journey.id);
		keep(kept, journey.id, journey, journeyLimit);
		const [first] = journey.hops;
		this.#since ??= first?.time ?? null;
		if (first?.interface && first.direction === "in") {
			keepLatest(this.#sentBy, first.interface, first.time);
		}
		if (journey.message === "echo-reply") {
			const { addresses, identifier } = journey;
			keep(
				this.#answered,
				`${addresses.source} ${identifier}`,
				true,
				placeLimit,
			);
		}
		this.#noteUnicast(journey);
		this.stations.note(journey);
	}

	/** Whether an echo request of that identifier was ever answered by that address. */
	wasAnswered(address: Ipv4 | null, identifier: number | null): boolean {
		return this.#answered.has(`${address} ${identifier}`);
	}

	/** When the first frame was seen; null: none was. */
	get since(): LogTime | null {
		return this.#since;
	}

	/** Null when it was forgotten. */
	find(id: number): Journey | null {
		return this.#rare.get(id) ?? this.#usual.get(id) ?? null;
	}

	/** Those remembered, of DHCP and lost ones first. */
	*all(): Generator<Journey> {
		for (const [, journey] of this.#rare) {
			yield journey;
		}
		for (const [, journey] of this.#usual) {
			yield journey;
		}
	}

	/** When a frame last came in by that port; null: none is known to have. */
	lastSentBy(port: SafeText): LogTime | null {
		return this.#sentBy.get(port) ?? null;
	}

	/**
	 * How many of the frames that are remembered were handed to a tap after one time and up
	 * to another; null: older ones than those of that time were forgotten.
	 */
	countHandedTo(tap: SafeText, after: LogTime, until: LogTime): number | null {
		let count = 0;
		for (const kept of [this.#rare, this.#usual]) {
			const since = kept.oldest?.hops[0]?.time;
			if (kept.size >= journeyLimit && since && elapsedNs(after, since) > 0) {
				return null;
			}
			for (const [, journey] of kept) {
				count += wasHandedTo(journey, tap, after, until) ? 1 : 0;
			}
		}
		return count;
	}

	/** When a VM was last handed unicast from beyond the host; null: never, as far as known. */
	lastReached(mac: Mac): LogTime | null {
		return this.#reached.get(mac) ?? null;
	}

	/** Whether the capture of a bridge shows unicast that is not for the host. */
	showsUnicast(bridge: SafeText): boolean {
		return this.#open.has(bridge);
	}

	#noteUnicast(journey: Journey): void {
		const { ethernet, hops, source, destination, mac, outcome } = journey;
		const receiver = ethernet?.destination ?? null;
		const [first, ...others] = hops;
		if (receiver === null || isGroupMac(receiver) || first === undefined) {
			return;
		}
		const isFromBeyond = source === "router" || source === "lan";
		if (
			outcome === "delivered" &&
			isFromBeyond &&
			destination === "vm" &&
			mac
		) {
			keepLatest(this.#reached, mac, first.time);
		}
		if (source !== "host" && destination !== "host") {
			for (const { interface: port, direction } of others) {
				if (
					port !== null &&
					direction === "in" &&
					this.#open.size < placeLimit
				) {
					this.#open.add(port);
				}
			}
		}
	}
}

function keep<Key, Value>(
	map: AgingMap<Key, Value>,
	key: Key,
	value: Value,
	limit: number,
): void {
	map.renew(key, value);
	map.shrink(limit);
}

function keepLatest<Key>(
	map: AgingMap<Key, LogTime>,
	key: Key,
	time: LogTime,
): void {
	const before = map.get(key);
	if (before === undefined || elapsedNs(before, time) > 0) {
		keep(map, key, time, placeLimit);
	}
}
