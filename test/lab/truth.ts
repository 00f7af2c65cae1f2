import type { Ipv4, Mac } from "../../src/model/address.js";
import type { Recordings } from "./capture.js";
import type { Network, PortPlan, VmName } from "./plan.js";

/** A fault the scenario made, and what it does to the frames. */
export interface Fault {
	/** The stable id users see, such as `bridge-filter-drop`. */
	readonly cause: string;
	readonly protocol: "arp" | "dhcp" | "icmp";
	/** The message that does not arrive or is not answered. */
	readonly message: string;
	readonly lastSeen: string;
	/** Null when the message left the host and nothing came back. */
	readonly firstMissing: string | null;
	/** When the fault was made: nanoseconds since the epoch. */
	readonly sinceNs: string;
}

/** What is true of a recording by construction: no analysis of it had a say. */
export interface Truth {
	readonly name: string;
	readonly what: string;
	readonly network: Network;
	readonly vms: readonly {
		readonly name: VmName;
		readonly mac: Mac;
		readonly tap: string;
		readonly bridge: string;
		/** Leased or fixed; null for a VM that had none. */
		readonly ip: Ipv4 | null;
	}[];
	readonly ports: readonly (PortPlan & { readonly ifindex: number })[];
	readonly host: { readonly mac: Mac; readonly ips: readonly Ipv4[] };
	readonly router: { readonly mac: Mac; readonly ip: Ipv4 };
	readonly fault: Fault | null;
	readonly recordings: Recordings;
	/** Packets in each capture file, as the capturing program counted them. */
	readonly counts: Readonly<Record<string, number>>;
}
