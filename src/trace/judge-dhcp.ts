import { unspecifiedIpv4 } from "../model/address.js";
import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Lease } from "../model/exchange.js";
import type { AddressCheck } from "./address-checks.js";
import { judgeCourse } from "./dhcp-course.js";
import { serverOf } from "./dhcp-server.js";
import { dhcpPatienceNs, isOfType, judgeUnanswered } from "./dhcp-silence.js";
import {
	answersOf,
	decideBy,
	decideByFate,
	type ExchangeJudgement,
	isDelivered,
	isLost,
	type Message,
	type OpenExchange,
	questionsOf,
	withoutCut,
} from "./open-exchange.js";

/**
 * Judges the messages of one transaction and client:
 *
 * 1. an ACK that arrived: delivered; degraded when messages were sent again, lost or
 *    refused before it, when it came late, or when several servers answered; not when the
 *    client only waited for the server's own check of the address;
 * 2. a NAK that arrived: refused, like a DECLINE of the client's;
 * 3. an ACK, NAK or OFFER that was lost, else a client's message that was lost: lost;
 * 4. an OFFER that arrived, and the client silent: degraded;
 * 5. a RELEASE needs no answer;
 * 6. a client's message that arrived, was sent three times over four seconds and got no
 *    answer: unanswered; less than that: inconclusive.
 *
 * @param vain DISCOVERs that the client had sent in other transactions, and nothing
 * answered: they count for a DISCOVER as if they were of this one
 * @param check the server's own check of the address, for which the client had to wait
 */
export function judgeDhcp(
	exchange: OpenExchange,
	end: LogTime,
	vain: readonly Message[] = [],
	check: AddressCheck | null = null,
): ExchangeJudgement | null {
	const told = withoutCut(exchange, end);
	const verdict = findVerdict(told);
	const declined = exchange.messages.findLast((message) =>
		isOfType(message, "decline"),
	);
	if (declined && (!verdict || elapsedNs(verdict.time, declined.time) > 0)) {
		return decideByFate(declined, "refused");
	}
	if (verdict !== null && !isLost(verdict)) {
		return isOfType(verdict, "ack")
			? judgeGranted(exchange, verdict, check)
			: decideByFate(verdict, "refused");
	}
	return judgeUnfinished(told, verdict, end, vain);
}

/**
 * The ACK or NAK that the client goes by: the first to arrive after its last question,
 * else the last that arrived, else one that was lost. What comes after it is not for the
 * client any more: a second server's, or one that was sent again. A client that chose a
 * server takes no other's refusal (RFC 2131 section 4.3.2: option 54 of its REQUEST).
 */
function findVerdict(exchange: OpenExchange): Message | null {
	const asked = questionsOf(exchange).findLast(
		(message) => !isOfType(message, "decline") && !isOfType(message, "release"),
	);
	const finals = answersOf(exchange).filter(
		(message) => isOfType(message, "ack") || isOfType(message, "nak"),
	);
	const chosen = asked?.frame.dhcp?.serverIdentifier ?? null;
	const ofChosen = finals.filter((final) => serverOf(final) === chosen);
	return pickFinal(ofChosen.length > 0 ? ofChosen : finals, asked);
}

function pickFinal(
	finals: readonly Message[],
	asked: Message | undefined,
): Message | null {
	const after = finals.filter(
		({ time }) => asked === undefined || elapsedNs(asked.time, time) >= 0,
	);
	return (
		after.find(isDelivered) ??
		finals.findLast(isDelivered) ??
		after[0] ??
		finals.at(-1) ??
		null
	);
}

function judgeGranted(
	exchange: OpenExchange,
	granted: Message,
	check: AddressCheck | null,
): ExchangeJudgement {
	const { outcome, reason } = judgeCourse(exchange, granted, check);
	const judgement = decideByFate(granted, outcome, reason);
	const isGranted = judgement.outcome === outcome;
	return isGranted ? { ...judgement, lease: leaseOf(granted) } : judgement;
}

function judgeUnfinished(
	exchange: OpenExchange,
	verdict: Message | null,
	end: LogTime,
	vain: readonly Message[],
): ExchangeJudgement | null {
	const last = exchange.messages.at(-1);
	if (last === undefined) {
		return null;
	}
	const lost = verdict ?? (isLost(last) ? last : undefined);
	if (lost !== undefined) {
		return decideBy(lost, "lost");
	}
	const offers = answersOf(exchange);
	const requests = questionsOf(exchange).filter((message) =>
		isOfType(message, "request"),
	);
	const lastQuestion = questionsOf(exchange).at(-1) ?? last;
	const offer = offers.findLast(isDelivered) ?? offers.at(-1);
	return requests.length === 0 && offer !== undefined
		? judgeOffered(offer, end)
		: judgeUnanswered(exchange, lastQuestion, end, vain);
}

function judgeOffered(offer: Message, end: LogTime): ExchangeJudgement {
	const waitedNs = elapsedNs(offer.time, end);
	return waitedNs < dhcpPatienceNs
		? decideByFate(
				offer,
				"inconclusive",
				`the capture ended ${Math.round(waitedNs / 1e6)} ms after the OFFER`,
			)
		: decideByFate(
				offer,
				"degraded",
				"the OFFER was handed to the VM and the VM did not go on",
			);
}

/** Null for the ACK of an INFORM, which grants nothing (RFC 2131 section 3.4). */
function leaseOf(granted: Message): Lease | null {
	const { dhcp } = granted.frame;
	if (dhcp === null || dhcp.yourIp === unspecifiedIpv4) {
		return null;
	}
	return {
		address: dhcp.yourIp,
		server: serverOf(granted),
		seconds: dhcp.leaseSeconds,
		since: granted.time,
		routers: dhcp.routers,
	};
}
