import { type Ipv4, type Mac, unspecifiedIpv4 } from "../model/address.js";
import { elapsedNs, type LogTime } from "../model/capture.js";
import { arpOperation, type Frame } from "../model/frame.js";
import type { Party } from "../model/journey.js";
import { icmpType } from "../wire/icmp-types.js";
import { AgingMap } from "./aging-map.js";
import { serverOf } from "./dhcp-server.js";
import { isOfType } from "./dhcp-silence.js";
import {
	answersOf,
	isLost,
	type Message,
	type OpenExchange,
	questionsOf,
} from "./open-exchange.js";

/** More addresses than this are not watched. */
const addressLimit = 4096;
/** More machines than this that ask for one address are not told apart. */
const askerLimit = 8;
/** So many stretches are remembered of who asks for an address, or uses it. */
const spanLimit = 4;
/** Who pauses for longer than this, in nanoseconds, begins anew: a who-has is repeated once a second. */
const pauseNs = 2_000_000_000;
/** A check takes this long at least, in nanoseconds: less keeps no client waiting. */
const shortestNs = 500_000_000;
/** An OFFER that comes later than this, in nanoseconds, was not held up by a check alone. */
const longestNs = 5_000_000_000;

/** From its first frame to its last. */
interface Span {
	first: LogTime;
	last: LogTime;
}

interface Asker {
	readonly mac: Mac | null;
	readonly ip: Ipv4;
	/** As was told last. */
	source: Party;
	readonly spans: Span[];
}

interface Watched {
	readonly askers: Asker[];
	/** When the address itself sent frames: somebody holds it. */
	readonly uses: Span[];
}

/** A server's own check of an address before it offered it. */
export interface AddressCheck {
	/** Of the check, until the OFFER. */
	readonly tookNs: number;
	/** From the client's first DISCOVER until the OFFER. */
	readonly heldNs: number;
	/** When the OFFER was seen first. */
	readonly until: LogTime;
}

/**
 * What a server does before it offers an address: it asks who has it, or pings it, and
 * waits for an answer, up to three seconds with dnsmasq (RFC 2131 section 2.2). A client
 * asks again meanwhile, and nothing is wrong.
 */
export class AddressChecks {
	readonly #watched = new AgingMap<Ipv4, Watched>();

	/** What VMs of this host ask is no server's check. */
	note({ frame, journey, time }: Pick<Message, "frame" | "journey" | "time">) {
		const { asker, target } = findEnds(frame);
		if (asker !== null) {
			widen(this.#watch(asker).uses, time);
		}
		const { source } = journey;
		if (target === null || source === "vm" || source === "other-vm") {
			return;
		}
		const mac = frame.ethernet?.source ?? frame.arp?.senderMac ?? null;
		const ip = asker ?? unspecifiedIpv4;
		const { askers } = this.#watch(target);
		const known = askers.find((each) => each.mac === mac && each.ip === ip);
		if (known !== undefined) {
			known.source = source;
			widen(known.spans, time);
			return;
		}
		askers.push({ mac, ip, source, spans: [{ first: time, last: time }] });
		if (askers.length > askerLimit) {
			askers.shift();
		}
	}

	/**
	 * The check of the address that a server then offered, null where there was none:
	 *
	 * - it began between the client's first DISCOVER and the OFFER, half a second before
	 *   this at least, and the OFFER came within five seconds;
	 * - whoever asked sent the OFFER as well, or is a router, as before a relayed one;
	 * - nothing used the address meanwhile, so that nothing answered the check.
	 */
	find(exchange: OpenExchange): AddressCheck | null {
		if (exchange.protocol !== "dhcp") {
			return null;
		}
		const offer = answersOf(exchange).find(
			(answer) => isOfType(answer, "offer") && !isLost(answer),
		);
		const [asked] = questionsOf(exchange);
		const address = offer?.frame.dhcp?.yourIp ?? unspecifiedIpv4;
		const watched = this.#watched.get(address);
		if (!offer || !asked || !watched || !isOfType(asked, "discover")) {
			return null;
		}
		const heldNs = elapsedNs(asked.time, offer.time);
		const isWithin = ({ first }: Span) =>
			elapsedNs(asked.time, first) >= 0 &&
			elapsedNs(first, offer.time) >= shortestNs;
		const isUsed = watched.uses.some(
			({ first, last }) =>
				elapsedNs(first, offer.time) >= 0 && elapsedNs(asked.time, last) >= 0,
		);
		const took = watched.askers
			.filter((asker) => isServer(asker, offer))
			.flatMap(({ spans }) => spans.filter(isWithin))
			.map(({ first }) => elapsedNs(first, offer.time));
		return took.length === 0 || isUsed || heldNs > longestNs
			? null
			: { tookNs: Math.max(...took), heldNs, until: offer.time };
	}

	/** A stretch of the log ends: nothing is followed from one to the next. */
	clear(): void {
		this.#watched.shrink(0);
	}

	#watch(address: Ipv4): Watched {
		const watched = this.#watched.get(address) ?? {
			askers: [],
			uses: [],
		};
		this.#watched.renew(address, watched);
		this.#watched.shrink(addressLimit);
		return watched;
	}
}

/** Who uses which address by sending an ARP or ICMP frame, and for which one it asks. */
function findEnds({ arp, icmp, ipv4 }: Frame): {
	readonly asker: Ipv4 | null;
	readonly target: Ipv4 | null;
} {
	if (arp !== null) {
		const { operation, senderIp, targetIp } = arp;
		const isAsked = operation === arpOperation.request && senderIp !== targetIp;
		return {
			asker: senderIp === unspecifiedIpv4 ? null : senderIp,
			target: isAsked ? targetIp : null,
		};
	}
	if (icmp === null || ipv4 === null) {
		return { asker: null, target: null };
	}
	const isAsked = icmp.type === icmpType.echoRequest;
	return { asker: ipv4.source, target: isAsked ? ipv4.destination : null };
}

/** Widens the last span, or begins another. Frames come nearly in order of time. */
function widen(spans: Span[], time: LogTime): void {
	const last = spans.at(-1);
	if (last === undefined || elapsedNs(last.last, time) > pauseNs) {
		spans.push({ first: time, last: time });
		if (spans.length > spanLimit) {
			spans.shift();
		}
		return;
	}
	if (elapsedNs(last.last, time) > 0) {
		last.last = time;
	}
	const isJustBefore = elapsedNs(time, last.first) <= pauseNs;
	if (elapsedNs(time, last.first) > 0 && isJustBefore) {
		last.first = time;
	}
}

function isServer({ mac, ip, source }: Asker, offer: Message): boolean {
	const { ethernet, ipv4 } = offer.frame;
	const isSender = mac !== null && mac === ethernet?.source;
	return (
		isSender ||
		source === "router" ||
		ip === serverOf(offer) ||
		ip === ipv4?.source
	);
}
