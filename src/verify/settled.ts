import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Verdict } from "../model/verdict.js";
import type { Evidence, LogState } from "./evidence.js";
import type { Subject } from "./subject.js";
import { isAbout } from "./verdicts.js";

/**
 * A client that was refused begins anew (RFC 2131 section 3.1): it waits at least ten
 * seconds after it declined an address.
 */
const anewNs = 15_000_000_000;
/** From listening to forwarding (IEEE 802.1D: two forward delays of 15 s), unless it is told. */
const usualDelaySeconds = 15;
/** A ping that follows a who-has comes at once. */
const pingNs = 3_000_000_000;
/** A who-has is repeated once a second, and each that is lost is known a second later. */
const repeatNs = 2_500_000_000;
/** After so many, one more that nothing is known of yet changes nothing. */
const repeatsEnough = 4;
/** A VM that goes on pinging is told of once so many exchanges ended alike in succession. */
const steadyCount = 3;

/**
 * Whether more of the log would not change a verdict: there is one, the VM asks nothing
 * at present, and nothing better is to be expected soon.
 */
export function isSettled(
	verdict: Verdict,
	subject: Subject,
	evidence: Evidence,
	{ end, topology }: LogState,
): boolean {
	const { outcome, exchange, causes } = verdict;
	if (outcome === "inconclusive" || end === null) {
		return false;
	}
	const isAsking = subject.cards.some(({ mac, tap }) =>
		evidence.clients
			.openOf(mac, tap)
			.some((question) => isAbout(verdict.subject, question)),
	);
	const isSteady =
		verdict.subject === "gateway" && areAlike(verdict, subject, evidence);
	if (isAsking && !isSteady) {
		return false;
	}
	if (exchange === null) {
		// The host's own word, which has stood for a while.
		return true;
	}
	const sinceNs = elapsedNs(exchange.since, end);
	if (outcome === "refused") {
		return sinceNs >= anewNs;
	}
	if (outcome === "lost" && isRepeating(verdict, end)) {
		return false;
	}
	const isLearning = causes.some(
		({ id, certainty }) => id === "stp-forward-delay" && certainty === "proven",
	);
	if (outcome === "lost" && isLearning) {
		return sinceNs >= 2e9 * findForwardDelay(topology);
	}
	const isArpOnly =
		verdict.subject === "gateway" &&
		verdict.exit < 2 &&
		verdict.journeys.every(({ protocol }) => protocol === "arp");
	return !isArpOnly || isSteady || sinceNs >= pingNs;
}

/** Whether a who-has that was lost may just have been sent again. */
function isRepeating({ exchange, journeys }: Verdict, end: LogTime): boolean {
	const ids = (exchange?.messages ?? []).map(({ journey }) => journey);
	const last = journeys.findLast(({ id }) => ids.includes(id))?.hops[0]?.time;
	return (
		exchange?.protocol === "arp" &&
		ids.length < repeatsEnough &&
		last !== undefined &&
		elapsedNs(last, end) < repeatNs
	);
}

/** The latest pings and questions for addresses ended as the verdict says, well or badly. */
function areAlike(
	verdict: Verdict,
	{ cards }: Subject,
	evidence: Evidence,
): boolean {
	const isWell = (outcome: Verdict["outcome"]) =>
		outcome === "delivered" || outcome === "degraded";
	return cards.some((card) => {
		const latest = evidence
			.exchangesOf(card, ({ exchange }) => isAbout(verdict.subject, exchange))
			.slice(-steadyCount);
		return (
			latest.length === steadyCount &&
			latest.every(
				({ exchange }) => isWell(exchange.outcome) === isWell(verdict.outcome),
			)
		);
	});
}

/** The longest of the bridges with STP, in seconds. */
function findForwardDelay(topology: LogState["topology"]): number {
	const delays = (topology?.ports ?? []).flatMap(({ bridge }) =>
		bridge?.isStpOn === true ? (bridge.forwardDelaySeconds ?? []) : [],
	);
	return delays.length === 0 ? usualDelaySeconds : Math.max(...delays);
}
