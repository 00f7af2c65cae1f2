import { elapsedNs, type LogTime } from "../model/capture.js";
import { icmpType } from "../wire/icmp-types.js";
import {
	answersOf,
	decideByFate,
	type ExchangeJudgement,
	isDelivered,
	type Message,
	type OpenExchange,
	questionsOf,
} from "./open-exchange.js";

/** An echo that was not answered in this time, in nanoseconds, is unanswered. */
export const echoPatienceNs = 2_000_000_000;

/**
 * Judges an echo request and what came of it.
 *
 * - A reply that arrived: delivered; degraded, if an ICMP error about it came as well.
 * - An ICMP error about it, and no reply that arrived: refused.
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
	const arrived = answers.filter(isDelivered);
	const answer = arrived.find(isReply) ?? arrived[0] ?? answers[0];
	if (answer !== undefined && isReply(answer)) {
		const error = arrived.find((other) => !isReply(other));
		return error === undefined
			? decideByFate(answer, "delivered")
			: decideByFate(answer, "degraded", describeError(error));
	}
	if (answer !== undefined) {
		return decideByFate(answer, "refused");
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

function isReply({ frame }: Message): boolean {
	return frame.icmp?.type === icmpType.echoReply;
}

function describeError({ journey }: Message): string {
	return `it was answered, and ${journey.summary} came as well`;
}
