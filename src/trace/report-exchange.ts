import { elapsedNs } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { serverOf } from "./dhcp-server.js";
import {
	answersOf,
	type ExchangeJudgement,
	type Message,
	type OpenExchange,
	questionsOf,
} from "./open-exchange.js";

/** Puts what was found out about an exchange into the words of the output. */
export function reportExchange(
	exchange: OpenExchange,
	judgement: ExchangeJudgement,
	revision: number,
): Exchange {
	const { messages, protocol } = exchange;
	const { outcome, decisive, reason, lease } = judgement;
	const [first] = messages;
	const isDelivered = outcome === "delivered" || outcome === "degraded";
	const isUnanswered = outcome === "unanswered";
	const mac =
		protocol === "dhcp"
			? exchange.asker
			: findFirst(messages, (journey) => journey.mac);
	return {
		id: exchange.id,
		revision,
		protocol,
		vm: findFirst(messages, (journey) =>
			journey.mac === mac ? journey.vm : null,
		),
		mac,
		xid: decisive.frame.dhcp?.transactionId ?? null,
		server: findServer(exchange, decisive),
		messages: messages.map(({ journey }) => ({
			message: journey.message,
			journey: journey.id,
			outcome: journey.outcome,
		})),
		roundTrip: protocol === "dhcp" ? null : findRoundTrip(exchange, decisive),
		outcome,
		message: decisive.journey.message,
		lastSeen: decisive.journey.lastSeen,
		firstMissing:
			isDelivered || isUnanswered ? null : decisive.journey.firstMissing,
		reason,
		causes: [],
		lease,
		summary: summarizeExchange(exchange, judgement),
		since: first?.time ?? decisive.time,
	};
}

function findFirst<Value>(
	messages: readonly Message[],
	read: (journey: Journey) => Value | null,
): Value | null {
	for (const { journey } of messages) {
		const value = read(journey);
		if (value !== null) {
			return value;
		}
	}
	return null;
}

function findServer(exchange: OpenExchange, decisive: Message) {
	if (exchange.protocol === "dhcp") {
		const answer =
			decisive.kind === "answer" ? decisive : answersOf(exchange)[0];
		return answer === undefined ? null : serverOf(answer);
	}
	const isError = decisive.frame.icmp?.quoted != null;
	return isError ? (decisive.frame.ipv4?.source ?? null) : null;
}

/** The last question before the answer is the one it answers. */
function findRoundTrip(
	exchange: OpenExchange,
	decisive: Message,
): Record<string, number> | null {
	const isEchoAnswer =
		exchange.protocol === "icmp" && decisive.kind === "answer";
	const answer = isEchoAnswer ? decisive : answersOf(exchange)[0];
	const question = questionsOf(exchange).findLast(
		({ time }) => answer && elapsedNs(time, answer.time) >= 0,
	);
	if (answer === undefined || question === undefined) {
		return null;
	}
	const roundTrip: Record<string, number> = {};
	for (const hop of answer.journey.hops) {
		const asked = question.journey.hops.find(
			(other) => other.interface === hop.interface,
		);
		if (asked !== undefined && hop.interface !== null) {
			roundTrip[hop.interface] = elapsedNs(asked.time, hop.time);
		}
	}
	return roundTrip;
}

/** `DISCOVER ×3, OFFER ×3` */
function countMessages(messages: readonly Message[]): string {
	const counts = new Map<string, number>();
	for (const { journey } of messages) {
		const name = journey.message.toUpperCase();
		counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	return Array.from(counts, ([name, count]) =>
		count === 1 ? name : `${name} ×${count}`,
	).join(", ");
}

function summarizeExchange(
	{ messages }: OpenExchange,
	{ decisive, lease }: ExchangeJudgement,
): SafeText {
	if (decisive.frame.dhcp !== null) {
		return makeSafe(
			lease === null
				? `DHCP ${countMessages(messages)}`
				: `DHCP lease ${lease.address} from ${lease.server}`,
		);
	}
	const question = messages.find(({ kind }) => kind === "question") ?? decisive;
	return question.journey.summary;
}
