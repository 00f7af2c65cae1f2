import { ebtablesMatch } from "./ebtables-match.js";
import { iptablesMatch } from "./iptables-match.js";
import { actionOfTarget } from "./nft-ruleset.js";
import type { Action, Chain, Hook, Match, Rule } from "./ruleset.js";
import { readOptions, type SaveOption, splitWords } from "./save-words.js";

/** What the words of a tool mean. */
interface Dialect {
	readonly tool: "iptables" | "iptables-legacy" | "ebtables";
	readonly family: "ip" | "bridge";
	/** Of the base chains of a table, by their hook. */
	readonly priorities: Readonly<Record<string, Partial<Record<Hook, number>>>>;
	readonly match: (option: SaveOption) => Match | null;
}

const everywhere = (priority: number): Partial<Record<Hook, number>> => ({
	prerouting: priority,
	input: priority,
	forward: priority,
	output: priority,
	postrouting: priority,
});

/** Priorities as in linux/netfilter_ipv4.h. */
const iptables: Dialect = {
	tool: "iptables",
	family: "ip",
	priorities: {
		raw: everywhere(-300),
		mangle: everywhere(-150),
		nat: { prerouting: -100, input: 100, output: -100, postrouting: 100 },
		filter: everywhere(0),
		security: everywhere(50),
	},
	match: iptablesMatch,
};

/** The older kernel interface, whose tables stand beside those of nf_tables. */
const legacy: Dialect = { ...iptables, tool: "iptables-legacy" };

/** As in linux/netfilter_bridge.h. In `broute` DROP means to route: it is left out. */
const ebtables: Dialect = {
	tool: "ebtables",
	family: "bridge",
	priorities: {
		filter: everywhere(-200),
		nat: { prerouting: -300, output: 100, postrouting: 300 },
	},
	match: ebtablesMatch,
};

/** Reads the output of `iptables-save -c`. */
export function parseIptablesSave(output: string): Chain[] {
	return parseSave(output, iptables);
}

/** Reads the output of `iptables-legacy-save -c`. */
export function parseLegacySave(output: string): Chain[] {
	return parseSave(output, legacy);
}

/** Reads the output of `ebtables-save -c`. */
export function parseEbtablesSave(output: string): Chain[] {
	return parseSave(output, ebtables);
}

/** Before the name of a table that nf_tables may have one of the same name beside. */
export const legacyPrefix = "legacy ";

type OpenChain = Omit<Chain, "rules"> & { readonly rules: Rule[] };

function parseSave(output: string, dialect: Dialect): Chain[] {
	const all: OpenChain[] = [];
	let table = new Map<string, OpenChain>();
	let tableName = "";
	const finish = () => {
		const chains = [...table.values()];
		all.push(...chains.map((chain) => endWithPolicy(chain)));
	};
	for (const line of output.split("\n")) {
		if (line.startsWith("*")) {
			finish();
			table = new Map();
			tableName = line.slice(1).trim();
		} else if (line.startsWith(":") && dialect.priorities[tableName]) {
			const chain = readChain(line, tableName, dialect);
			table.set(chain.name, chain);
		} else if (/^(\[\d+:\d+\] )?-A /.test(line)) {
			addRule(table, line, dialect);
		}
	}
	finish();
	return all;
}

/** `:FORWARD DROP [12:3000]`; a chain of the user's own has `-` for its policy. */
function readChain(
	line: string,
	table: string,
	{ tool, family, priorities }: Dialect,
): OpenChain {
	const [name = "", policy = "-", counter = ""] = line.slice(1).split(" ");
	const hook = hookOf(name);
	const priority = hook === null ? undefined : priorities[table]?.[hook];
	const packets = /^\[(\d+):/.exec(counter)?.[1];
	const isLegacy = tool === "iptables-legacy";
	return {
		...{ family, name, tool },
		table: isLegacy ? `${legacyPrefix}${table}` : table,
		hook: priority === undefined ? null : hook,
		priority: priority ?? 0,
		policy: policy === "DROP" ? "drop" : "accept",
		policyPackets: packets === undefined ? null : Number(packets),
		device: null,
		rules: [],
	};
}

/** Base chains are named by their hooks, in capitals. */
function hookOf(name: string): Hook | null {
	return /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(name)
		? (name.toLowerCase() as Hook)
		: null;
}

function addRule(
	table: ReadonlyMap<string, OpenChain>,
	line: string,
	{ family, match, tool }: Dialect,
): void {
	const counter = /^\[(\d+):\d+\] /.exec(line);
	const text = line.slice(counter?.[0].length ?? 0);
	const [first, ...rest] = readOptions(splitWords(text));
	const chain = table.get(first?.values[0] ?? "");
	if (chain === undefined) {
		return;
	}
	// What stands behind the target is its own affair.
	const end = rest.findIndex(({ name }) =>
		/^(-j|-g|--jump|--goto)$/.test(name),
	);
	const options = end < 0 ? rest : rest.slice(0, end);
	// ebtables of old: `-j DROP -c 3 984`
	const old =
		tool === "ebtables" ? rest.find(({ name }) => name === "-c") : null;
	const packets = counter?.[1] ?? old?.values[0];
	const shown = old ? text.replace(/ -c \d+ \d+$/, "") : text;
	const alike = chain.rules.filter((rule) => rule.text === shown).length;
	chain.rules.push({
		key: `${family} ${chain.table} ${chain.name} ${shown} ${alike}`,
		text: shown,
		handle: null,
		matches: options.flatMap((option) => match(option) ?? []),
		action: readTarget(rest[end], table),
		packets: packets === undefined ? null : Number(packets),
	});
}

function readTarget(
	option: SaveOption | undefined,
	table: ReadonlyMap<string, OpenChain>,
): Action {
	const target = option?.values[0];
	if (target === undefined) {
		return { kind: "continue" };
	}
	if (table.has(target)) {
		const isGoto = option?.name === "-g" || option?.name === "--goto";
		return { kind: isGoto ? "goto" : "jump", target };
	}
	return actionOfTarget(target === "CONTINUE" ? "" : target);
}

/** A chain of ebtables' users has a policy, too: at its end. */
function endWithPolicy(chain: OpenChain): OpenChain {
	const { hook, tool, policy, family, table, name } = chain;
	if (tool === "ebtables" && hook === null) {
		chain.rules.push({
			key: `${family} ${table} ${name} policy`,
			text: `policy of ${name}: ${policy.toUpperCase()}`,
			handle: null,
			matches: [],
			action: { kind: policy },
			packets: null,
		});
	}
	return chain;
}
