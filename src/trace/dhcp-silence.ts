import { elapsedNs, type LogTime } from "../model/capture.js";
import { dhcpType } from "../model/dhcp.js";
import {
	decideByFate,
	type ExchangeJudgement,
	formatTimes,
	type Message,
	type OpenExchange,
	questionsOf,
} from "./open-exchange.js";

/** A DHCP client waits so long before it asks again (RFC 2131 section 4.1). */
export const dhcpPatienceNs = 4_000_000_000;

const retransmissionsNeeded = 2;

/** Whether a message is a DISCOVER, an OFFER, … */
export function isOfType(
	{ frame }: Message,
	type: keyof typeof dhcpType,
): boolean {
	return frame.dhcp?.messageType === dhcpType[type];
}

/**
 * Judges a client's message that nothing answered (rule 11).
 *
 * @param vain DISCOVERs that the client had sent in other transactions, in vain
 */
export function judgeUnanswered(
	exchange: OpenExchange,
	question: Message,
	end: LogTime,
	vain: readonly Message[],
): ExchangeJudgement {
	if (isOfType(question, "release")) {
		return decideByFate(question, "delivered");
	}
	const own = questionsOf(exchange).filter(
		({ journey }) => journey.message === question.journey.message,
	);
	if (isLongInVain(own, end)) {
		return decideByFate(question, "unanswered");
	}
	const all = isOfType(question, "discover") ? [...vain, ...own] : own;
	if (isLongInVain(all, end)) {
		return decideByFate(question, "unanswered", describeSeries(all));
	}
	const times = formatTimes(own.length);
	const waitedNs = elapsedNs(own[0]?.time ?? question.time, end);
	return decideByFate(
		question,
		"inconclusive",
		`${question.journey.message} seen ${times} in ${(waitedNs / 1e9).toFixed(1)} s without an answer, which is too little to call it unanswered`,
	);
}

/** Whether a client asked for as long, and as often, as makes it unanswered (rule 11). */
export function isLongInVain(asked: readonly Message[], end: LogTime): boolean {
	const [first] = asked;
	return (
		first !== undefined &&
		asked.length > retransmissionsNeeded &&
		elapsedNs(first.time, end) >= dhcpPatienceNs
	);
}

function describeSeries(asked: readonly Message[]): string {
	const [first, last] = [asked[0], asked.at(-1)];
	const spanNs = first && last ? elapsedNs(first.time, last.time) : 0;
	const transactions = new Set(
		asked.map(({ frame }) => frame.dhcp?.transactionId),
	);
	return `there was no answer to ${asked.length} DISCOVERs in ${(spanNs / 1e9).toFixed(1)} s, ${transactions.size === asked.length ? "each in a transaction of its own" : `in ${transactions.size} transactions`}`;
}
