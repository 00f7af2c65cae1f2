import type { Ipv4 } from "../model/address.js";
import { elapsedNs } from "../model/capture.js";
import { dhcpPatienceNs } from "../trace/dhcp-silence.js";
import { tookNs } from "./dhcp-attempt.js";
import type { TracedExchange } from "./evidence.js";
import type { UnexpectedServer } from "./expected-servers.js";
import { countTimes, formatSpan, listWords } from "./words.js";

/** What went wrong before a client had its lease, or since; none: all went well. */
export function findDegradations(
	attempt: TracedExchange,
	earlier: readonly TracedExchange[],
	unexpected: readonly UnexpectedServer[],
	expected: readonly Ipv4[],
): string[] {
	const { exchange } = attempt;
	const isServersOnly =
		expected.length > 0 &&
		exchange.lease !== null &&
		findOwnTrouble(attempt) === null;
	const isFine = exchange.outcome !== "degraded" || isServersOnly;
	const own = isFine ? null : exchange.reason;
	const before = earlier.findLast((one) => findTrouble(one) !== null);
	const servers = unexpected.map(({ server }) => server);
	return [
		...(own === null ? [] : [own]),
		...(before === undefined ? [] : [describeEarlier(before, attempt)]),
		...(servers.length === 0
			? []
			: [
					`${listWords(servers)} answered, which ${servers.length === 1 ? "is" : "are"} not expected`,
				]),
	];
}

/**
 * Why an exchange would be degraded if all who answered were expected: the exchange itself
 * tells only the first reason.
 */
function findOwnTrouble(attempt: TracedExchange): string | null {
	const { messages } = attempt.exchange;
	const isRepeated = hasRepeated(attempt);
	const isLost = messages.some(({ outcome }) => outcome === "lost");
	const isRefused = messages.some(({ message }) => message === "nak");
	const isLate = (tookNs(attempt) ?? 0) > dhcpPatienceNs;
	return isRepeated || isLost || isRefused || isLate
		? attempt.exchange.reason
		: null;
}

/** Whether the client asked again, and not only for more OFFERs than the one it had. */
function hasRepeated({ journeys }: TracedExchange): boolean {
	const offer = journeys.findIndex(
		({ message, outcome }) => message === "offer" && outcome === "delivered",
	);
	const asked = journeys
		.filter(
			({ message }, index) =>
				(message === "discover" && (offer < 0 || index < offer)) ||
				message === "request",
		)
		.map(({ message }) => message);
	return new Set(asked).size < asked.length;
}

/** What went wrong in an attempt, in words that follow its kind; null: nothing. */
function findTrouble({ exchange, journeys }: TracedExchange): string | null {
	const { outcome, messages, server, reason } = exchange;
	const lost = journeys.findLast((journey) => journey.outcome === "lost");
	if (lost !== undefined) {
		return `the ${lost.message.toUpperCase()} was lost between ${lost.lastSeen} and ${lost.firstMissing}`;
	}
	if (messages.some(({ message }) => message === "nak")) {
		return `it was refused (NAK) by ${server}`;
	}
	if (messages.some(({ message }) => message === "decline")) {
		return "the guest declined the address";
	}
	if (outcome === "unanswered") {
		return (
			reason ??
			`${exchange.message.toUpperCase()} was not answered, sent ${countTimes(messages.length)}`
		);
	}
	return null;
}

function describeEarlier(
	before: TracedExchange,
	{ exchange }: TracedExchange,
): string {
	const ago = formatSpan(elapsedNs(before.exchange.since, exchange.since));
	return `${ago} earlier ${findTrouble(before)}`;
}
