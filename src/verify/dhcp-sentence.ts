import { elapsedNs } from "../model/capture.js";
import type { Journey } from "../model/journey.js";
import type { VmAddress } from "../model/verdict.js";
import type { Assessment } from "./assessment.js";
import {
	type AttemptKind,
	kindOf,
	questionsOf,
	tookNs,
} from "./dhcp-attempt.js";
import type { LogState, TracedExchange } from "./evidence.js";
import { describeAddresses } from "./known-addresses.js";
import { countAsked, describeLost, summarizeCauses } from "./lost.js";
import { nameWithState, type Subject } from "./subject.js";
import { findDeparture } from "./uplink.js";
import { formatAge, formatSpan } from "./words.js";

/** What came of a VM's latest attempt, in one line. */
export function describeAttempt(
	subject: Subject,
	assessment: Assessment,
	earlier: readonly TracedExchange[],
	state: LogState,
): string {
	const { attempt, outcome, reason, causes } = assessment;
	switch (outcome) {
		case "delivered":
			return describeLease(subject, attempt);
		case "degraded":
			return attempt.exchange.lease === null
				? describeSilence(subject, attempt, reason)
				: `${describeLease(subject, attempt)}, but ${reason}`;
		case "refused":
			return describeRefusal(subject, attempt);
		case "lost": {
			const lost = findDecisive(attempt, "lost");
			return lost === null
				? `DHCP of ${subject.name} was lost between ${attempt.exchange.lastSeen} and ${attempt.exchange.firstMissing}`
				: describeLost(lost, subject, causes);
		}
		case "unanswered":
			return describeUnanswered(subject, assessment, earlier, state);
		case "inconclusive":
			return `Whether DHCP reaches ${subject.name} cannot be told: ${reason}${describeLastLease(attempt, earlier)}`;
	}
}

/** Nothing was seen: what the VM is known to have. */
export function describeNothing(
	subject: Subject,
	addresses: readonly VmAddress[],
): string {
	return `No DHCP of ${nameWithState(subject)} was seen: ${describeAddresses(addresses, "lease")}`;
}

const leaseWords: Readonly<
	Record<AttemptKind, (address: string, server: string) => string>
> = {
	discover: (address, server) => `got ${address} from ${server}`,
	"rapid-commit": (address, server) =>
		`got ${address} by rapid commit from ${server}`,
	"init-reboot": (address, server) => `got ${address} again from ${server}`,
	renew: (address, server) => `renewed ${address} with ${server}`,
	rebind: (address, server) => `rebound ${address} with ${server}`,
};

function describeLease({ name }: Subject, attempt: TracedExchange): string {
	const { lease, server } = attempt.exchange;
	const took = tookNs(attempt);
	const span = took === null ? "" : ` in ${formatSpan(took)}`;
	const words = leaseWords[kindOf(attempt)](
		lease?.address ?? "its address",
		lease?.server ?? server ?? "a server",
	);
	return `${name} ${words}${span}${describeDelay(attempt)}`;
}

/** What a lease that is as it should be had to wait for. */
function describeDelay({ exchange }: TracedExchange): string {
	const { outcome, reason } = exchange;
	return outcome === "delivered" && reason !== null ? ` (${reason})` : "";
}

/** The OFFER was handed to the tap; whether the guest took it, it does not say. */
function describeSilence(
	{ name }: Subject,
	attempt: TracedExchange,
	reason: string | null,
): string {
	const offer = findDecisive(attempt, "delivered");
	return offer?.message === "offer"
		? `The OFFER of ${attempt.exchange.server} reached ${offer.lastSeen} and ${name} did not go on${describeMore(reason)}`
		: `DHCP reaches ${name}, but ${reason}`;
}

/** What was said besides by the degradations. */
function describeMore(reason: string | null): string {
	const [, ...more] = (reason ?? "").split("; ");
	return more.map((one) => `; ${one}`).join("");
}

function describeRefusal({ name }: Subject, attempt: TracedExchange): string {
	const { exchange } = attempt;
	const { message, server } = exchange;
	const refusal = findDecisive(attempt, "delivered");
	if (message === "decline") {
		return `${name} declined the address that ${server ?? "the server"} gave it: by its own check somebody else has it`;
	}
	const words = /"(.*)"$/.exec(refusal?.summary ?? "")?.[1];
	const why = words === undefined ? "" : `: "${words}"`;
	return `${server ?? "A server"} refused ${name}'s REQUEST by a NAK${why}`;
}

function describeUnanswered(
	{ name }: Subject,
	{ attempt, causes }: Assessment,
	earlier: readonly TracedExchange[],
	state: LogState,
): string {
	const { message } = attempt.exchange;
	const asked = findAsked(attempt, earlier);
	const last = asked.at(-1);
	const times = countAsked(asked);
	const answer = message === "discover" ? "OFFER" : "ACK";
	const question = message.toUpperCase();
	const blame = summarizeCauses(causes);
	if (last && findDeparture(last, state) === "to-this-host") {
		const why = blame ?? "this host's own DHCP server did not answer";
		return `${name}'s ${question} reached ${last.lastSeen} ${times} and no ${answer} came back: ${why}`;
	}
	const why = blame === null ? "" : `, ${blame}`;
	return `${name}'s ${question} left by ${last?.lastSeen} ${times} and no ${answer} came back: the trouble is beyond ${last?.lastSeen}${why}`;
}

/**
 * What was asked in vain. Where the messages of one attempt are too few to call it
 * unanswered, those of the attempts before it count as well, back to one that did not get
 * out or was answered.
 */
function findAsked(
	attempt: TracedExchange,
	earlier: readonly TracedExchange[],
): readonly Journey[] {
	const { message, reason } = attempt.exchange;
	const isOfKind = (question: Journey) => question.message === message;
	const own = questionsOf(attempt).filter(isOfKind);
	const others = reason === null ? [] : earlier;
	const end = others.findLastIndex(
		({ exchange, journeys }) =>
			exchange.server !== null ||
			!journeys.every((one) => isOfKind(one) && one.outcome === "delivered"),
	);
	return [...others.slice(end + 1).flatMap(questionsOf), ...own];
}

function describeLastLease(
	{ exchange }: TracedExchange,
	earlier: readonly TracedExchange[],
): string {
	const before = earlier.findLast((one) => one.exchange.lease !== null);
	const lease = before?.exchange.lease;
	if (!lease) {
		return "";
	}
	const seconds = elapsedNs(lease.since, exchange.since) / 1e9;
	return `; it had got ${lease.address} ${formatAge(seconds)} before`;
}

/** The journey of the message that decided. */
function findDecisive(
	{ exchange, journeys }: TracedExchange,
	outcome: Journey["outcome"],
): Journey | null {
	return (
		journeys.findLast(
			(journey) =>
				journey.message === exchange.message && journey.outcome === outcome,
		) ?? null
	);
}
