import { elapsedNs, formatTimeNs, type LogTime } from "../model/capture.js";
import type { HeldAddress } from "../model/held-address.js";
import { formatCount, formatTimeOfDay } from "./units.js";

/** More addresses than these are only counted in the text output. */
const rowLimit = 20;

/** Who holds which address, as `vmpath-1.schema.json` describes it. */
export function addressToJson(held: HeldAddress, end: LogTime | null): object {
	const { address, mac, vm, source, since, seen, leaseSeconds } = held;
	return {
		address,
		mac,
		vm,
		source,
		sinceNs: formatTimeNs(since),
		tsNs: formatTimeNs(seen),
		ageNs: end === null ? 0 : elapsedNs(seen, end),
		leaseSeconds,
	};
}

/** One line an address, those seen last first. */
export function formatAddresses(addresses: readonly HeldAddress[]): string[] {
	const rows = addresses.slice(-rowLimit).reverse().map(formatAddress);
	const more = addresses.length - rows.length;
	return more === 0
		? rows
		: [...rows, `and ${formatCount(more, "more address", "more addresses")}`];
}

function formatAddress(held: HeldAddress): string {
	const { address, mac, vm, source, seen, leaseSeconds } = held;
	const lease = leaseSeconds === null ? "" : ` of ${leaseSeconds} s`;
	const known = source === "dhcp" ? `lease${lease}` : "ARP";
	const holder = vm === null ? mac : `${vm}, ${mac}`;
	return `${address} is ${holder} (${known}, last seen ${formatTimeOfDay(seen)})`;
}
