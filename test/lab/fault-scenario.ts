import type { Ipv4 } from "../../src/model/address.js";
import type { Command } from "./command.js";
import type { Expectation } from "./expectation.js";
import type { HostSays } from "./fault-log.js";
import type { Lab } from "./lab.js";
import type { VmName } from "./plan.js";
import type { Caution } from "./services.js";

/** What a fault does to one exchange, by construction. */
export interface Effect {
	/** Of the exchange, in the words of the product. */
	readonly outcome:
		| "lost"
		| "unanswered"
		| "refused"
		| "degraded"
		| "delivered"
		| "inconclusive";
	readonly protocol: "arp" | "dhcp" | "icmp";
	/** The message that is lost, unanswered, or tells of the fault. */
	readonly message: string;
	readonly lastSeen: string | null;
	/** Null when nothing is missing inside the host. */
	readonly firstMissing: string | null;
}

/** Something on the host that proves a fault, read by its own tool. */
export interface Evidence {
	readonly command: string;
	readonly says: string;
}

/** What a scenario did, and what must therefore be seen where. */
export interface FaultPlayed {
	/** Null: everything is well. */
	readonly effect: Effect | null;
	/** The addresses the VM had, the latest last. */
	readonly ips: readonly Ipv4[];
	/** Must hold of the frames before the fault. */
	readonly before: readonly Expectation[];
	/** Must hold of the frames since the fault; of all where there is none. */
	readonly since: readonly Expectation[];
	readonly fix: Fix | null;
	/** What else is true of it, by name. */
	readonly details?: Readonly<Record<string, string>>;
}

/** What mends a fault; tried once the recording is over. */
export interface Fix {
	/** On the KVM host. */
	readonly commands: readonly Command[];
	/** Throws unless the VM's network works now. */
	check(): Promise<unknown>;
}

/** What faults are made with. */
export interface Bench {
	/** Runs a command on the KVM host, and returns what it prints. */
	host(...command: Command): Promise<string>;
	/**
	 * Makes the fault, and waits until the recording has the host's word for it.
	 *
	 * @param isTold whether what the host said last tells of it; null: nothing tells
	 */
	breakIt(
		make: () => Promise<unknown>,
		isTold: ((host: HostSays) => boolean) | null,
	): Promise<void>;
	/** Keeps what a command of the KVM host prints, as proof. */
	prove(...command: Command): Promise<void>;
}

/** What a scenario works with while it is recorded. */
export interface Stage extends Bench {
	readonly lab: Lab;
}

/** A course of traffic with one fault, or with none where `cause` is null. */
export interface FaultScenario {
	/** Of its directory: the cause, and a variant of it. */
	readonly name: string;
	/** One sentence. */
	readonly what: string;
	/** The stable id users see; null: nothing is wrong. */
	readonly cause: string | null;
	/** The VM that suffers. */
	readonly vm: VmName;
	/** The DHCP server of the LAN. */
	readonly routerDhcp: Caution | "none";
	/** Whether the host's own DHCP server of the NAT network runs. */
	readonly hasNatDhcp: boolean;
	/** Quiet between the traffic and the end of the recording, long enough to settle. */
	readonly quietSeconds: number;
	/** Changes the lab before the recording begins. */
	prepare?(lab: Lab): Promise<unknown>;
	play(stage: Stage): Promise<FaultPlayed>;
}

/** What most scenarios are alike in. */
export const usualFault = {
	vm: "vm1",
	routerDhcp: "offers-at-once",
	hasNatDhcp: false,
	quietSeconds: 3,
} as const satisfies Partial<FaultScenario>;

/** The same on the NAT network. */
export const usualNatFault = {
	...usualFault,
	vm: "vm3",
	routerDhcp: "none",
	hasNatDhcp: true,
} as const satisfies Partial<FaultScenario>;

/** The address vm1 has when nobody leases it one. */
export const fixedIp: Ipv4 = "192.168.100.61";

/** The address another machine of the LAN has. */
export const otherIp: Ipv4 = "192.168.100.63";

/** The ports that a frame of vm1 for the LAN passes. */
export const bridgedPath = ["vnet0", "br0", "ens3"] as const;

/** The ports that a frame of vm3 passes before the host routes it. */
export const natPath = ["vnet2", "virbr0"] as const;
