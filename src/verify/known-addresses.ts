import { elapsedNs, type LogTime } from "../model/capture.js";
import type { KnownAddress } from "../model/topology.js";
import type { VmAddress } from "../model/verdict.js";
import type { LogState } from "./evidence.js";
import { macsOf, type Subject } from "./subject.js";
import { formatAge, listWords } from "./words.js";

/** Addresses of one VM that are listed. */
const addressLimit = 8;

/**
 * The addresses that a VM has as far as is known, with their ages at the end of the log:
 * what passed, then what the host said.
 */
export function findAddresses(
	subject: Subject,
	{ topology, toldAt, addresses, end }: LogState,
): VmAddress[] {
	const macs = macsOf(subject);
	const seen = addresses
		.filter(({ mac }) => macs.includes(mac))
		.reverse()
		.map(({ address, mac, source, seen: at }): VmAddress => {
			const ageSeconds = end === null ? null : secondsBetween(at, end);
			return { address, mac, source, ageSeconds };
		});
	const told = (topology?.addresses ?? [])
		.filter(({ mac }) => macs.includes(mac))
		.map((known) => ({ ...known, ageSeconds: ageAt(known, toldAt, end) }));
	return [...seen, ...told].slice(0, addressLimit);
}

function ageAt(
	{ ageSeconds }: KnownAddress,
	toldAt: LogTime | null,
	end: LogTime | null,
): number | null {
	if (ageSeconds === null || toldAt === null || end === null) {
		return ageSeconds;
	}
	return ageSeconds + Math.max(0, secondsBetween(toldAt, end));
}

function secondsBetween(from: LogTime, to: LogTime): number {
	return Math.max(0, Math.round(elapsedNs(from, to) / 1e9));
}

const sources: Readonly<Record<VmAddress["source"], string>> = {
	lease: "lease of this host's DHCP server",
	"arp-table": "this host's ARP table",
	agent: "the guest's agent",
	dhcp: "lease seen",
	arp: "ARP seen",
};

/**
 * `it has 192.168.100.57 (lease of this host's DHCP server, 25 min ago; ARP seen, 3 s ago)`
 *
 * @param missed what is not known of it if there is none
 */
export function describeAddresses(
	known: readonly VmAddress[],
	missed: "lease" | "address",
): string {
	const addresses = [...new Set(known.map(({ address }) => address))];
	const ways = addresses.map((address) => {
		const own = known.filter((one) => one.address === address);
		return `${address} (${own.map(describeWay).join("; ")})`;
	});
	return ways.length === 0
		? `no ${missed} of it is known`
		: `it has ${listWords(ways)}`;
}

function describeWay({ source, ageSeconds }: VmAddress): string {
	const age = ageSeconds === null ? "" : `, ${formatAge(ageSeconds)} ago`;
	return `${sources[source]}${age}`;
}
