/** One option of a rule as iptables-save writes it: `! -s 10.0.0.0/8`. */
export interface SaveOption {
	readonly name: string;
	/** Everything up to the next option. */
	readonly values: readonly string[];
	readonly isNegated: boolean;
}

/** Splits a line into words; quotes hold together what has spaces. */
export function splitWords(line: string): string[] {
	const words = line.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
	return words.map((word) =>
		/^".*"$/.test(word) ? word.slice(1, -1).replace(/\\(.)/g, "$1") : word,
	);
}

/**
 * Takes the options of a rule apart. iptables writes `! -s X`, ebtables `-s ! X`.
 */
export function readOptions(words: readonly string[]): SaveOption[] {
	const options: { name: string; values: string[]; isNegated: boolean }[] = [];
	let isNegated = false;
	for (const word of words) {
		const last = options.at(-1);
		if (word === "!") {
			isNegated = true;
		} else if (/^-{1,2}[a-z]/i.test(word)) {
			options.push({ name: word, values: [], isNegated });
			isNegated = false;
		} else if (last !== undefined) {
			last.values.push(word);
			last.isNegated ||= isNegated;
			isNegated = false;
		}
	}
	return options;
}
