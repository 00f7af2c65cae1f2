import type { Ipv4 } from "../model/address.js";
import type { Json } from "../model/host-document.js";
import type { SafeText } from "../model/safe-text.js";
import { parseIpv4 } from "./ipv4.js";
import {
	type RawObject,
	readCount,
	readObjects,
	readText,
} from "./raw-json.js";

/** A way of an IPv4 default route of the main table. */
export interface DefaultRoute {
	/** Null on a link that needs none: PPP, WireGuard. */
	readonly gateway: Ipv4 | null;
	readonly interface: SafeText;
	/** The smallest one is taken; without one: 0. */
	readonly metric: number;
}

/** Most ways of one route that are read. */
const nexthopLimit = 64;

/**
 * Reads the default routes from the output of `ip -j route show`, the one that is taken
 * first; null when it is something else.
 */
export function parseIpRoute(output: Json): DefaultRoute[] | null {
	return (
		readObjects(output)
			?.filter(
				({ dst, table, type }) =>
					(dst === "default" || dst === "0.0.0.0/0") &&
					(table === undefined || table === "main") &&
					(type === undefined || type === "unicast"),
			)
			.flatMap(parseWays)
			.sort((a, b) => a.metric - b.metric) ?? null
	);
}

/** A multipath route has its ways in `nexthops`. */
function parseWays(raw: RawObject): DefaultRoute[] {
	const metric = readCount(raw, "metric") ?? 0;
	const ways = readObjects(raw.nexthops)?.slice(0, nexthopLimit) ?? [raw];
	return ways.flatMap((way) => {
		const name = readText(way, "dev");
		const gateway = readText(way, "gateway");
		const address = gateway === null ? null : parseIpv4(gateway);
		// IPv6 routes, of which the gateway is no IPv4 address, are none of ours.
		return name === null || (gateway !== null && address === null)
			? []
			: [{ gateway: address, interface: name, metric }];
	});
}
