import type { Mac } from "../model/address.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import type { ExpectedPath } from "./path-walk.js";
import type { Trip } from "./trip.js";

/** Names of VMs, by their taps and the MAC addresses of their NICs. */
export class VmNames {
	readonly #byTap = new Map<SafeText, SafeText>();
	/** Null: several running VMs have the address. */
	readonly #byMac = new Map<Mac, SafeText | null>();
	readonly #running = new Set<Mac>();

	/**
	 * @param isCurrent taps are those of the capture; else VMs may have been started anew
	 * since, and only their MAC addresses are still theirs
	 */
	set({ domains }: Topology, isCurrent: boolean): void {
		this.#byTap.clear();
		this.#byMac.clear();
		this.#running.clear();
		const running = domains.filter((domain) => domain.isRunning);
		const others = domains.filter((domain) => !domain.isRunning);
		for (const { name, nics } of running) {
			for (const { mac, tap } of nics) {
				if (mac !== null) {
					this.#running.add(mac);
				}
				if (tap !== null && isCurrent) {
					this.#byTap.set(tap, name);
				}
			}
		}
		this.#addMacs(others);
		this.#addMacs(running);
	}

	/** @param tap where its frame was seen; null: at none */
	nameOf(mac: Mac, tap: SafeText | null): SafeText | null {
		const byTap = tap === null ? undefined : this.#byTap.get(tap);
		return byTap ?? this.ofMac(mac);
	}

	ofMac(mac: Mac): SafeText | null {
		return this.#byMac.get(mac) ?? null;
	}

	/** Whether it is the address of a running VM's NIC. */
	isRunning(mac: Mac): boolean {
		return this.#running.has(mac);
	}

	/** Those added later stand before those added earlier. */
	#addMacs(domains: Topology["domains"]): void {
		const found = new Map<Mac, SafeText | null>();
		for (const { name, nics } of domains) {
			for (const { mac } of nics) {
				if (mac !== null) {
					const known = found.get(mac);
					const isOther = known !== undefined && known !== name;
					found.set(mac, isOther ? null : name);
				}
			}
		}
		for (const [mac, name] of found) {
			this.#byMac.set(mac, name);
		}
	}
}

/**
 * The tap that tells the VM of a trip: where its frame came in, when the VM sent it; where
 * it is going, when it is for the VM. Null: there is none.
 */
export function tapOf(
	{ ingress }: Trip,
	{ ports }: ExpectedPath,
	isSender: boolean,
): SafeText | null {
	const port = isSender ? ingress?.sighting.port : ports.at(-1);
	return port?.role === "tap" ? port.name : null;
}
