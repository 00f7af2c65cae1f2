import { elapsedNs } from "../model/capture.js";
import type { Contact } from "./contact.js";
import {
	type ContactCircumstances,
	findDeafGuest,
	findDoubt,
	findGood,
	findUnknown,
	lackExit,
	type Weighed,
} from "./weigh-good.js";

/** So many questions in a row must stay without an answer before silence counts. */
const silencesNeeded = 3;

/** Contacts of one kind of traffic, in order of time. */
interface Track {
	readonly contacts: readonly Contact[];
	/** The latest that tells anything of the way. */
	readonly latest: Contact | null;
}

/**
 * Weighs what was seen between a VM and its gateway. ARP and IP go their own ways through
 * a host: a firewall that drops the one lets the other pass. So the latest of each counts,
 * and what is proven bad comes first:
 *
 * 1. lost on this host; a who-has no more when a ping went well behind it;
 * 2. refused by an ICMP error of the gateway's;
 * 3. a who-has that left and was not answered, unless a ping went well behind it;
 * 4. pings that left and were not answered, three in a row: of a gateway that answers
 *    who-has, that is degraded, as it may be set so;
 * 5. a VM that the gateway asks in vain, and that is not heard any more, is degraded: the
 *    way is good;
 * 6. what was asked since, and is without an answer that can be told of, is not known;
 * 7. behind a host that routes, nothing is known until something was seen to go out;
 * 8. else it is good; degraded when it was not at first, when the gateway refuses what is
 *    beyond it, or when two answered.
 *
 * @returns null when nothing was seen
 */
export function weighContacts(
	contacts: readonly Contact[],
	circumstances: ContactCircumstances,
): Weighed | null {
	const { isHost } = circumstances;
	const arp = trackOf(contacts, (one) => one.question.protocol === "arp");
	const isOut = ({ kind }: Contact) => kind === "beyond";
	const ip = trackOf(
		contacts,
		(one) =>
			one.question.protocol === "icmp" &&
			(!isOut(one) ||
				(!isHost && one.result !== "silent" && one.result !== "refused")),
	);
	const out = trackOf(contacts, (one) => isHost && isOut(one));
	return (
		findBad(arp, ip, out) ??
		findSilence(arp, ip, out) ??
		findDeafGuest(contacts, circumstances) ??
		findDoubt(contacts, circumstances) ??
		(isHost && out.latest === null ? lackExit(contacts) : null) ??
		findGood(contacts) ??
		findUnknown(contacts)
	);
}

function trackOf(
	all: readonly Contact[],
	isWanted: (contact: Contact) => boolean,
): Track {
	const contacts = all.filter(isWanted);
	const latest = contacts.findLast(
		({ result, kind }) =>
			result !== "unknown" && !(result === "silent" && kind === "called"),
	);
	return { contacts, latest: latest ?? null };
}

function findBad(arp: Track, ip: Track, out: Track): Weighed | null {
	const isOver = isBehind(arp.latest, ip.latest);
	const lost = [out.latest, ip.latest, isOver ? null : arp.latest].find(
		(contact) => contact?.result === "lost",
	);
	if (lost) {
		return { outcome: "lost", decisive: lost, reason: null };
	}
	const refused = [out.latest, ip.latest].find(
		(contact) => contact?.result === "refused",
	);
	if (refused) {
		return { outcome: "refused", decisive: refused, reason: null };
	}
	const isAsked = arp.latest?.result === "silent" && arp.latest.kind === "arp";
	return arp.latest && isAsked && !isOver
		? { outcome: "unanswered", decisive: arp.latest, reason: null }
		: null;
}

/** Whether a ping went well behind a who-has: then that was mended. */
function isBehind(arp: Contact | null, ip: Contact | null): boolean {
	return (
		arp !== null &&
		ip?.result === "good" &&
		elapsedNs(arp.traced.exchange.since, ip.traced.exchange.since) > 0
	);
}

function findSilence(arp: Track, ip: Track, out: Track): Weighed | null {
	const isAnswered = arp.latest?.result === "good";
	for (const track of [out, ip]) {
		const { latest } = track;
		if (latest?.result !== "silent") {
			continue;
		}
		const target = latest.question.addresses.destination;
		if (track === ip && isAnswered) {
			const reason = `${target} answers who-has and not pings, which it may be set to`;
			return { outcome: "degraded", decisive: latest, reason };
		}
		const count = countSilences(track);
		if (count >= silencesNeeded) {
			return { outcome: "unanswered", decisive: latest, reason: null };
		}
		const reason = `${target} did not answer ${count === 1 ? "a ping" : `${count} pings`}, which is too little to tell`;
		return { outcome: "inconclusive", decisive: latest, reason };
	}
	return null;
}

/** How many in a row were not answered at the end of a track. */
export function countSilences({ contacts }: Pick<Track, "contacts">): number {
	const told = contacts.filter(({ result }) => result !== "unknown");
	const answered = told.findLastIndex(({ result }) => result !== "silent");
	return told.length - 1 - answered;
}
