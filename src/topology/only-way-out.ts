import type { SafeText } from "../model/safe-text.js";
import { type RawObject, readText } from "./raw-json.js";

/** Tables that the kernel has rules for from the start (`ip-rule(8)`). */
const usualTables: readonly unknown[] = ["local", "main", "default"];
/** What `ip -j rule show` says of such a rule. */
const usualFields: readonly string[] = ["priority", "src", "table", "protocol"];

/**
 * The interface by which the host sends whatever is for none of its own networks: that of
 * its default route, where no other route and no rule leads elsewhere. Null: one does, or
 * it is not known.
 *
 * @param routes of `ip -j -4 route show table main`
 * @param rules of `ip -j -4 rule show`; none: they were not read
 */
export function findOnlyWayOut(
	routes: readonly RawObject[],
	rules: readonly RawObject[],
): SafeText | null {
	const defaults = routes.filter(({ dst }) => dst === "default");
	const [first] = defaults;
	const name = first === undefined ? null : readText(first, "dev");
	const isUsual =
		rules.length > 0 &&
		rules.every(isUsualRule) &&
		routes.every(
			(route) =>
				route.type === undefined &&
				(readText(route, "dev") === name || isConnected(route)),
		);
	return isUsual ? name : null;
}

function isUsualRule(rule: RawObject): boolean {
	return (
		rule.src === "all" &&
		usualTables.includes(rule.table) &&
		Object.keys(rule).every((field) => usualFields.includes(field))
	);
}

/** The kernel's own route to the network of an address. */
function isConnected({ dst, protocol, gateway, nexthops }: RawObject): boolean {
	return (
		dst !== "default" &&
		protocol === "kernel" &&
		gateway === undefined &&
		nexthops === undefined
	);
}
