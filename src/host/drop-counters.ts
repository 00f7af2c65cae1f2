import type { HostDocument, Json } from "../model/host-document.js";

/**
 * The counters of what drops or rejects packets, out of a `host-firewall` document: equal
 * for two readings of the same rules between which none of these took anything.
 */
export function readDropCounters({ statements }: HostDocument): string {
	return statements
		.map(({ output }) =>
			typeof output === "string" ? readSaved(output) : readNative(output),
		)
		.join("\n");
}

/** `:FORWARD DROP [12:3000]`, `[3:984] -A FORWARD … -j DROP`, as `iptables-save -c` has them. */
const dropPolicy = /^:\S+ DROP \[(\d+):/;
const dropRule = /^\[(\d+):\d+\] -A .* -j (?:DROP|REJECT)\b/;

function readSaved(text: string): string {
	const counts = text
		.split("\n")
		.flatMap(
			(line) => (dropPolicy.exec(line) ?? dropRule.exec(line))?.[1] ?? [],
		);
	return counts.join(" ");
}

/** `{"rule": {"expr": [{"counter": {"packets": 3, …}}, {"drop": null}]}}` */
function readNative(output: Json): string {
	const listed = memberOf(output, "nftables");
	const counts = (Array.isArray(listed) ? listed : []).flatMap((one: Json) => {
		const words = memberOf(memberOf(one, "rule"), "expr");
		const parts: readonly Json[] = Array.isArray(words) ? words : [];
		const isDrop = parts.some(
			(part) =>
				memberOf(part, "drop") !== undefined ||
				memberOf(part, "reject") !== undefined,
		);
		return isDrop ? parts.flatMap(readPackets) : [];
	});
	return counts.join(" ");
}

function readPackets(part: Json): number[] {
	const packets = memberOf(memberOf(part, "counter"), "packets");
	return typeof packets === "number" ? [packets] : [];
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
	return value !== null && typeof value === "object" && !Array.isArray(value)
		? (value as { readonly [key: string]: Json })[name]
		: undefined;
}
