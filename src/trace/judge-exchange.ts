import { elapsedNs, type LogTime } from "../model/capture.js";
import { dhcpType } from "../model/dhcp.js";
import type { Protocol } from "../model/frame.js";
import type { SafeText } from "../model/safe-text.js";
import type { AddressCheck } from "./address-checks.js";
import { dhcpPatienceNs, isLongInVain } from "./dhcp-silence.js";
import { arpPatienceNs, judgeArp } from "./judge-arp.js";
import { judgeDhcp } from "./judge-dhcp.js";
import { echoPatienceNs, judgeEcho } from "./judge-echo.js";
import {
	answersOf,
	type ExchangeJudgement,
	isDelivered,
	type Message,
	type OpenExchange,
	questionsOf,
} from "./open-exchange.js";

/** What beside its own messages an exchange is judged by. */
export interface Background {
	/** Why no answer is no fault; null when it is one. */
	readonly excuse: string | null;
	/** What the client had asked in other transactions, and nothing answered. */
	readonly vain: readonly Message[];
	/** That two machines answer for the address asked for; null when they do not. */
	readonly twins: string | null;
	/** The server's own check of an address before it offered it; null: none was seen. */
	readonly check: AddressCheck | null;
}

/**
 * Judges an exchange by the rules of its protocol; null when it has no question.
 *
 * @param now time of the log
 */
export function judgeExchange(
	exchange: OpenExchange,
	now: LogTime,
	{ excuse, vain, twins, check }: Background,
): ExchangeJudgement | null {
	switch (exchange.protocol) {
		case "arp":
			return judgeArp(exchange, now, excuse, twins);
		case "icmp":
			return judgeEcho(exchange, now, excuse);
		case "dhcp":
			return judgeDhcp(exchange, now, vain, check);
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

/** What is known of the capture when an exchange is judged. */
export interface Watch {
	/** Time of the log. */
	readonly now: LogTime;
	/** Why the exchange is cut short; null: it is not. */
	readonly doubt: string | null;
	readonly findGap: FindGap;
}

/** Nothing is unanswered while an answer may come that is not seen. */
export function doubtAnswer(
	exchange: OpenExchange,
	judgement: ExchangeJudgement,
	vain: readonly Message[],
	watch: Watch,
): ExchangeJudgement {
	const { outcome } = judgement;
	const { doubt } = watch;
	const isOpen = outcome === "unanswered" || outcome === "inconclusive";
	if (doubt !== null && isOpen) {
		return { ...judgement, outcome: "inconclusive", reason: doubt };
	}
	const gap =
		outcome === "unanswered"
			? findSilenceGap(exchange, judgement, vain, watch)
			: null;
	return gap === null
		? judgement
		: { ...judgement, outcome: "inconclusive", reason: gap };
}

/**
 * An answer can only be missed where whoever asked was captured until it had to come. A
 * client that goes on asking asks until the log ends: then what it asked before counts.
 */
function findSilenceGap(
	{ protocol, messages }: OpenExchange,
	{ decisive }: ExchangeJudgement,
	vain: readonly Message[],
	{ now, findGap }: Watch,
): string | null {
	const patience = patienceNs[protocol];
	const gapAfter = ({ journey, time }: Message, withinNs: number) => {
		const port = journey.hops[0]?.interface ?? null;
		return port === null ? null : findGap(port, time, withinNs);
	};
	const gap = gapAfter(decisive, patience);
	const sinceNs = elapsedNs(decisive.time, now);
	const isOnlyTheEnd =
		protocol === "dhcp" &&
		sinceNs < patience &&
		gapAfter(decisive, sinceNs) === null;
	if (gap === null || !isOnlyTheEnd) {
		return gap;
	}
	const asked = messages.filter(
		({ journey }) => journey.message === decisive.journey.message,
	);
	const waited = [...vain, ...asked].filter(
		(message) => isDelivered(message) && gapAfter(message, patience) === null,
	);
	return isLongInVain(waited, now) ? null : gap;
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
