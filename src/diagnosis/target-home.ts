import type { Ipv4, Mac } from "../model/address.js";
import type { SafeText } from "../model/safe-text.js";
import type { Domain, Topology } from "../model/topology.js";
import type { Facts } from "./facts.js";
import { findPort, nicOf, roleOf } from "./host-lookup.js";

/** Where an address of this host's VMs lives: who has it, and behind which tap. */
export interface Home {
	readonly mac: Mac;
	readonly tap: SafeText;
}

/**
 * Finds the tap behind which an IP address lives: by leases and neighbours of the host, and
 * by ARP that was seen; null where none of them has it, or not behind a tap.
 */
export function findHome(address: Ipv4 | null, facts: Facts): Home | null {
	if (address === null) {
		return null;
	}
	const holder = facts.memory.stations.holderOf(address);
	const told = facts.topology?.addresses ?? [];
	const macs = [
		...(holder === null ? [] : [holder.mac]),
		...told.filter((one) => one.address === address).map(({ mac }) => mac),
	];
	for (const mac of macs) {
		const tap =
			nicOf(mac, facts.topology)?.tap ??
			facts.fdb?.find((entry) => entry.mac === mac)?.port ??
			(mac === holder?.mac ? holder.port : null);
		if (tap !== null && roleOf(tap, facts.topology) === "tap") {
			return { mac, tap };
		}
	}
	return null;
}

/** The running VM that a tap belongs to. */
export function domainBehind(
	tap: SafeText | null,
	topology: Topology | null,
): Domain | null {
	return tap === null || findPort(tap, topology) === null
		? null
		: (topology?.domains.find(
				({ isRunning, nics }) =>
					isRunning && nics.some((nic) => nic.tap === tap),
			) ?? null);
}
