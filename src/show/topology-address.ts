import type { KnownAddress } from "../model/topology.js";

/** `192.168.122.148 (lease, 12 min old)`; what was said right now has no age. */
export function describeAddress({
	address,
	source,
	ageSeconds,
}: KnownAddress): string {
	const isNow = ageSeconds === null || source === "agent";
	const age = isNow ? "" : `, ${formatAge(ageSeconds)} old`;
	return `${address} (${sourceNames[source]}${age})`;
}

const sourceNames: Readonly<Record<KnownAddress["source"], string>> = {
	lease: "lease",
	"arp-table": "ARP table",
	dhcp: "DHCP seen",
	arp: "ARP seen",
	agent: "guest agent",
};

/** To one unit: `35 s`, `12 min`, `3 h`. */
function formatAge(seconds: number): string {
	const whole = Math.round(seconds);
	return whole < 120
		? `${whole} s`
		: whole < 7200
			? `${Math.round(whole / 60)} min`
			: `${Math.round(whole / 3600)} h`;
}
