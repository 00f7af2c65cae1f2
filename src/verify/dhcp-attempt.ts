import { broadcastIpv4, unspecifiedIpv4 } from "../model/address.js";
import { elapsedNs } from "../model/capture.js";
import type { Journey } from "../model/journey.js";
import type { TracedExchange } from "./evidence.js";

/** How a client came to its lease, or tried to (RFC 2131 section 4.4, RFC 4039). */
export type AttemptKind =
	| "discover"
	| "rapid-commit"
	| "init-reboot"
	| "renew"
	| "rebind";

/** Messages by which a client asks for a lease, or says no to one. */
const asking = new Set(["discover", "request", "decline"]);
const notAsking = new Set(["inform", "release"]);

/**
 * Whether an exchange is a client's attempt at a lease. INFORM asks for none (RFC 2131
 * section 3.4), RELEASE gives one back; what a relay of this host asks for a VM is not
 * the VM's.
 */
export function isAttempt({ exchange, journeys }: TracedExchange): boolean {
	const { protocol, messages } = exchange;
	const names = messages.map(({ message }) => message);
	const question = journeys.find(({ message }) => asking.has(message));
	const isRelays = question?.source === "host" || question?.source === "router";
	return (
		protocol === "dhcp" &&
		!isRelays &&
		(names.some((name) => asking.has(name)) ||
			!names.some((name) => notAsking.has(name)))
	);
}

/**
 * The kind of an attempt, by its messages and the addresses of its first REQUEST: one
 * without an address of its own reboots, one to a server renews, one to all rebinds.
 */
export function kindOf({ exchange, journeys }: TracedExchange): AttemptKind {
	const names = exchange.messages.map(({ message }) => message);
	if (names.includes("discover")) {
		const isAtOnce = names.includes("ack") && !names.includes("request");
		return isAtOnce ? "rapid-commit" : "discover";
	}
	const request = journeys.find(({ message }) => message === "request");
	const { source, destination } = request?.addresses ?? {};
	if (source == null || source === unspecifiedIpv4) {
		return "init-reboot";
	}
	return destination === broadcastIpv4 ? "rebind" : "renew";
}

/** The journeys of what the client asked, in order of time. */
export function questionsOf({ journeys }: TracedExchange): Journey[] {
	return journeys.filter(({ message }) => asking.has(message));
}

/**
 * From the client's first question until it was handed its answer, in nanoseconds; null
 * without an answer.
 */
export function tookNs(attempt: TracedExchange): number | null {
	const { exchange, journeys } = attempt;
	const [first] = questionsOf(attempt);
	const answer = journeys.findLast(
		({ message, outcome }) =>
			message === exchange.message && outcome === "delivered",
	);
	const last = answer?.hops.at(-1);
	const begun = first?.hops[0]?.time;
	const { lease } = exchange;
	if (lease === null) {
		return null;
	}
	return begun === undefined || last === undefined
		? elapsedNs(exchange.since, lease.since)
		: elapsedNs(begun, last.time);
}
