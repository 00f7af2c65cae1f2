import type { Ipv4, Mac } from "./address.js";
import type { LogTime } from "./capture.js";

/** An IP address, who holds it, and how that is known. */
export interface HeldAddress {
	readonly address: Ipv4;
	readonly mac: Mac;
	/** `dhcp`: an ACK granted it; `arp`: its holder says so. */
	readonly source: "dhcp" | "arp";
	/** When it was first known to be held by this MAC address. */
	readonly since: LogTime;
	/** When that was last seen. */
	readonly seen: LogTime;
	/** Duration of the lease, in seconds, from the ACK on; null without one. */
	readonly leaseSeconds: number | null;
}
