import { elapsedNs, type LogTime } from "../model/capture.js";
import { icmpType } from "../wire/icmp-types.js";
import {
	answersOf,
	decideByFate,
	type ExchangeJudgement,
	isDelivered,
	type OpenExchange,
	questionsOf,
} from "./open-exchange.js";

/** An echo that was not answered in this time, in nanoseconds, is unanswered. */
export const echoPatienceNs = 2_000_000_000;

/**
 * Judges an echo request and what came of it.
 *
 * - A reply that arrived: delivered. An ICMP error about it: refused.
 * - A reply that was lost, else a request that was lost: lost.
 * - A request that arrived, and nothing came back in two seconds of log: unanswered; but
 *   when the capture ends before, or when it is excused: inconclusive.
 *
 * @param excuse why no answer is no fault; null when it is one
 */
export function judgeEcho(
	exchange: OpenExchange,
	end: LogTime,
	excuse: string | null,
): ExchangeJudgement | null {
	const [question] = questionsOf(exchange);
	if (question === undefined) {
		return null;
	}
	const answers = answersOf(exchange);
	const answer = answers.find(isDelivered) ?? answers[0];
	if (answer !== undefined) {
		const isReply = answer.frame.icmp?.type === icmpType.echoReply;
		return decideByFate(answer, isReply ? "delivered" : "refused");
	}
	const waitedNs = elapsedNs(question.time, end);
	const reason =
		excuse ??
		(waitedNs < echoPatienceNs
			? `the capture ended ${Math.round(waitedNs / 1e6)} ms after the request`
			: null);
	const outcome = reason === null ? "unanswered" : "inconclusive";
	return decideByFate(question, outcome, reason);
}
