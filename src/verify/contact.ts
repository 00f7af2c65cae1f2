import type { Ipv4 } from "../model/address.js";
import type { Journey } from "../model/journey.js";
import { isQuestion } from "./clients.js";
import { closesWay } from "./errors.js";
import type { Evidence, LogState, TracedExchange, VmCard } from "./evidence.js";
import { findDeparture } from "./uplink.js";

/**
 * What a VM and its gateway have to do with each other:
 *
 * - `arp`, `echo`: the VM asks the gateway;
 * - `beyond`: the VM pings through the gateway;
 * - `called`: the gateway asks the VM.
 */
export type ContactKind = (typeof contactKinds)[number];

export const contactKinds = ["arp", "echo", "beyond", "called"] as const;

/** What an exchange tells of the way to the gateway. `silent`: the trouble is beyond it. */
export type ContactResult = "good" | "lost" | "refused" | "silent" | "unknown";

/** An exchange that tells of the way between a VM and its gateway. */
export interface Contact {
	readonly kind: ContactKind;
	readonly result: ContactResult;
	readonly traced: TracedExchange;
	readonly question: Journey;
}

/** Of a VM that has a gateway: all that tells of the way there, in order of time. */
export function findContacts(
	card: VmCard,
	gateway: Ipv4,
	evidence: Evidence,
	state: LogState,
): Contact[] {
	const resultOf = (traced: TracedExchange, kind: ContactKind) =>
		traced.exchange.outcome === "refused" && kind === "beyond"
			? judgeError(traced, gateway, evidence)
			: findResult(traced, kind, state);
	return evidence
		.exchangesOf(card, ({ exchange }) => exchange.protocol !== "dhcp")
		.flatMap((traced) => {
			const question = findQuestion(traced);
			const kind = question && kindOf(question, gateway, state);
			return question && kind
				? [{ kind, result: resultOf(traced, kind), traced, question }]
				: [];
		});
}

/** The who-has or echo request of an exchange, as it was asked last. */
export function findQuestion({ journeys }: TracedExchange): Journey | null {
	return journeys.findLast(isQuestion) ?? null;
}

/** At the port where it was asked, in nanoseconds; null: not known. */
export function roundTripOf({ traced, question }: Contact): number | null {
	const asked = question.hops[0]?.interface ?? null;
	const { roundTrip } = traced.exchange;
	return asked === null ? null : (roundTrip?.[asked] ?? null);
}

/** A question that is lost on its way through the host is addressed to the host. */
function kindOf(
	question: Journey,
	gateway: Ipv4,
	{ ports }: LogState,
): ContactKind | null {
	const { source, destination, addresses, protocol, expected } = question;
	if (source !== "vm") {
		return addresses.source === gateway ? "called" : null;
	}
	if (addresses.destination === gateway) {
		return protocol === "arp" ? "arp" : "echo";
	}
	const uplinks = ports.filter(({ role }) => role === "uplink");
	const isOut =
		destination === "router" ||
		destination === "lan" ||
		uplinks.some(({ name }) => expected.includes(name));
	return protocol === "icmp" && isOut ? "beyond" : null;
}

/** A question that was not answered need not have left: then nothing is known. */
function findResult(
	{ exchange, journeys }: TracedExchange,
	kind: ContactKind,
	state: LogState,
): ContactResult {
	switch (exchange.outcome) {
		case "delivered":
		case "degraded":
			return "good";
		case "refused":
			return "refused";
		case "lost":
			return "lost";
		case "unanswered": {
			const asked = findQuestion({ exchange, journeys });
			const isGone =
				kind === "called" ||
				(asked && findDeparture(asked, state) !== "not-known");
			return isGone ? "silent" : "unknown";
		}
		case "inconclusive":
			return "unknown";
	}
}

/**
 * An ICMP error about a ping beyond the gateway:
 *
 * - of the gateway's own, that there is no way or that it is forbidden: refused;
 * - else of this host's: it says nothing of the way beyond it;
 * - else it came the whole way back: the way is good.
 */
function judgeError(
	traced: TracedExchange,
	gateway: Ipv4,
	{ errors }: Evidence,
): ContactResult {
	const question = findQuestion(traced);
	const error = question ? errors.of(question) : null;
	if (error !== null && error.sender === gateway && closesWay(error)) {
		return "refused";
	}
	const answer = traced.journeys.findLast(({ source }) => source !== "vm");
	return answer === undefined || answer.source === "host" ? "unknown" : "good";
}
