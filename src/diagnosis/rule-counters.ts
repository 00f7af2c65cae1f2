import type { Killer } from "./rule-walk.js";
import { type Chain, chainName, type Rule, type Ruleset } from "./ruleset.js";

/**
 * By how much the counter of a rule, or of a policy, rose from one reading to the next;
 * null: it has none, or is not the same any more.
 */
export function countTaken(
	{ chain, rule }: Killer,
	before: Ruleset,
	next: Ruleset,
): number | null {
	const after = next.byName.get(chainName(chain));
	if (after === undefined) {
		return null;
	}
	return rule === null
		? countPolicy(chain, after, new Counters(before, next))
		: countRule(rule, after);
}

function countRule(rule: Rule, after: Chain): number | null {
	const same = after.rules.find(
		({ key, text }) => key === rule.key && text === rule.text,
	);
	return same === undefined ? null : rise(rule.packets, same.packets);
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
): number | null {
	if (after.policy !== before.policy) {
		return null;
	}
	const own = rise(before.policyPackets, after.policyPackets);
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
	return reached > 0 ? reached : null;
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
