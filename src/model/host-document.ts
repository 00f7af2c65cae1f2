import type { LogTime } from "./capture.js";

/** A value as JSON has it. */
export type Json =
	| null
	| boolean
	| number
	| string
	| readonly Json[]
	| { readonly [key: string]: Json };

/** Kinds of host documents, one subject each. */
export const hostDocumentTypes = [
	/** What is captured, how and since when; said by the recorder itself. */
	"capture",
	"host-system",
	"host-links",
	"host-addresses",
	"host-routes",
	"host-neighbours",
	"host-fdb",
	"host-vlans",
	"host-sysctls",
	"host-domains",
	"host-networks",
	"host-firewall",
	"host-services",
	/** What taps could not hand to their VMs so far; said again whenever that rises. */
	"host-counters",
] as const;
export type HostDocumentType = (typeof hostDocumentTypes)[number];

/** A fact that could not be read, and why. */
export interface Gap {
	/** One line: `virsh is not installed`, `permission denied`. */
	readonly reason: string;
	/** What to do about it, as a command or a package; null when nothing helps. */
	readonly fix: string | null;
}

/** What one source on the host said, or why it said nothing. Raw: not made safe yet. */
export interface HostStatement {
	/** The command or file: `ip -j -d link show`, `/proc/sys/net/ipv4/ip_forward`. */
	readonly source: string;
	/** Parsed where the source prints JSON, else its text; null when there is a gap. */
	readonly output: Json;
	readonly gap: Gap | null;
}

/** All that the host says of one subject at one time; the next of its type replaces it. */
export interface HostDocument {
	readonly type: HostDocumentType;
	readonly statements: readonly HostStatement[];
}

/** Every frame before `until` stands before the tick in the log. */
export interface Tick {
	readonly until: LogTime;
	/** Frames lost by the capture so far, over all interfaces; null: not known. */
	readonly dropsTotal: number | null;
	/** CLOCK_MONOTONIC when the tick was made: tells a jump of the real clock. */
	readonly monotonic: LogTime;
}

/** An interface that is, or was, captured: what the `capture` document lists. */
export interface CapturedPort {
	readonly name: string;
	/** ifindex; the same name may come again with another. */
	readonly index: number;
	/** When its capture began, and ended; `untilNs` null: it goes on. Decimal nanoseconds. */
	readonly sinceNs: string;
	readonly untilNs: string | null;
	/** Whether the capture holds a promiscuous membership there. */
	readonly isPromiscuous: boolean;
}

/** The output of the one statement of a `capture` document. */
export interface CaptureState {
	readonly engine: "packet" | "cap";
	/** Where time stamps come from. */
	readonly time: "kernel" | "userland";
	/** Whether frames the capture loses are counted. */
	readonly countsDrops: boolean;
	/** pcap-filter expression on top of the built-in one; null: none. */
	readonly filter: string | null;
	readonly interfaces: readonly CapturedPort[];
}

/** if_name of the pseudo-interface that carries documents and ticks. */
export const hostInterfaceName = "vmpath:host";

/** EtherType of its frames: IEEE 802 local experimental. */
export const hostEtherType = 0x88b5;
