import { exitOf, type Verdict } from "../model/verdict.js";
import { adviseAttempt, adviseFindings, adviseHandshake } from "./advice.js";
import type { Assessment, VerifyOptions } from "./assessment.js";
import { isAttempt, questionsOf, tookNs } from "./dhcp-attempt.js";
import { describeAttempt, describeNothing } from "./dhcp-sentence.js";
import { findDegradations } from "./dhcp-trouble.js";
import type { Evidence, LogState, TracedExchange, VmCard } from "./evidence.js";
import { blameServer, findUnexpected } from "./expected-servers.js";
import { findAddresses } from "./known-addresses.js";
import { isBlamed, summarizeCauses } from "./lost.js";
import { findStanding } from "./standing.js";
import type { Subject } from "./subject.js";
import { findDeparture } from "./uplink.js";
import { findWorst, tellNothing } from "./verdicts.js";

/**
 * Whether DHCP reaches a VM.
 *
 * 1. The latest attempt of a card decides, whatever its kind.
 * 2. A lease that came only after losses, refusals or silence, late, in the company of a
 *    server that is not expected, or to a guest that did not take it is degraded.
 * 3. A question is unanswered only where it provably left; else it cannot be told.
 * 4. Of several cards that asked, the worst decides; those that did not ask do not.
 * 5. Where none asked, the host may say that nothing gets to the VM.
 */
export function verifyDhcp(
	subject: Subject,
	evidence: Evidence,
	state: LogState,
	options: VerifyOptions,
): Verdict {
	const verdicts = subject.cards.flatMap(
		(card) => judgeCard(subject, card, evidence, state, options) ?? [],
	);
	return (
		findWorst(verdicts) ??
		findStanding("dhcp", subject, evidence, state) ??
		sawNothing(subject, state)
	);
}

function judgeCard(
	subject: Subject,
	card: VmCard,
	evidence: Evidence,
	state: LogState,
	options: VerifyOptions,
): Verdict | null {
	const attempts = evidence.exchangesOf(card, isAttempt);
	const latest = attempts.at(-1);
	if (latest === undefined) {
		return null;
	}
	const earlier = attempts.slice(0, -1);
	const assessment = assess(latest, earlier, evidence, state, options);
	const { outcome, reason, causes, attempt } = assessment;
	const { exchange } = attempt;
	const isOpen = outcome === "inconclusive";
	return {
		subject: "dhcp",
		vm: subject.name,
		mac: exchange.mac ?? card.mac,
		outcome,
		sentence: describeAttempt(subject, assessment, earlier, state),
		exit: exitOf(outcome),
		reason,
		causes,
		exchange,
		journeys: attempt.journeys,
		roundTripNs: tookNs(attempt),
		addresses: isOpen ? findAddresses(subject, state) : [],
		advice: isOpen
			? [
					...adviseFindings(subject, state),
					...adviseAttempt(
						subject,
						attempts.flatMap(questionsOf).length,
						state,
					),
				]
			: [],
	};
}

function assess(
	latest: TracedExchange,
	earlier: readonly TracedExchange[],
	evidence: Evidence,
	state: LogState,
	{ servers }: VerifyOptions,
): Assessment {
	const attempt = latest;
	const { exchange } = latest;
	const all = [...earlier, latest];
	const unexpected = findUnexpected(all, evidence, servers);
	const causes = [
		...exchange.causes.filter(
			({ id }) => servers.length === 0 || id !== "rogue-dhcp-server",
		),
		...unexpected.map((server) => blameServer(server, servers)),
	];
	const { outcome } = exchange;
	if (outcome === "unanswered") {
		const doubt = doubtUnanswered(latest, state);
		return doubt === null
			? { attempt, outcome, reason: exchange.reason, causes }
			: { attempt, outcome: "inconclusive", reason: doubt, causes };
	}
	if (outcome === "delivered" || outcome === "degraded") {
		const reasons = findDegradations(attempt, earlier, unexpected, servers);
		const blamed = isBlamed(causes) ? summarizeCauses(causes) : null;
		const reason = reasons.length === 0 ? blamed : reasons.join("; ");
		const judged = reason === null ? "delivered" : "degraded";
		return { attempt, outcome: judged, reason, causes };
	}
	return { attempt, outcome, reason: exchange.reason, causes };
}

/** Why a question need not have left; null: it did. */
function doubtUnanswered(
	attempt: TracedExchange,
	state: LogState,
): string | null {
	const last = questionsOf(attempt).at(-1);
	if (last === undefined) {
		return "what it asked is not known any more";
	}
	return findDeparture(last, state) === "not-known"
		? `the ${last.message.toUpperCase()} got as far as ${last.lastSeen}, and whether it left this host is not known`
		: null;
}

function sawNothing(subject: Subject, state: LogState): Verdict {
	const addresses = findAddresses(subject, state);
	return tellNothing(subject, {
		subject: "dhcp",
		sentence: describeNothing(subject, addresses),
		reason: "no DHCP of it was seen",
		addresses,
		advice: [...adviseFindings(subject, state), ...adviseHandshake(subject)],
	});
}
