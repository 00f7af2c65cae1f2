import type { Answer, Packet } from "./packet.js";

/** The rules that a host said it has, of nf_tables and in iptables' words alike. */
export interface Ruleset {
	readonly chains: readonly Chain[];
	/** Each chain by `family table name`. */
	readonly byName: ReadonlyMap<string, Chain>;
	/** Rules that were said but could not be read: what passes them is not known. */
	readonly isWhole: boolean;
}

/** Families of nf_tables; iptables' rules are `ip`, those of ebtables `bridge`. */
export type Family = "ip" | "inet" | "bridge" | "arp" | "netdev";

/** Where the kernel asks a base chain. */
export type Hook =
	| "ingress"
	| "prerouting"
	| "input"
	| "forward"
	| "output"
	| "postrouting"
	| "egress";

/** A chain of rules; a base chain has a hook. */
export interface Chain {
	readonly family: Family;
	readonly table: string;
	readonly name: string;
	/** Null for one that is only jumped to. */
	readonly hook: Hook | null;
	readonly priority: number;
	readonly policy: "accept" | "drop";
	/**
	 * Packets that the policy took; null: it has no counter. With nf_tables beneath,
	 * iptables prints 0 for a counter that is not there.
	 */
	readonly policyPackets: number | null;
	/** Of netdev chains: the interface; null: not told. */
	readonly device: string | null;
	readonly rules: readonly Rule[];
	/** Whose words its rules are in. */
	readonly tool: Tool;
}

/** Whose words a rule is in, and who shows it. */
export type Tool = "nft" | "iptables" | "iptables-legacy" | "ebtables";

/** One rule of a chain, in its order. */
export interface Rule {
	/** The same rule of another document has the same key. */
	readonly key: string;
	/** As its tool writes it, without counters. Raw: not made safe yet. */
	readonly text: string;
	readonly handle: number | null;
	readonly matches: readonly Match[];
	readonly action: Action;
	/** Its counter; null: it has none. */
	readonly packets: number | null;
}

/** Whether a packet is one that a rule speaks of. */
export type Match = (packet: Packet) => Answer;

/** What a rule does to a packet that it speaks of. */
export type Action =
	| { readonly kind: "accept" | "drop" | "reject" | "return" | "continue" }
	/** It changes addresses, and lets the packet pass. */
	| { readonly kind: "translate"; readonly isSource: boolean }
	| { readonly kind: "jump" | "goto"; readonly target: string }
	/** By what the packet is: the first that matches. */
	| { readonly kind: "choose"; readonly choices: readonly Choice[] }
	/** Something that vmpath does not follow. */
	| { readonly kind: "unknown" };

/** What a verdict map does to packets of one kind. */
export interface Choice {
	readonly match: Match;
	readonly action: Action;
}

/** Puts chains together; of two of one name the first holds. */
export function makeRuleset(
	chains: readonly Chain[],
	isWhole: boolean,
): Ruleset {
	const byName = new Map<string, Chain>();
	for (const chain of chains) {
		const name = chainName(chain);
		byName.set(name, byName.get(name) ?? chain);
	}
	return { chains: [...byName.values()], byName, isWhole };
}

/** `ip filter FORWARD` */
export function chainName({
	family,
	table,
	name,
}: Pick<Chain, "family" | "table" | "name">): string {
	return `${family} ${table} ${name}`;
}
