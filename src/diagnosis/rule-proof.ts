import { elapsedNs, type LogTime } from "../model/capture.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { safe } from "../topology/safe-template.js";
import type { Proof } from "./cause-definition.js";
import { type Facts, readingNs } from "./facts.js";
import type { Loss } from "./loss.js";
import { countTaken, type Taken } from "./rule-counters.js";
import { findKillers, type HookPoint, type Killer } from "./rule-walk.js";
import { describeKiller } from "./rule-words.js";
import type { Family, Ruleset } from "./ruleset.js";

/** A rule, or a policy, that may have taken the frame, and what speaks for it. */
export interface Suspect extends Proof {
	readonly killer: Killer;
}

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
	const watched = watchCounter(killer, facts, loss);
	const { isCertain } = killer;
	if (
		watched === null ||
		(watched.packets === 0 && isWhileRead(watched, loss))
	) {
		const certainty = isCertain ? "likely" : "possible";
		return [{ killer, certainty, evidence: [text] }];
	}
	if (watched.packets === 0) {
		return [];
	}
	const isEnough = isCertain && watched.packets >= countLost(watched, loss);
	const certainty = isEnough ? "proven" : "likely";
	const rose = describeRise(watched, loss);
	return [{ killer, certainty, evidence: [text, rose] }];
}

/** What was taken between two readings, one before a loss and one after it. */
interface Watched extends Taken {
	readonly since: LogTime;
	readonly until: LogTime;
}

/**
 * How many packets it took while the loss happened; null: nobody counted. What was lost
 * while the rules were read may be in that reading: the one before it counts as well.
 */
function watchCounter(
	killer: Killer,
	facts: Facts,
	loss: Loss,
): Watched | null {
	const { nextRules, nextRulesReadAt: until } = facts;
	let found: Watched | null = null;
	for (const [rules, since] of [
		[facts.rules, facts.rulesReadAt],
		[facts.earlierRules, facts.earlierRulesReadAt],
	] as const) {
		const isWatched = since !== null && elapsedNs(since, loss.time) >= 0;
		const taken =
			rules !== null && nextRules !== null && isWatched
				? countTaken(killer, rules, nextRules)
				: null;
		if (taken !== null && since !== null && until !== null) {
			found = { ...taken, since, until };
		}
		if (found !== null && (found.packets > 0 || !isWhileRead(found, loss))) {
			return found;
		}
	}
	return found;
}

function isWhileRead({ since }: Watched, { time }: Loss): boolean {
	return elapsedNs(since, time) < readingNs;
}

/** How many frames of the exchange were lost there while counters were watched. */
function countLost({ since, until }: Watched, loss: Loss): number {
	const lost = loss.messages.filter(({ outcome, message, hops: [first] }) => {
		const isMeanwhile =
			first !== undefined &&
			elapsedNs(since, first.time) >= readingNs &&
			elapsedNs(first.time, until) >= 0;
		return outcome === "lost" && message === loss.message && isMeanwhile;
	});
	return Math.max(1, lost.length);
}

/** `its counter rose from 3 to 7, as read 12.1 s before the loss and 0.9 s after it` */
function describeRise(watched: Watched, { time }: Loss): SafeText {
	const { counter, packets, since, until } = watched;
	const before = seconds(elapsedNs(since, time));
	const after = seconds(elapsedNs(time, until));
	const read = safe`as read ${before} before the loss and ${after} after it`;
	return counter === null
		? safe`it took ${packets} or more meanwhile by the counters of the chain's rules, ${read}`
		: safe`its counter rose from ${counter.from} to ${counter.to}, ${read}`;
}

function seconds(ns: number): SafeText {
	return makeSafe(`${(ns / 1e9).toFixed(1)} s`);
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
