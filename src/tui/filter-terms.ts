/** One term of a filter: `proto:dhcp`, `-vm:VM2`, `"who-has 192.168"`. */
export interface Term {
	/** Lower case; null: free text. */
	readonly key: string | null;
	readonly value: string;
	readonly isNegated: boolean;
}

/** Keys that a filter knows. */
export const filterKeys = [
	"vm",
	"proto",
	"mac",
	"ip",
	"iface",
	"outcome",
] as const;

export type FilterKey = (typeof filterKeys)[number];

/** Longest filter, in characters, and most terms. */
const textLimit = 1000;

const term =
	/(?<sign>[-!]?)(?:(?<key>[a-z]+):(?!:))?(?:"(?<quoted>[^"]*)"|(?<plain>\S+))?/iy;

/** `fe:54:00:cd` has no key `fe`. */
const macTerm =
	/(?<sign>[-!]?)(?<plain>(?:[0-9a-f]{2}:){1,5}[0-9a-f]{0,2})(?=\s|$)/iy;

/** Splits a filter at spaces outside of quotes. */
export function splitTerms(text: string): Term[] | { problem: string } {
	if (text.length > textLimit) {
		return { problem: `a filter has at most ${textLimit} characters` };
	}
	if ((text.match(/"/g) ?? []).length % 2 === 1) {
		return { problem: 'a quote (") is not closed' };
	}
	const terms: Term[] = [];
	for (let at = skipSpaces(text, 0); at < text.length; ) {
		const found = matchAt(macTerm, text, at) ?? matchAt(term, text, at);
		const { sign = "", key, quoted, plain } = found?.groups ?? {};
		const value = quoted ?? plain ?? "";
		if (value === "") {
			const what = key === undefined ? sign || '""' : `${key}:`;
			return { problem: `${what} needs something behind it` };
		}
		terms.push({
			key: key?.toLowerCase() ?? null,
			value,
			isNegated: sign !== "",
		});
		at = skipSpaces(text, at + (found?.[0].length ?? 1));
	}
	return terms;
}

function skipSpaces(text: string, at: number): number {
	let next = at;
	while (next < text.length && /\s/.test(text.charAt(next))) {
		next += 1;
	}
	return next;
}

function matchAt(
	pattern: RegExp,
	text: string,
	at: number,
): RegExpExecArray | null {
	pattern.lastIndex = at;
	return pattern.exec(text);
}
