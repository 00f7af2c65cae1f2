import type { Ipv4 } from "../../src/model/address.js";
import type { Precision } from "./capture.js";
import type { Expectation } from "./expectation.js";
import type { Lab } from "./lab.js";
import type { Network, VmName } from "./plan.js";
import type { Caution } from "./services.js";
import type { Fault } from "./truth.js";

/** What a scenario did, and what must therefore be seen where. */
export interface Played {
	readonly ips: Readonly<Partial<Record<VmName, Ipv4>>>;
	readonly fault: Fault | null;
	readonly expected: readonly Expectation[];
}

/** A course of traffic on the lab, healthy or with a fault made on the way. */
export interface Scenario {
	readonly name: string;
	/** One sentence. */
	readonly what: string;
	readonly network: Network;
	readonly precision: Precision;
	readonly withSll: boolean;
	/** The DHCP server of the LAN. */
	readonly routerDhcp: Caution | "none";
	/** Quiet between the traffic and the end of the recording, long enough to settle. */
	readonly quietSeconds: number;
	play(lab: Lab): Promise<Played>;
}

/** What most scenarios are alike in. */
export const usual = {
	network: "bridged",
	precision: "nano",
	withSll: false,
	routerDhcp: "offers-at-once",
	quietSeconds: 3,
} as const satisfies Partial<Scenario>;
