import type { Ipv4, Mac } from "../model/address.js";
import { unspecifiedIpv4 } from "../model/address.js";
import type { LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Protocol } from "../model/frame.js";
import type { Journey, Party } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import { beginOf, compareTimes } from "./item.js";
import { LinkNotes } from "./link-notes.js";
import { SeenPaths } from "./seen-paths.js";
import { Standing } from "./standing.js";

/** More of one kind are not noted of one MAC address. */
const noteLimit = 64;

export type Counts = Record<Protocol, number>;

/** What was seen of one MAC address of a VM. */
export class Subject {
	readonly mac: Mac | null;
	/** As the latest journey that has a name for it says. */
	name: SafeText | null = null;
	/** Ports its own frames came in by, the latest last: its taps, if they are taps. */
	readonly entries = new Set<SafeText>();
	#lastEntry: SafeText | null = null;
	journeys = 0;
	lost = 0;
	/** Sightings by port. */
	readonly ports = new Map<SafeText, Counts>();
	readonly links: LinkNotes;
	readonly paths: SeenPaths;
	/** That its latest ARP packet named as its own. */
	arpAddress: Ipv4 | null = null;
	#arpSince: LogTime | null = null;
	/** That answered its who-has as a router, or as the host. */
	readonly answered: Partial<Record<Party, Ipv4>> = {};
	/** The latest handshake. */
	dhcp: Exchange | null = null;
	readonly standing: Standing;

	constructor(
		mac: Mac | null,
		links = new LinkNotes(),
		paths = new SeenPaths(),
		standing = new Standing(),
	) {
		this.mac = mac;
		this.links = links;
		this.paths = paths;
		this.standing = standing;
	}

	/** The same, which goes its own way from here. */
	copy(): Subject {
		const { mac, links, paths, standing } = this;
		const copy = new Subject(mac, links.copy(), paths.copy(), standing.copy());
		copy.name = this.name;
		copy.journeys = this.journeys;
		copy.lost = this.lost;
		copy.arpAddress = this.arpAddress;
		copy.#arpSince = this.#arpSince;
		copy.dhcp = this.dhcp;
		copy.#lastEntry = this.#lastEntry;
		Object.assign(copy.answered, this.answered);
		for (const entry of this.entries) {
			copy.entries.add(entry);
		}
		for (const [port, counts] of this.ports) {
			copy.ports.set(port, { ...counts });
		}
		return copy;
	}

	/** @param before what was told of it before, and was taken back */
	addJourney(journey: Journey, before: Journey | null): void {
		this.journeys += 1;
		this.lost += journey.outcome === "lost" ? 1 : 0;
		this.#countHops(journey, 1);
		this.links.addJourney(journey, before);
		const { hops, mac } = journey;
		const isOut = this.#isOut(journey);
		this.paths.add(journey, isOut);
		const entry = hops[0]?.interface ?? null;
		if (mac === this.mac) {
			this.name = journey.vm ?? this.name;
		}
		if (isOut && entry !== null) {
			this.#noteEntry(entry);
		}
		if (journey.protocol === "arp") {
			this.#noteArp(journey);
		}
	}

	/** The journey is told again: what was counted of it is not. */
	takeBack(journey: Journey): void {
		this.journeys -= 1;
		this.lost -= journey.outcome === "lost" ? 1 : 0;
		this.#countHops(journey, -1);
		this.links.takeBack(journey);
		this.paths.takeBack(journey, this.#isOut(journey));
	}

	/** @param question its first message; null: it is not known */
	addExchange(exchange: Exchange, question: Journey | null): void {
		const { protocol, since, id, vm } = exchange;
		this.name = vm ?? this.name;
		const { dhcp } = this;
		const isLatest =
			dhcp === null ||
			dhcp.id === id ||
			(compareTimes(dhcp.since, since) || dhcp.id - id) <= 0;
		if (protocol === "dhcp" && isLatest) {
			this.dhcp = exchange;
		}
		this.standing.add(exchange, question);
		this.links.addExchange(exchange);
	}

	#isOut({ source, mac }: Journey): boolean {
		return source === "vm" && mac === this.mac;
	}

	#noteEntry(entry: SafeText): void {
		if (entry !== this.#lastEntry) {
			this.#lastEntry = entry;
			this.entries.delete(entry);
			if (this.entries.size < noteLimit) {
				this.entries.add(entry);
			}
		}
	}

	#countHops({ hops, protocol }: Journey, by: 1 | -1): void {
		for (const hop of hops) {
			if (hop.interface !== null) {
				const counts = this.#countsAt(hop.interface);
				if (counts !== null) {
					counts[protocol] += by;
				}
			}
		}
	}

	#countsAt(port: SafeText): Counts | null {
		const known = this.ports.get(port);
		if (known !== undefined || this.ports.size >= noteLimit) {
			return known ?? null;
		}
		const counts = { arp: 0, dhcp: 0, icmp: 0 };
		this.ports.set(port, counts);
		return counts;
	}

	#noteArp(journey: Journey): void {
		const { message, source, addresses } = journey;
		const sender = addresses.source;
		if (sender === null || sender === unspecifiedIpv4) {
			return;
		}
		if (this.#isOut(journey)) {
			const since = beginOf(journey);
			// An older one may be told again at its end.
			if (this.#arpSince === null || compareTimes(this.#arpSince, since) <= 0) {
				this.arpAddress = sender;
				this.#arpSince = since;
			}
		} else if (message === "reply") {
			this.answered[source] = sender;
		}
	}
}
