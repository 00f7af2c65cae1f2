import { type Matcher, matcherOf } from "./filter-matchers.js";
import { splitTerms, type Term } from "./filter-terms.js";
import type { ListRow } from "./world.js";

/** A filter that can be used, or why the text is none. */
export type ParsedFilter =
	| { matches(row: ListRow): boolean }
	| { readonly problem: string };

/**
 * Reads a filter: `vm: proto: mac: ip: iface: outcome:` and free text. All terms must
 * match, of several with one key any; `-term` or `!term` must not match; quotes hold
 * spaces together; case does not matter.
 */
export function parseFilter(text: string): ParsedFilter {
	const terms = splitTerms(text);
	if ("problem" in terms) {
		return terms;
	}
	const needed: Matcher[] = [];
	const unwanted: Matcher[] = [];
	const alternatives = new Map<string, Matcher[]>();
	for (const term of terms) {
		const matcher = matcherOf(term);
		if (typeof matcher !== "function") {
			return matcher;
		}
		place(term, matcher, { needed, unwanted, alternatives });
	}
	for (const matchers of alternatives.values()) {
		needed.push(anyOf(matchers));
	}
	return {
		matches: (row) =>
			needed.every((matches) => matches(row)) &&
			!unwanted.some((matches) => matches(row)),
	};
}

interface Places {
	readonly needed: Matcher[];
	readonly unwanted: Matcher[];
	readonly alternatives: Map<string, Matcher[]>;
}

function place(
	{ key, isNegated }: Term,
	matcher: Matcher,
	{ needed, unwanted, alternatives }: Places,
): void {
	if (isNegated) {
		unwanted.push(matcher);
	} else if (key === null) {
		needed.push(matcher);
	} else {
		alternatives.set(key, [...(alternatives.get(key) ?? []), matcher]);
	}
}

function anyOf(matchers: readonly Matcher[]): Matcher {
	const [only] = matchers;
	return only !== undefined && matchers.length === 1
		? only
		: (row) => matchers.some((matches) => matches(row));
}
