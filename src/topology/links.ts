import { makeSafe, type SafeText } from "../model/safe-text.js";

/** The text is not what `ip -o link` prints; the message names the line. */
export class LinksError extends Error {
	override readonly name = "LinksError";
}

/** Index, name, peer or parent: names hold no blank, slash or colon (dev_valid_name). */
const linkLine = /^(\d+):\s+([^\s:/]+?)(?:@[^\s:]+)?:\s/;

/**
 * Reads the output of `ip -o link` (one line an interface): index to name. The further
 * lines that `ip link` has without `-o` begin with a blank and are passed over.
 *
 * `12: vnet0@if5: <BROADCAST,…` becomes 12 → `vnet0`.
 *
 * @throws {LinksError} when a line does not begin so, or there is none
 */
export function parseLinks(text: string): Map<number, SafeText> {
	const names = new Map<number, SafeText>();
	for (const [index, line] of text.split(/\r?\n/).entries()) {
		const isFurther = /^\s/.test(line) && names.size > 0;
		if (line.trim() === "" || isFurther) {
			continue;
		}
		const match = linkLine.exec(line);
		if (match === null) {
			throw new LinksError(
				`line ${index + 1} is not from \`ip -o link\`: "${makeSafe(line.slice(0, 60))}"`,
			);
		}
		names.set(Number(match[1]), makeSafe(match[2] ?? ""));
	}
	if (names.size === 0) {
		throw new LinksError("it names no interface");
	}
	return names;
}
