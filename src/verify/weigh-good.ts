import { elapsedNs, type LogTime } from "../model/capture.js";
import type { ExchangeOutcome } from "../model/exchange.js";
import { type Contact, contactKinds } from "./contact.js";
import { isBlamed, summarizeCauses } from "./lost.js";

/** What all contacts come to, and the one that decides. */
export interface Weighed {
	readonly outcome: ExchangeOutcome;
	readonly decisive: Contact;
	/** Why it is degraded or inconclusive; else null. */
	readonly reason: string | null;
}

/** What contacts are weighed by, besides themselves. */
export interface ContactCircumstances {
	/** The gateway is this host. */
	readonly isHost: boolean;
	/** Of the log. */
	readonly end: LogTime | null;
	/** When the VM was heard last; null: never. */
	readonly heard: LogTime | null;
}

/** A question that is older than this at the end of the log should have its answer. */
const answerNs = 5_000_000_000;

/**
 * The gateway's question reached the tap, and no frame of the VM was seen since. That it
 * asks again while the log ends says nothing.
 */
export function findDeafGuest(
	contacts: readonly Contact[],
	{ heard, end }: ContactCircumstances,
): Weighed | null {
	const decisive = contacts.findLast(
		(contact) => contact.kind === "called" && !isCut(contact, end),
	);
	if (decisive?.result !== "silent") {
		return null;
	}
	const { since } = decisive.traced.exchange;
	const isHeard = heard !== null && elapsedNs(since, heard) > 0;
	const reason = "the VM does not answer its gateway";
	return isHeard ? null : { outcome: "degraded", decisive, reason };
}

/** Not what the log was too short for: an answer may come behind its end. */
export function findDoubt(
	contacts: readonly Contact[],
	{ end }: ContactCircumstances,
): Weighed | null {
	const own = contacts.filter(({ kind }) => kind === "arp" || kind === "echo");
	const decisive = own.at(-1);
	if (decisive?.result !== "unknown" || isCut(decisive, end)) {
		return null;
	}
	const reason = decisive.traced.exchange.reason ?? "its answer was not seen";
	return { outcome: "inconclusive", decisive, reason };
}

/** Nothing can be told of it, and the log may only have been too short for its answer. */
function isCut({ result, traced }: Contact, end: LogTime | null): boolean {
	return (
		result === "unknown" &&
		(end === null || elapsedNs(traced.exchange.since, end) <= answerNs)
	);
}

/** Behind NAT, the gateway is only half of the way. */
export function lackExit(contacts: readonly Contact[]): Weighed | null {
	const decisive = contacts.findLast(({ result }) => result === "good");
	const reason = "nothing of it was seen to go out by an uplink";
	return decisive ? { outcome: "inconclusive", decisive, reason } : null;
}

/** The VM's own questions tell more than what it was asked. */
export function findGood(contacts: readonly Contact[]): Weighed | null {
	const good = contacts.filter(({ result }) => result === "good");
	const decisive =
		good.findLast(({ kind }) => kind !== "called") ?? good.at(-1);
	if (decisive === undefined) {
		return null;
	}
	return (
		findRefusal(contacts) ??
		findDegraded(good) ??
		findEarlier(contacts, decisive) ?? {
			outcome: "delivered",
			decisive,
			reason: null,
		}
	);
}

/** The gateway answers for itself, and refuses what is beyond it. */
function findRefusal(contacts: readonly Contact[]): Weighed | null {
	const beyond = contacts.filter(({ kind }) => kind === "beyond");
	const decisive = beyond.findLast(({ result }) => result !== "unknown");
	if (decisive?.result !== "refused") {
		return null;
	}
	const { server } = decisive.traced.exchange;
	const target = decisive.question.addresses.destination;
	const reason = `${server} refuses the way to ${target} by an ICMP error`;
	return { outcome: "degraded", decisive, reason };
}

/**
 * The latest of its kind was answered, and not as it should be: by two, say. A ping that
 * went well says nothing of who answers a who-has.
 */
function findDegraded(good: readonly Contact[]): Weighed | null {
	const latest = contactKinds.flatMap((kind) => {
		const own = good.filter((contact) => contact.kind === kind);
		const isArp = ({ question }: Contact) => question.protocol === "arp";
		return [
			own.findLast(isArp) ?? [],
			own.findLast((contact) => !isArp(contact)) ?? [],
		].flat();
	});
	const decisive = latest.find(
		({ traced: { exchange } }) =>
			exchange.outcome === "degraded" || isBlamed(exchange.causes),
	);
	if (decisive === undefined) {
		return null;
	}
	const { reason, causes } = decisive.traced.exchange;
	const why = reason ?? summarizeCauses(causes) ?? "not as it should be";
	return { outcome: "degraded", decisive, reason: why };
}

function findEarlier(
	contacts: readonly Contact[],
	decisive: Contact,
): Weighed | null {
	const bad = contacts.findLast(({ kind, result }) => {
		const isRefused = result === "refused" && kind === "echo";
		const isSilent = result === "silent" && kind === "arp";
		return result === "lost" || isRefused || isSilent;
	});
	if (bad === undefined) {
		return null;
	}
	const { summary, outcome } = bad.traced.exchange;
	const reason = `before it worked, ${summary} was ${outcome}`;
	return { outcome: "degraded", decisive, reason };
}

/** All that was seen cannot be told of. */
export function findUnknown(contacts: readonly Contact[]): Weighed | null {
	const decisive = contacts.at(-1);
	return decisive === undefined
		? null
		: {
				outcome: "inconclusive",
				decisive,
				reason: decisive.traced.exchange.reason ?? "its answer was not seen",
			};
}
