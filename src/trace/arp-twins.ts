import type { Ipv4, Mac } from "../model/address.js";
import { elapsedNs } from "../model/capture.js";
import { arpOperation, type Frame } from "../model/frame.js";
import type { SafeText } from "../model/safe-text.js";
import { AgingMap } from "./aging-map.js";
import { arpPatienceNs } from "./judge-arp.js";
import {
	answersOf,
	type Message,
	type OpenExchange,
	questionsOf,
} from "./open-exchange.js";
import type { Whereabouts } from "./whereabouts.js";

/** A virtual router's MAC address, which several machines answer with (RFC 5798 section 7.3). */
const virtualRouter = /^00:00:5e:00:01:/;

/** Who answers for so many addresses answers in the place of others (proxy ARP). */
const proxiedAddresses = 4;
/** More machines than this are not watched. */
const answererLimit = 4096;

/** Who answers for which addresses, as far as it takes to know a proxy by it. */
export class ArpAnswerers {
	readonly #addresses = new AgingMap<Mac, ReadonlySet<Ipv4>>();

	note({ arp }: Frame): void {
		if (arp?.operation !== arpOperation.reply) {
			return;
		}
		const known = this.#addresses.get(arp.senderMac) ?? new Set();
		if (known.size < proxiedAddresses && !known.has(arp.senderIp)) {
			this.#addresses.renew(arp.senderMac, new Set([...known, arp.senderIp]));
			this.#addresses.shrink(answererLimit);
		}
	}

	isProxy(mac: Mac): boolean {
		return (this.#addresses.get(mac)?.size ?? 0) >= proxiedAddresses;
	}
}

/** An answer, and where it came in. */
interface Claim {
	readonly mac: Mac;
	readonly port: SafeText;
	readonly isHost: boolean;
}

/**
 * That two machines answer for one address, in words; null when they do not, or may be
 * meant to:
 *
 * - they are one machine: a VM with two NICs, or what came in by one port;
 * - one of them is a virtual router (VRRP);
 * - one of them answers in the place of others: the host for an address that it is not
 *   known to have, or who answers for many addresses.
 */
export function findTwins(
	exchange: OpenExchange,
	answerers: ArpAnswerers,
	whereabouts: Whereabouts,
): string | null {
	const answers = answersOf(exchange).filter((answer) =>
		isOfQuestion(answer, questionsOf(exchange)),
	);
	const address = answers[0]?.frame.arp?.senderIp;
	const claims = answers.flatMap((answer) => findClaim(answer) ?? []);
	const [first] = claims;
	const other = claims.find(
		({ mac, port }) => mac !== first?.mac && port !== first?.port,
	);
	if (!address || !first || !other) {
		return null;
	}
	const isMeant = claims.some(
		({ mac, isHost }) =>
			virtualRouter.test(mac) ||
			answerers.isProxy(mac) ||
			(isHost && !whereabouts.membership.hasAddress(address)),
	);
	const vm = whereabouts.vms.ofMac(first.mac);
	const isOne = vm !== null && vm === whereabouts.vms.ofMac(other.mac);
	return isMeant || isOne
		? null
		: `${address} is answered for by ${first.mac} at ${first.port} and by ${other.mac} at ${other.port}`;
}

/** Whether it came so soon after a question that it answers that one. */
function isOfQuestion(
	{ time }: Message,
	questions: readonly Message[],
): boolean {
	return questions.some((question) => {
		const afterNs = elapsedNs(question.time, time);
		return afterNs >= 0 && afterNs <= arpPatienceNs;
	});
}

/** Null where it is not known where the answer came in. */
function findClaim({ frame, journey }: Message): Claim | null {
	const [first] = journey.hops;
	const mac = frame.arp?.senderMac;
	const isHost = journey.source === "host" && first?.direction === "out";
	return mac && first?.interface && (isHost || first.direction === "in")
		? { mac, port: first.interface, isHost }
		: null;
}
