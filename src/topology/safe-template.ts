import { type SafeText, safeTextLimit } from "../model/safe-text.js";

/**
 * Template for texts made of our own words and of what is safe already: making a safe
 * text safe again would double its escapes.
 */
export function safe(
	words: TemplateStringsArray,
	...values: readonly (SafeText | number)[]
): SafeText {
	const text = String.raw({ raw: words }, ...values);
	return (
		text.length <= safeTextLimit
			? text
			: `${text.slice(0, safeTextLimit - 1).replace(/[\ud800-\udbff]$/, "")}…`
	) as SafeText;
}

/** Puts safe texts into a list: `br0, br1 and 3 more`. */
export function listNames(names: readonly SafeText[], limit = 12): SafeText {
	const shown = names.slice(0, limit).join(", ");
	const others = names.length - limit;
	return (others > 0 ? `${shown} and ${others} more` : shown) as SafeText;
}

/** A name as one word of a shell, so that a command can be copied whatever it holds. */
export function shellWord(name: SafeText): SafeText {
	return (
		/^[\w.:@%+/-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`
	) as SafeText;
}
