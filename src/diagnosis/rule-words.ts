import { makeSafe, type SafeText, safeTextLimit } from "../model/safe-text.js";
import { safe, shellWord } from "../topology/safe-template.js";
import type { Killer } from "./rule-walk.js";
import type { Chain } from "./ruleset.js";
import { legacyPrefix } from "./save-ruleset.js";
import { splitWords } from "./save-words.js";

/** What takes the frame away, in words, and the command that shows it. */
export function describeKiller(killer: Killer): SafeText {
	const { chain, rule } = killer;
	const place = placeOf(chain);
	if (rule === null) {
		return safe`${place} has policy DROP, and no rule there accepts the frame (${showCommand(chain)})`;
	}
	const handle =
		rule.handle === null ? makeSafe("") : safe` handle ${rule.handle}`;
	return safe`${place}${handle}: ${makeSafe(rule.text)} (${showCommand(chain)})`;
}

/** The command that shows a chain with its counters. */
export function showCommand(chain: Chain): SafeText {
	const { tool, table } = chain;
	const name = word(chain.name);
	switch (tool) {
		case "nft":
			return safe`nft -a list chain ${makeSafe(chain.family)} ${word(table)} ${name}`;
		case "iptables":
		case "iptables-legacy":
			return safe`${makeSafe(tool)} ${tableOption(table)}-vnL ${name} --line-numbers`;
		case "ebtables":
			return safe`ebtables ${tableOption(table)}-L ${name} --Lc`;
	}
}

/** The command that takes a rule away; of a policy, one that accepts. */
export function removeCommand({ chain, rule }: Killer): SafeText {
	const { tool, table, family } = chain;
	const name = word(chain.name);
	if (rule === null) {
		return tool === "nft"
			? safe`nft chain ${makeSafe(family)} ${word(table)} ${name} '{ policy accept; }'`
			: safe`${makeSafe(tool)} ${tableOption(table)}-P ${name} ACCEPT`;
	}
	if (tool === "nft") {
		return safe`nft delete rule ${makeSafe(family)} ${word(table)} ${name} handle ${rule.handle ?? 0}`;
	}
	const [, , ...rest] = splitWords(rule.text);
	const words = rest.map((one) => (one === "!" ? one : word(one))).join(" ");
	const command = `${tool} ${tableOption(table)}-D ${name} ${words}`;
	const number = chain.rules.indexOf(rule) + 1;
	return command.length <= safeTextLimit
		? (command as SafeText)
		: safe`${makeSafe(tool)} ${tableOption(table)}-D ${name} ${number}`;
}

function word(raw: string): SafeText {
	return shellWord(makeSafe(raw));
}

function tableOption(table: string): SafeText {
	const own = ownName(table);
	return own === "filter" ? makeSafe("") : safe`-t ${word(own)} `;
}

/** As its tool calls a table. */
function ownName(table: string): string {
	return table.startsWith(legacyPrefix)
		? table.slice(legacyPrefix.length)
		: table;
}

function placeOf({ tool, family, table, name }: Chain): SafeText {
	const chain = makeSafe(name);
	const of = makeSafe(tool === "iptables-legacy" ? ownName(table) : table);
	return tool === "nft"
		? safe`nft ${makeSafe(family)} ${of} ${chain}`
		: safe`${makeSafe(tool)} ${of} ${chain}`;
}
