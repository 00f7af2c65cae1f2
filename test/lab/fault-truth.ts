import type { Ipv4, Mac } from "../../src/model/address.js";
import type { Effect, Evidence } from "./fault-scenario.js";
import type { Network } from "./plan.js";

/** What is true of the recording of a fault by construction: vmpath had no say in it. */
export interface FaultTruth {
	readonly name: string;
	/** One sentence. */
	readonly what: string;
	/** The stable id users see; null: nothing is wrong. */
	readonly cause: string | null;
	readonly mode: Network;
	/** The VM as the lab, and where there is one libvirt, calls it. */
	readonly vm: string;
	readonly mac: Mac;
	readonly tap: string;
	readonly bridge: string;
	/** The addresses it had while it was recorded, the latest last. */
	readonly ips: readonly Ipv4[];
	/** What the fault does to the frames; null: nothing is wrong. */
	readonly effect: Effect | null;
	/** When the fault was there: nanoseconds since the epoch; null: there is none. */
	readonly sinceNs: string | null;
	/** Commands on the host that mended it after the recording; null: none there does. */
	readonly fix: readonly string[] | null;
	/** What tools on the host said while the fault was there. */
	readonly evidence: readonly Evidence[];
	/** What else is true of it: who the second server is, which MAC answers as well. */
	readonly details: Readonly<Record<string, string>>;
	/** Frames of the recording at each port. */
	readonly frames: Readonly<Record<string, number>>;
}
