import { type Mac, parseMac } from "../model/address.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { inferRole } from "./roles.js";

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

/**
 * Reads the MAC addresses of bridges from the output of `ip link`, with `-o` or not: a
 * bridge's own address is the host's. Bridges are told by their names, or by ports that
 * have them as `master`; a bond is master of its cards, too, and no bridge.
 */
export function parseBridgeMacs(text: string): Map<SafeText, Mac> {
	const lines = text.replaceAll(/\r?\n\s+/g, " ").split(/\r?\n/);
	const masters = new Set(lines.map((line) => / master (\S+)/.exec(line)?.[1]));
	const macs = new Map<SafeText, Mac>();
	for (const line of lines) {
		const name = linkLine.exec(line)?.[2] ?? "";
		const mac = parseMac(/ link\/ether (\S+)/.exec(line)?.[1] ?? "");
		const role = inferRole(name);
		const isBridge =
			role === "bridge" || (masters.has(name) && role !== "uplink");
		if (isBridge && mac !== null) {
			macs.set(makeSafe(name), mac);
		}
	}
	return macs;
}
