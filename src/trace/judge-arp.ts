import { elapsedNs, type LogTime } from "../model/capture.js";
import {
	answersOf,
	decideByFate,
	type ExchangeJudgement,
	formatTimes,
	isDelivered,
	type OpenExchange,
	questionsOf,
	withoutCut,
} from "./open-exchange.js";

/** A who-has is repeated once a second (RFC 1122 section 2.3.2.1), so long it is waited. */
export const arpPatienceNs = 1_500_000_000;

/** So many repeats must go unanswered, too. */
const repeatsNeeded = 2;

/**
 * Judges a who-has and what came of it.
 *
 * - An is-at that arrived: delivered; degraded when another machine sent one as well. One
 *   that was lost, else a who-has that was lost: lost.
 * - A who-has that was repeated twice, arrived each time and got no answer: unanswered,
 *   also while it goes on being repeated; one that was not repeated, or that is excused:
 *   inconclusive.
 *
 * @param excuse why no answer is no fault; null when it is one
 * @param twins that two machines answer for the address; null when they do not
 */
export function judgeArp(
	exchange: OpenExchange,
	end: LogTime,
	excuse: string | null,
	twins: string | null = null,
): ExchangeJudgement | null {
	const told = withoutCut(exchange, end);
	const questions = questionsOf(told);
	const last = questions.at(-1);
	if (last === undefined) {
		return null;
	}
	const answers = answersOf(told);
	const answer = answers.find(isDelivered) ?? answers.at(-1);
	if (answer !== undefined) {
		return decideByFate(
			answer,
			twins === null ? "delivered" : "degraded",
			twins,
		);
	}
	const inVain = questions.filter(
		({ time }) => elapsedNs(time, end) >= arpPatienceNs,
	);
	const isShort = inVain.length <= repeatsNeeded;
	const decisive = isShort ? last : (inVain.at(-1) ?? last);
	const waitedNs = elapsedNs(last.time, end);
	const reason =
		excuse ??
		(isShort
			? `asked ${formatTimes(questions.length)} and not answered within ${Math.round(waitedNs / 1e6)} ms`
			: null);
	const outcome = reason === null ? "unanswered" : "inconclusive";
	return decideByFate(decisive, outcome, reason);
}
