import type { Ipv4, Mac } from "../model/address.js";
import { unspecifiedIpv4 } from "../model/address.js";
import type { Exchange } from "../model/exchange.js";
import type { Protocol } from "../model/frame.js";
import type { Journey, Party } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import { compareTimes } from "./item.js";
import { LinkNotes } from "./link-notes.js";
import { Standing } from "./standing.js";

/** More of one kind are not noted of one MAC address. */
const noteLimit = 64;

export type Counts = Record<Protocol, number>;

/** A way that frames took, outwards. */
export interface SeenPath {
	readonly ports: readonly SafeText[];
	/** It leads to, or comes from: a router before the LAN, the host, another VM. */
	readonly rank: number;
	/** The port after which the frame had other addresses (NAT). */
	readonly routedAfter: SafeText | null;
	count: number;
}

/** The path of the frame before: most frames take the same. */
interface LastPath {
	readonly passed: readonly SafeText[];
	readonly path: SeenPath;
}

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
	readonly links = new LinkNotes();
	readonly paths = new Map<string, SeenPath>();
	#lastOut: LastPath | null = null;
	#lastIn: LastPath | null = null;
	/** That its ARP packets named as its own. */
	arpAddress: Ipv4 | null = null;
	/** That answered its who-has as a router, or as the host. */
	readonly answered: Partial<Record<Party, Ipv4>> = {};
	/** Its addresses were changed where it was routed (NAT). */
	isTranslated = false;
	/** The latest handshake. */
	dhcp: Exchange | null = null;
	readonly standing = new Standing();

	constructor(mac: Mac | null) {
		this.mac = mac;
	}

	addJourney(journey: Journey): void {
		this.journeys += 1;
		this.lost += journey.outcome === "lost" ? 1 : 0;
		this.#countHops(journey, 1);
		this.links.addJourney(journey);
		this.#notePath(journey);
		const { hops, mac, source } = journey;
		const entry = hops[0]?.interface ?? null;
		if (mac === this.mac) {
			this.name = journey.vm ?? this.name;
			if (source === "vm" && entry !== null) {
				this.#noteEntry(entry);
			}
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
	}

	/** @param question its first message; null: it is not known */
	addExchange(exchange: Exchange, question: Journey | null): void {
		const { protocol, since, id, vm } = exchange;
		this.name = vm ?? this.name;
		const { dhcp } = this;
		const isLatest =
			dhcp === null || dhcp.id === id || compareTimes(dhcp.since, since) <= 0;
		if (protocol === "dhcp" && isLatest) {
			this.dhcp = exchange;
		}
		this.standing.add(exchange, question);
		this.links.addExchange(exchange);
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

	#noteArp({ message, source, addresses, mac }: Journey): void {
		const sender = addresses.source;
		if (sender === null || sender === unspecifiedIpv4) {
			return;
		}
		if (source === "vm" && mac === this.mac) {
			this.arpAddress = sender;
		} else if (message === "reply") {
			this.answered[source] = sender;
		}
	}

	#notePath(journey: Journey): void {
		const { hops, expected, source, mac } = journey;
		const isOut = source === "vm" && mac === this.mac;
		const isLonger = expected.length >= hops.length;
		const passed = isLonger
			? expected
			: hops.flatMap((hop) => hop.interface ?? []);
		const last = isOut ? this.#lastOut : this.#lastIn;
		const path =
			last !== null && isSamePath(last.passed, passed)
				? last.path
				: this.#pathOf(passed, isOut, journey);
		path.count += 1;
		if (isOut) {
			this.#lastOut = { passed, path };
		} else {
			this.#lastIn = { passed, path };
		}
	}

	#pathOf(
		passed: readonly SafeText[],
		isOut: boolean,
		journey: Journey,
	): SeenPath {
		const key = `${isOut ? ">" : "<"} ${passed.join(" ")}`;
		const known = this.paths.get(key);
		if (known !== undefined) {
			return known;
		}
		const other = isOut ? journey.destination : journey.source;
		const path: SeenPath = {
			ports: isOut ? passed : [...passed].reverse(),
			rank: pathRanks[other],
			routedAfter: findRouting(journey, isOut),
			count: 0,
		};
		this.isTranslated ||= path.routedAfter !== null && isTranslated(journey);
		if (passed.length > 0 && this.paths.size < noteLimit) {
			this.paths.set(key, path);
		}
		return path;
	}
}

function isSamePath(a: readonly SafeText[], b: readonly SafeText[]): boolean {
	return a.length === b.length && a.every((port, index) => port === b[index]);
}

/** Paths of this rank and above lead out of the host. */
export const outwardRank = 2;

const pathRanks: Readonly<Record<Party, number>> = {
	router: 3,
	lan: 2,
	host: 1,
	"other-vm": 0,
	vm: 0,
};

function isTranslated({ hops }: Journey): boolean {
	return hops.some(({ changed }) =>
		changed.some(
			({ field }) => field === "ipv4.source" || field === "ipv4.destination",
		),
	);
}

/** The last port at which the frame had the addresses that the VM knows it by. */
function findRouting({ hops }: Journey, isOut: boolean): SafeText | null {
	const at = hops.findIndex(({ changed }) =>
		changed.some(({ field }) => field === "ipv4.ttl"),
	);
	if (at < 1) {
		return null;
	}
	return hops[isOut ? at - 1 : at]?.interface ?? null;
}
