import type { Killer } from "./rule-walk.js";
import { type Chain, chainName, type Rule, type Ruleset } from "./ruleset.js";

/** What a rule, or a policy, took from one reading to another. */
export interface Taken {
	readonly packets: number;
	/** Its counter at the one and at the other; null: reckoned from those of other rules. */
	readonly counter: { readonly from: number; readonly to: number } | null;
}

/**
 * What a rule, or a policy, took from one reading to another; null: it has no counter, or
 * is not the same in both.
 */
export function countTaken(
	{ chain, rule }: Killer,
	before: Ruleset,
	next: Ruleset,
): Taken | null {
	const name = chainName(chain);
	const [first, second] = [before.byName.get(name), next.byName.get(name)];
	if (first === undefined || second === undefined) {
		return null;
	}
	return rule === null
		? countPolicy(first, second, new Counters(before, next))
		: readCounter(
				findSame(rule, first)?.packets,
				findSame(rule, second)?.packets,
			);
}

function findSame({ key, text }: Rule, { rules }: Chain): Rule | undefined {
	return rules.find((one) => one.key === key && one.text === text);
}

function readCounter(
	from: number | null | undefined,
	to: number | null | undefined,
): Taken | null {
	const packets = rise(from ?? null, to ?? null);
	return packets === null || from == null || to == null
		? null
		: { packets, counter: { from, to } };
}

function rise(before: number | null, after: number | null): number | null {
	return before === null || after === null || after < before
		? null
		: after - before;
}

/**
 * A policy's own counter, where it has one. Else what came by a rule that speaks of every
 * packet, less what any rule from there on may have taken: so many at least reached the
 * end.
 */
function countPolicy(
	before: Chain,
	after: Chain,
	counters: Counters,
): Taken | null {
	if (after.policy !== before.policy) {
		return null;
	}
	const own = readCounter(before.policyPackets, after.policyPackets);
	if (own !== null && after.policyPackets !== 0) {
		return own;
	}
	const gate = after.rules.findIndex(
		({ matches, action }) =>
			matches.length === 0 &&
			(action.kind === "continue" || action.kind === "jump"),
	);
	const entry = after.rules[gate];
	const passed = entry === undefined ? null : counters.riseOf(entry);
	const taken = counters.takenBy(after, gate, 0);
	const reached = passed === null || taken === null ? 0 : passed - taken;
	return reached > 0 ? { packets: reached, counter: null } : null;
}

const depthLimit = 16;

/** The counters of two readings of the same rules. */
class Counters {
	readonly #before = new Map<string, Rule>();
	readonly #next: Ruleset;

	constructor(before: Ruleset, next: Ruleset) {
		this.#next = next;
		for (const { rules } of before.chains) {
			for (const rule of rules) {
				this.#before.set(rule.key, rule);
			}
		}
	}

	riseOf({ key, packets }: Rule): number | null {
		const before = this.#before.get(key);
		return before === undefined ? packets : rise(before.packets, packets);
	}

	/** How many packets rules of a chain may have kept from its end; null: not counted. */
	takenBy(chain: Chain, from: number, depth: number): number | null {
		let total = 0;
		for (const rule of chain.rules.slice(from)) {
			const taken = this.#takenByRule(chain, rule, depth);
			if (taken === null) {
				return null;
			}
			total += taken;
		}
		return total;
	}

	#takenByRule(chain: Chain, rule: Rule, depth: number): number | null {
		const { action } = rule;
		if (action.kind === "continue" || (action.kind === "return" && depth > 0)) {
			return 0;
		}
		const rose = this.riseOf(rule);
		if (action.kind !== "jump" || rose === 0) {
			return rose;
		}
		const { family, table } = chain;
		const name = chainName({ family, table, name: action.target });
		const target = this.#next.byName.get(name);
		return target === undefined || depth >= depthLimit
			? null
			: this.takenBy(target, 0, depth + 1);
	}
}
