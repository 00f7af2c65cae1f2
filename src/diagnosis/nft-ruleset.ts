import type { Json } from "../model/host-document.js";
import {
	isObject,
	type JsonObject,
	readChoice,
	readMatch,
} from "./nft-match.js";
import { writeRule } from "./nft-text.js";
import type {
	Action,
	Chain,
	Choice,
	Family,
	Hook,
	Match,
	Rule,
} from "./ruleset.js";

const families = new Set(["ip", "inet", "bridge", "arp", "netdev"]);

/** A chain while its rules are read. */
type OpenChain = Omit<Chain, "rules"> & { readonly rules: Rule[] };

/**
 * Reads the output of `nft -j list ruleset` (libnftables-json(5)); null when it is
 * something else. What is IPv6's is left out.
 */
export function parseNftRuleset(output: Json): Chain[] | null {
	const items = isObject(output) ? output.nftables : undefined;
	if (!Array.isArray(items)) {
		return null;
	}
	const chains = new Map<string, OpenChain>();
	for (const item of items) {
		const chain = isObject(item) ? item.chain : null;
		if (isObject(chain) && families.has(`${chain.family}`)) {
			chains.set(placeOf(chain, "name"), readChain(chain));
		}
	}
	for (const item of items) {
		const rule = isObject(item) ? item.rule : null;
		if (isObject(rule)) {
			chains.get(placeOf(rule, "chain"))?.rules.push(readRule(rule));
		}
	}
	return [...chains.values()];
}

function placeOf(object: JsonObject, called: string): string {
	return `${object.family} ${object.table} ${object[called]}`;
}

function readChain(chain: JsonObject): OpenChain {
	const { family, table, name, hook, prio, policy, dev } = chain;
	return {
		family: family as Family,
		table: `${table}`,
		name: `${name}`,
		hook: typeof hook === "string" ? (hook as Hook) : null,
		priority: typeof prio === "number" ? prio : 0,
		policy: policy === "drop" ? "drop" : "accept",
		policyPackets: null,
		device: typeof dev === "string" ? dev : null,
		rules: [],
		tool: "nft",
	};
}

function readRule(rule: JsonObject): Rule {
	const handle = typeof rule.handle === "number" ? rule.handle : null;
	const expressions = Array.isArray(rule.expr)
		? (rule.expr as readonly Json[]).filter(isObject)
		: [];
	const matches: Match[] = [];
	let action: Action = { kind: "continue" };
	let packets: number | null = null;
	for (const expression of expressions) {
		const [[kind = "", inner = null] = []] = Object.entries(expression);
		if (kind === "counter") {
			packets = isObject(inner) ? toCount(inner.packets) : null;
		} else if (!passive.has(kind)) {
			const read = readExpression(kind, inner);
			matches.push(...read.matches);
			action = read.action ?? action;
		}
	}
	const text = writeRule(expressions);
	const key = `${placeOf(rule, "chain")} ${handle ?? text}`;
	return { key, text, handle, matches, action, packets };
}

function toCount(value: Json | undefined): number | null {
	return typeof value === "number" ? value : null;
}

/** What a rule does besides, whatever becomes of the packet. */
const passive = new Set(["log", "mangle", "meter", "notrack", "ct helper"]);

interface ReadExpression {
	readonly matches: readonly Match[];
	readonly action: Action | null;
}

const mayMatch: Match = () => "maybe";

function readExpression(kind: string, inner: Json): ReadExpression {
	switch (kind) {
		case "match":
			return {
				matches: [isObject(inner) ? readMatch(inner) : mayMatch],
				action: null,
			};
		case "accept":
		case "drop":
		case "reject":
		case "return":
		case "continue":
			return { matches: [], action: { kind } };
		case "jump":
		case "goto":
			return { matches: [], action: readJump(kind, inner) };
		case "masquerade":
		case "snat":
			return { matches: [], action: { kind: "translate", isSource: true } };
		case "dnat":
		case "redirect":
			return { matches: [], action: { kind: "translate", isSource: false } };
		case "vmap":
			return { matches: [], action: readVerdictMap(inner) };
		case "xt":
			return readXtables(inner);
		default:
			// limit, quota, sets that are filled, queue, synproxy, …
			return { matches: [mayMatch], action: actionOfOther(kind) };
	}
}

function actionOfOther(kind: string): Action | null {
	return kind === "queue" ? { kind: "unknown" } : null;
}

function readJump(kind: "jump" | "goto", inner: Json): Action {
	const target = isObject(inner) ? inner.target : null;
	return typeof target === "string" ? { kind, target } : { kind: "unknown" };
}

/** Verdicts by value; the values of a map that has a name are not looked up. */
function readVerdictMap(inner: Json): Action {
	const data = isObject(inner) ? inner.data : null;
	const set = isObject(data) ? data.set : null;
	if (!isObject(inner) || !Array.isArray(set)) {
		return { kind: "unknown" };
	}
	const choices = set.map((pair: Json): Choice => {
		const [value = null, verdict = null] = Array.isArray(pair) ? pair : [];
		const [[kind = "", target = null] = []] = isObject(verdict)
			? Object.entries(verdict)
			: [];
		return {
			match: readChoice(inner.key ?? null, value),
			action: readExpression(kind, target).action ?? { kind: "unknown" },
		};
	});
	return { kind: "choose", choices };
}

/**
 * Matches and targets of iptables, of which nft knows no more than the name; before 1.0.7
 * not even that: `{"xt": null}`.
 */
function readXtables(inner: Json): ReadExpression {
	if (inner === null) {
		return { matches: [mayMatch], action: { kind: "unknown" } };
	}
	const type = isObject(inner) ? inner.type : null;
	const name = isObject(inner) ? `${inner.name}` : "";
	if (type === "match") {
		return { matches: name === "comment" ? [] : [mayMatch], action: null };
	}
	return { matches: [], action: actionOfTarget(name) };
}

/** What a target of iptables or ebtables does, by its name. */
export function actionOfTarget(name: string): Action {
	switch (name) {
		case "ACCEPT":
			return { kind: "accept" };
		case "DROP":
			return { kind: "drop" };
		case "REJECT":
			return { kind: "reject" };
		case "RETURN":
			return { kind: "return" };
		case "MASQUERADE":
		case "SNAT":
		case "snat":
			return { kind: "translate", isSource: true };
		case "DNAT":
		case "REDIRECT":
		case "dnat":
			return { kind: "translate", isSource: false };
		case "NFQUEUE":
		case "QUEUE":
			return { kind: "unknown" };
		default:
			// LOG, CHECKSUM, MARK, CT, … let the packet go on.
			return { kind: "continue" };
	}
}
