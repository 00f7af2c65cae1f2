import type { LogTime } from "../model/capture.js";
import { dhcpType } from "../model/dhcp.js";
import type { Protocol } from "../model/frame.js";
import type { SafeText } from "../model/safe-text.js";
import { arpPatienceNs, judgeArp } from "./judge-arp.js";
import { dhcpPatienceNs, judgeDhcp } from "./judge-dhcp.js";
import { echoPatienceNs, judgeEcho } from "./judge-echo.js";
import {
	answersOf,
	type ExchangeJudgement,
	type Message,
	type OpenExchange,
	questionsOf,
} from "./open-exchange.js";

/**
 * Judges an exchange by the rules of its protocol; null when it has no question.
 *
 * @param now time of the log
 * @param excuse why no answer is no fault; null when it is one
 */
export function judgeExchange(
	exchange: OpenExchange,
	now: LogTime,
	excuse: string | null,
): ExchangeJudgement | null {
	switch (exchange.protocol) {
		case "arp":
			return judgeArp(exchange, now, excuse);
		case "icmp":
			return judgeEcho(exchange, now, excuse);
		case "dhcp":
			return judgeDhcp(exchange, now);
	}
}

/** How long an exchange waits for its next message, in nanoseconds. */
export const patienceNs: Readonly<Record<Protocol, number>> = {
	arp: arpPatienceNs,
	icmp: echoPatienceNs,
	dhcp: dhcpPatienceNs,
};

/** Why a port may not have been captured for so long from a time on; null: it was. */
export type FindGap = (
	port: SafeText,
	time: LogTime,
	withinNs: number,
) => string | null;

/**
 * Nothing is unanswered while an answer may come that is not seen.
 *
 * @param doubt why the exchange is cut short; null: it is not
 */
export function doubtAnswer(
	exchange: OpenExchange,
	judgement: ExchangeJudgement,
	doubt: string | null,
	findGap: FindGap,
): ExchangeJudgement {
	const { outcome } = judgement;
	const isOpen = outcome === "unanswered" || outcome === "inconclusive";
	if (doubt !== null && isOpen) {
		return { ...judgement, outcome: "inconclusive", reason: doubt };
	}
	return outcome === "unanswered"
		? doubtSilence(exchange, judgement, findGap)
		: judgement;
}

/** An answer can only be missed where whoever asked was captured until it had to come. */
function doubtSilence(
	{ protocol }: OpenExchange,
	judgement: ExchangeJudgement,
	findGap: FindGap,
): ExchangeJudgement {
	const { journey, time } = judgement.decisive;
	const port = journey.hops[0]?.interface ?? null;
	const gap = port === null ? null : findGap(port, time, patienceNs[protocol]);
	return gap === null
		? judgement
		: { ...judgement, outcome: "inconclusive", reason: gap };
}

/** The answer behind which a question begins another exchange; null: none yet. */
export function findClosing(exchange: OpenExchange): Message | null {
	const isClosing = ({ frame, journey }: Message) => {
		const type = frame.dhcp?.messageType ?? null;
		const isFinal = type === dhcpType.ack || type === dhcpType.nak;
		return journey.outcome !== "lost" && (frame.dhcp === null || isFinal);
	};
	return answersOf(exchange).find(isClosing) ?? null;
}

/** Whether nothing more need be waited for. */
export function isComplete(exchange: OpenExchange): boolean {
	const questions = questionsOf(exchange);
	const isReleased = ({ frame }: Message) =>
		frame.dhcp?.messageType === dhcpType.release;
	return (
		questions.length > 0 &&
		(findClosing(exchange) !== null || questions.every(isReleased))
	);
}
