import { elapsedNs, type LogTime } from "../model/capture.js";
import { safe } from "../topology/safe-template.js";
import type { Proof } from "./cause-definition.js";
import type { Facts } from "./facts.js";
import type { Loss } from "./loss.js";
import { countTaken } from "./rule-counters.js";
import { findKillers, type HookPoint, type Killer } from "./rule-walk.js";
import { describeKiller } from "./rule-words.js";
import type { Family, Ruleset } from "./ruleset.js";

/** A rule, or a policy, that may have taken the frame, and what speaks for it. */
export interface Suspect extends Proof {
	readonly killer: Killer;
}

/** Reading the rules takes so long at most: what was lost meanwhile may be counted or not. */
const readingNs = 2e9;
const strength = { proven: 2, likely: 1, possible: 0 } as const;

/**
 * Looks for the rule that took a lost frame away:
 *
 * - one that the frame reaches for sure and that speaks of it, whose counter rose by as
 *   many as were lost while it was watched: proven;
 * - one whose counter did not rise is none;
 * - one without a counter, or that was read only afterwards: likely;
 * - one with matches that vmpath does not know: possible, or likely if its counter rose.
 *
 * @returns the strongest, the first on the way; null where the rules are not known to the
 * end; `excluded` where they are, and nothing takes the frame
 */
export function findSuspect(
	facts: Facts,
	loss: Loss,
	points: readonly HookPoint[],
	families: readonly Family[],
): Suspect | "excluded" | null {
	const { rules, nextRules } = facts;
	if (rules === null || loss.journey === null) {
		return null;
	}
	const isOurs = ({ chain }: Killer) => families.includes(chain.family);
	const suspects = [
		...findKillers(rules, points)
			.filter(isOurs)
			.flatMap((killer) => judgeKiller(killer, facts, loss)),
		...(nextRules === null
			? []
			: findNew(rules, nextRules, points).filter(isOurs).flatMap(doubtNew)),
	];
	const best = suspects.reduce<Suspect | null>(
		(found, one) =>
			found === null || strength[one.certainty] > strength[found.certainty]
				? one
				: found,
		null,
	);
	return best ?? (rules.isWhole ? "excluded" : null);
}

/** Nothing, when its counter shows that it took none. */
function judgeKiller(killer: Killer, facts: Facts, loss: Loss): Suspect[] {
	const text = describeKiller(killer);
	const taken = watchCounter(killer, facts, loss);
	const { isCertain } = killer;
	const isEarly = taken === 0 && isWhileRead(facts, loss.time);
	if (taken === null || isEarly) {
		const certainty = isCertain ? "likely" : "possible";
		return [{ killer, certainty, evidence: [text] }];
	}
	if (taken === 0) {
		return [];
	}
	const rose = safe`its counter rose by ${taken} meanwhile`;
	const isEnough = isCertain && taken >= countLost(facts, loss);
	const certainty = isEnough ? "proven" : "likely";
	return [{ killer, certainty, evidence: [text, rose] }];
}

/** How many packets it took while the loss happened; null: nobody counted. */
function watchCounter(
	killer: Killer,
	{ rules, nextRules, rulesReadAt }: Facts,
	{ time }: Loss,
): number | null {
	const isWatched = rulesReadAt !== null && elapsedNs(rulesReadAt, time) >= 0;
	return rules !== null && nextRules !== null && isWatched
		? countTaken(killer, rules, nextRules)
		: null;
}

function isWhileRead({ rulesReadAt }: Facts, time: LogTime): boolean {
	return rulesReadAt !== null && elapsedNs(rulesReadAt, time) < readingNs;
}

/** How many frames of the exchange were lost there while counters were watched. */
function countLost(
	{ rulesReadAt, nextRulesReadAt }: Facts,
	loss: Loss,
): number {
	const lost = loss.messages.filter(({ outcome, message, hops: [first] }) => {
		const isMeanwhile =
			first !== undefined &&
			rulesReadAt !== null &&
			nextRulesReadAt !== null &&
			elapsedNs(rulesReadAt, first.time) >= readingNs &&
			elapsedNs(first.time, nextRulesReadAt) >= 0;
		return outcome === "lost" && message === loss.message && isMeanwhile;
	});
	return Math.max(1, lost.length);
}

/** Killers that were not there at the reading before the loss. */
function findNew(
	rules: Ruleset,
	next: Ruleset,
	points: readonly HookPoint[],
): Killer[] {
	const known = new Set(
		rules.chains.flatMap((chain) => [
			...chain.rules.map(({ key }) => key),
			...(chain.policy === "drop" ? [policyKey(chain)] : []),
		]),
	);
	return findKillers(next, points).filter(
		({ rule, chain }) => !known.has(rule?.key ?? policyKey(chain)),
	);
}

function policyKey({ family, table, name }: Killer["chain"]): string {
	return `policy ${family} ${table} ${name}`;
}

/** It may have come after the loss; one that never took anything is none. */
function doubtNew(killer: Killer): Suspect[] {
	const { isCertain, rule } = killer;
	const certainty = isCertain ? "likely" : "possible";
	return rule?.packets === 0
		? []
		: [{ killer, certainty, evidence: [describeKiller(killer)] }];
}
