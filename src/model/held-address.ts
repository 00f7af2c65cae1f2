import type { Ipv4, Mac } from "./address.js";
import type { LogTime } from "./capture.js";
import type { SafeText } from "./safe-text.js";

/** An IP address, who holds it, and how that is known. */
export interface HeldAddress {
	readonly address: Ipv4;
	readonly mac: Mac;
	/** Name of the VM whose NIC has the MAC address; null when none is known. */
	readonly vm: SafeText | null;
	/** `dhcp`: an ACK granted it; `arp`: its holder says so. */
	readonly source: "dhcp" | "arp";
	/** When it was first known to be held by this MAC address. */
	readonly since: LogTime;
	/** When that was last seen. */
	readonly seen: LogTime;
	/** Duration of the lease, in seconds, from the ACK on; null without one. */
	readonly leaseSeconds: number | null;
}
