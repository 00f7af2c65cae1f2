import { makeSafe, type SafeText } from "../model/safe-text.js";

/** The text is not what `ip -o link` prints; the message names the line. */
export class LinksError extends Error {
	override readonly name = "LinksError";
}

/**
 * Reads the output of `ip -o link` (one line an interface): index to name.
 *
 * `12: vnet0@if5: <BROADCAST,…` becomes 12 → `vnet0`.
 *
 * @throws {LinksError} when a line does not begin so, or there is none
 */
export function parseLinks(text: string): Map<number, SafeText> {
	const names = new Map<number, SafeText>();
	for (const [index, line] of text.split(/\r?\n/).entries()) {
		if (line.trim() === "") {
			continue;
		}
		const match = /^(\d+):\s+([^\s:]\S*?)(?:@[^\s:]+)?:\s/.exec(line);
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
