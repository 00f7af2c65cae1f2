import type { HostDocument } from "../model/host-document.js";
import { parseNftRuleset } from "./nft-ruleset.js";
import { type Chain, chainName, makeRuleset, type Ruleset } from "./ruleset.js";
import {
	parseEbtablesSave,
	parseIptablesSave,
	parseLegacySave,
} from "./save-ruleset.js";

/**
 * Reads the rules of a `host-firewall` document; null when none could be read.
 *
 * What iptables and ebtables made stands in two statements: in nft's with handles, but
 * without what their own matches say; in theirs with all. Where both have as many rules
 * in a chain, theirs are taken, with nft's handles.
 */
export function readFirewall({ statements }: HostDocument): Ruleset | null {
	let native: Chain[] | null = null;
	const saved: Chain[] = [];
	let isWhole = true;
	for (const { source, output } of statements) {
		if (source.startsWith("nft ")) {
			native = parseNftRuleset(output);
		} else if (typeof output !== "string") {
			isWhole = false;
		} else if (source.startsWith("ebtables")) {
			saved.push(...parseEbtablesSave(output));
		} else if (source.startsWith("iptables-legacy")) {
			saved.push(...parseLegacySave(output));
		} else {
			saved.push(...parseIptablesSave(output));
		}
	}
	if (native === null && saved.length === 0) {
		return null;
	}
	const byName = new Map(saved.map((chain) => [chainName(chain), chain]));
	const joined = (native ?? []).map((chain) => {
		const words = byName.get(chainName(chain));
		return (words && joinWords(chain, words)) ?? chain;
	});
	return makeRuleset([...joined, ...saved], isWhole && native !== null);
}

/** Null when the two do not tell of the same rules. */
function joinWords(chain: Chain, words: Chain): Chain | null {
	const { rules } = words;
	if (chain.rules.length !== rules.length) {
		return null;
	}
	return {
		...chain,
		tool: words.tool,
		policyPackets: words.policyPackets,
		rules: rules.map((rule, index) => {
			const own = chain.rules[index];
			return own === undefined
				? rule
				: { ...rule, key: own.key, handle: own.handle };
		}),
	};
}
