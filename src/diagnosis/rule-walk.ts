import { askAll, type Packet } from "./packet.js";
import {
	type Action,
	type Chain,
	chainName,
	type Family,
	type Hook,
	type Match,
	type Rule,
	type Ruleset,
} from "./ruleset.js";

/** A place where the kernel asks rules about a frame, and how they see it there. */
export interface HookPoint {
	readonly families: readonly Family[];
	readonly hook: Hook;
	readonly packet: Packet;
}

/** What takes a frame away: a rule, or the policy of a base chain. */
export interface Killer {
	readonly chain: Chain;
	/** Null: the policy. */
	readonly rule: Rule | null;
	readonly verdict: "drop" | "reject";
	/** The frame gets there for sure, and is one that the rule speaks of. */
	readonly isCertain: boolean;
}

/** Longest chain of jumps, as in the kernel. */
const depthLimit = 16;

/**
 * What may take a frame away on its way past these places, in the order of the way; the
 * last one is certain if any is: nothing passes that.
 */
export function findKillers(
	ruleset: Ruleset,
	points: readonly HookPoint[],
): Killer[] {
	const killers: Killer[] = [];
	for (const { families, hook, packet } of points) {
		const chains = ruleset.chains
			.filter(
				(chain) =>
					chain.hook === hook &&
					families.includes(chain.family) &&
					mayBeAt(chain, hook, packet),
			)
			.sort((a, b) => a.priority - b.priority);
		for (const chain of chains) {
			killers.push(...walkBase(ruleset, chain, packet));
			if (killers.at(-1)?.isCertain) {
				return killers;
			}
		}
	}
	return killers;
}

/** A chain at the edge of an interface belongs to that one, where it is told. */
function mayBeAt(
	{ family, device }: Chain,
	hook: Hook,
	{ iif, oif }: Packet,
): boolean {
	const port = hook === "egress" ? oif : iif;
	const isOfOne =
		family === "netdev" || hook === "ingress" || hook === "egress";
	return !isOfOne || device === null || device === port;
}

/** Whether a packet's source address is changed behind a hook: masquerade, SNAT. */
export function isSourceTranslated(
	ruleset: Ruleset,
	{ families, hook, packet }: HookPoint,
): "yes" | "no" | "maybe" {
	const bases = ruleset.chains.filter(
		(chain) => chain.hook === hook && families.includes(chain.family),
	);
	let found: "no" | "maybe" = "no";
	for (const chain of bases) {
		const walk = new Walk(ruleset, packet);
		walk.follow(chain, 0);
		if (walk.translation === "yes") {
			return "yes";
		}
		found = walk.translation === "maybe" ? "maybe" : found;
	}
	return found;
}

function walkBase(ruleset: Ruleset, chain: Chain, packet: Packet): Killer[] {
	const walk = new Walk(ruleset, packet);
	if (chain.family === "netdev" && chain.device === null) {
		walk.isCertain = false;
	}
	const hasEnded = walk.follow(chain, 0);
	if (!hasEnded && chain.policy === "drop") {
		const { isCertain } = walk;
		walk.killers.push({ chain, rule: null, verdict: "drop", isCertain });
	}
	return walk.killers;
}

/** One packet's way through the rules of a base chain and those it jumps to. */
class Walk {
	readonly killers: Killer[] = [];
	translation: "yes" | "no" | "maybe" = "no";
	/** Nothing so far may have ended the way before here. */
	isCertain = true;
	readonly #ruleset: Ruleset;
	readonly #packet: Packet;

	constructor(ruleset: Ruleset, packet: Packet) {
		this.#ruleset = ruleset;
		this.#packet = packet;
	}

	/** @returns whether the way ends here for sure: nothing comes back to the caller */
	follow(chain: Chain, depth: number): boolean {
		for (const rule of chain.rules) {
			const step = this.#apply(chain, rule, rule.matches, rule.action, depth);
			if (step !== "on") {
				return step === "end";
			}
		}
		return false;
	}

	#apply(
		chain: Chain,
		rule: Rule,
		matches: readonly Match[],
		action: Action,
		depth: number,
	): "on" | "end" | "return" {
		const answer = askAll(matches.map((match) => match(this.#packet)));
		if (answer === "no" || action.kind === "continue") {
			return "on";
		}
		const isSure = answer === "yes";
		const wasCertain = this.isCertain;
		this.isCertain &&= isSure;
		switch (action.kind) {
			case "drop":
			case "reject":
				this.killers.push({
					...{ chain, rule, verdict: action.kind },
					isCertain: this.isCertain,
				});
				return isSure ? "end" : "on";
			case "translate":
				if (action.isSource) {
					this.translation = this.isCertain ? "yes" : "maybe";
				}
				return isSure ? "end" : "on";
			case "accept":
				return isSure ? "end" : "on";
			case "return":
				return isSure ? "return" : "on";
			case "jump":
			case "goto":
				return this.#jump(chain, action, isSure, depth);
			case "choose":
				this.isCertain = wasCertain;
				return this.#choose(chain, rule, matches, action, depth);
			case "unknown":
				this.isCertain = false;
				return "on";
		}
	}

	#jump(
		{ family, table }: Chain,
		{ kind, target }: Extract<Action, { kind: "jump" | "goto" }>,
		isSure: boolean,
		depth: number,
	): "on" | "end" | "return" {
		const name = chainName({ family, table, name: target });
		const to = this.#ruleset.byName.get(name);
		if (to === undefined || depth >= depthLimit) {
			this.isCertain = false;
			return "on";
		}
		const hasEnded = this.follow(to, depth + 1);
		if (!isSure) {
			return "on";
		}
		return hasEnded ? "end" : kind === "goto" ? "return" : "on";
	}

	#choose(
		chain: Chain,
		rule: Rule,
		matches: readonly Match[],
		{ choices }: Extract<Action, { kind: "choose" }>,
		depth: number,
	): "on" | "end" | "return" {
		for (const { match, action } of choices) {
			const all = [...matches, match];
			const step = this.#apply(chain, rule, all, action, depth);
			if (step !== "on") {
				return step;
			}
		}
		return "on";
	}
}
