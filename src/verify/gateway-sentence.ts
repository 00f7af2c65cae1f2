import type { Ipv4 } from "../model/address.js";
import type { Cause } from "../model/exchange.js";
import type { VmAddress } from "../model/verdict.js";
import {
	type Contact,
	type ContactKind,
	contactKinds,
	roundTripOf,
} from "./contact.js";
import type { FoundGateway } from "./find-gateway.js";
import { describeAddresses } from "./known-addresses.js";
import {
	countAsked,
	describeLost,
	nameMessage,
	summarizeCauses,
} from "./lost.js";
import { nameWithState, type Subject } from "./subject.js";
import { countSilences } from "./weigh-contacts.js";
import type { Weighed } from "./weigh-good.js";
import { countTimes, formatSpan } from "./words.js";

type Found = Weighed & { readonly causes: readonly Cause[] };

/** What was seen between a VM and its gateway, in one line. */
export function describeContacts(
	subject: Subject,
	gateway: FoundGateway,
	contacts: readonly Contact[],
	found: Found,
): string {
	const { outcome, reason, decisive, causes } = found;
	const { name } = subject;
	switch (outcome) {
		case "delivered":
			return describeGood(name, gateway, contacts);
		case "degraded":
			return decisive.result === "good"
				? `${describeGood(name, gateway, contacts)}, but ${reason}`
				: describeHalf(subject, gateway, found, contacts);
		case "refused":
			return `${decisive.traced.exchange.server ?? gateway.address} refused ${name}'s ${nameMessage(decisive.question)}: ${summarizeCauses(causes) ?? decisive.traced.exchange.message.replaceAll("-", " ")}`;
		case "lost": {
			const lost = decisive.traced.journeys.findLast(
				(journey) => journey.outcome === "lost",
			);
			return lost === undefined
				? `What ${name} and its gateway ${gateway.address} say to each other was lost on this host`
				: describeLost(lost, subject, causes);
		}
		case "unanswered":
			return describeUnanswered(name, contacts, found);
		case "inconclusive":
			return `Whether ${name} reaches its gateway ${gateway.address} cannot be told: ${reason}${describeParts(contacts, "; yet ")}`;
	}
}

/** Nothing was seen: whom the VM should ask, and what it is known to have. */
export function describeNoContact(
	subject: Subject,
	gateway: Ipv4 | null,
	addresses: readonly VmAddress[],
): string {
	const whom = nameWithState(subject);
	return gateway === null
		? `The gateway of ${whom} is not known: no lease was seen that names it`
		: `Nothing passed between ${whom} and its gateway ${gateway}: ${describeAddresses(addresses, "address")}`;
}

function describeGood(
	name: string,
	{ address }: FoundGateway,
	contacts: readonly Contact[],
): string {
	return `${name} reaches its gateway ${address}${describeParts(contacts, ": ")}`;
}

/** `who-has answered in 0.1 ms, ping in 0.07 ms, 203.0.113.9 beyond it in 0.18 ms` */
function describeParts(contacts: readonly Contact[], lead: string): string {
	const parts: Readonly<Record<ContactKind, (one: Contact) => string>> = {
		arp: () => "who-has answered",
		echo: () => "ping answered",
		beyond: ({ question, traced }) =>
			traced.exchange.outcome === "refused"
				? `${traced.exchange.server} beyond it answered by an error`
				: `${question.addresses.destination} beyond it answered`,
		called: () => "its own question answered",
	};
	const good = contactKinds.flatMap(
		(kind) =>
			contacts.findLast((one) => one.kind === kind && one.result === "good") ??
			[],
	);
	const told = good.some(({ kind }) => kind !== "called")
		? good.filter(({ kind }) => kind !== "called")
		: good;
	const words = told.map((one) => {
		const ns = roundTripOf(one);
		const span = ns === null ? "" : ` in ${formatSpan(ns)}`;
		return `${parts[one.kind](one)}${span}`;
	});
	return words.length === 0 ? "" : `${lead}${words.join(", ")}`;
}

/** The way is whole, and one of the two does not answer. */
function describeHalf(
	{ name }: Subject,
	{ address }: FoundGateway,
	{ decisive, reason }: Found,
	contacts: readonly Contact[],
): string {
	if (decisive.kind !== "called") {
		return `${name} reaches its gateway ${address}${describeParts(contacts, ": ")}, but ${reason}`;
	}
	const { question, traced } = decisive;
	const times = countTimes(
		traced.journeys.filter(({ message }) => message === question.message)
			.length,
	);
	return `The ${nameMessage(question)} of the gateway ${address} reached ${question.lastSeen} ${times} and ${name} did not answer`;
}

function describeUnanswered(
	name: string,
	contacts: readonly Contact[],
	{ decisive, causes }: Found,
): string {
	const { question, traced, kind } = decisive;
	const same = contacts.filter((contact) => contact.kind === kind);
	const asked =
		kind === "arp"
			? traced.journeys.filter(({ message }) => message === "request")
			: same
					.slice(-countSilences({ contacts: same }))
					.map((contact) => contact.question);
	const blame = summarizeCauses(causes);
	const why = blame === null ? "" : `, ${blame}`;
	return `${name}'s ${nameMessage(question)} left by ${question.lastSeen} ${countAsked(asked)} and no answer came back: the trouble is beyond ${question.lastSeen}${why}`;
}
