import type { Ipv4, Mac } from "./address.js";
import type { LogTime } from "./capture.js";
import type { Direction, EthernetHeader, Frame, Protocol } from "./frame.js";
import type { Port } from "./port.js";
import type { SafeText } from "./safe-text.js";

/**
 * A frame that has not arrived so long after its ingress, in nanoseconds of log time, is
 * not waited for any more.
 */
export const settleNs = 1_000_000_000;

/** One frame at one port, one way, at one time (RFC 5474: an observation). */
export interface Sighting {
	/** Null where the capture does not tell interfaces apart (SLL). */
	readonly port: Port | null;
	readonly time: LogTime;
	/** As the capture tells it; null when it does not. */
	readonly direction: Direction | null;
	readonly frame: Frame;
	/** Captured bytes and length on the wire. */
	readonly captured: number;
	readonly length: number;
	/** File and number in it: tells sightings of one time apart. */
	readonly source: number;
	readonly number: number;
	/** Digest of what stays equal along a bridged path. */
	readonly fingerprint: number;
	/** Digest of what stays equal across routing and NAT; null where nothing can. */
	readonly routedFingerprint: number | null;
}

/** A field that was different at a hop from what it was at the hop before. */
export interface Change {
	readonly field: string;
	readonly from: string | number | null;
	readonly to: string | number | null;
}

/** A sighting's place in a journey. */
export interface Hop {
	readonly interface: SafeText | null;
	readonly direction: Direction | null;
	readonly time: LogTime;
	/** Since the first hop, in nanoseconds. */
	readonly elapsedNs: number;
	readonly changed: readonly Change[];
}

/** Who sent a frame or whom it is for, as seen from the VM it concerns. */
export type Party = "vm" | "other-vm" | "host" | "router" | "lan";

export type Outcome = "delivered" | "lost" | "inconclusive";

/** Identical bytes that were on their way together, and how many of them left. */
export interface Train {
	readonly entered: number;
	readonly left: number;
}

/** One trip of one frame, settled. */
export interface Journey {
	readonly id: number;
	/** Counts the times the journey was sent out again with something new. */
	readonly revision: number;
	readonly protocol: Protocol;
	/** `request`, `discover`, `echo-reply`, … */
	readonly message: string;
	readonly summary: SafeText;
	/** Name of the VM; null when none is known. */
	readonly vm: SafeText | null;
	/** The VM's MAC address; null when no VM is concerned. */
	readonly mac: Mac | null;
	readonly source: Party;
	readonly destination: Party;
	/** As at the first hop; routing changes them. */
	readonly ethernet: EthernetHeader | null;
	readonly addresses: {
		readonly source: Ipv4 | null;
		readonly destination: Ipv4 | null;
	};
	readonly identifier: number | null;
	readonly sequence: number | null;
	readonly hops: readonly Hop[];
	/** The path the frame should take, as far as its ports were captured. */
	readonly expected: readonly SafeText[];
	/** Sightings off that path: floods and mirrors. */
	readonly copies: readonly Hop[];
	readonly train: Train | null;
	/** Id of the journey whose frame came back in. */
	readonly reflectionOf: number | null;
	readonly outcome: Outcome;
	readonly lastSeen: SafeText | null;
	readonly firstMissing: SafeText | null;
	/** Why the outcome is inconclusive; else null. */
	readonly reason: string | null;
}
