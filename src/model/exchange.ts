import type { Ipv4, Mac } from "./address.js";
import type { LogTime } from "./capture.js";
import type { Protocol } from "./frame.js";
import type { Outcome } from "./journey.js";
import type { SafeText } from "./safe-text.js";

/** What can be said of a question and its answers. */
export type ExchangeOutcome =
	| "delivered"
	| "degraded"
	| "refused"
	| "lost"
	| "unanswered"
	| "inconclusive";

/** One message of an exchange: a journey, and what became of it. */
export interface ExchangeMessage {
	readonly message: string;
	/** Id of the journey. */
	readonly journey: number;
	readonly outcome: Outcome;
}

/** What a DHCP ACK grants (RFC 2131 section 2.2). */
export interface Lease {
	readonly address: Ipv4;
	readonly server: Ipv4 | null;
	/** Option 51; null when the ACK does not tell. */
	readonly seconds: number | null;
	/** When the ACK was seen first. */
	readonly since: LogTime;
	readonly routers: readonly Ipv4[];
}

/** Why something was lost, refused or not answered. */
export interface Cause {
	/** Stable: `bridge-filter-drop`, `ip-forward-off`, … */
	readonly id: string;
	/**
	 * `proven`: by what the host said, or because the frames themselves say it. `likely`:
	 * the only one the host speaks for, or the only one that sightings leave. `possible`:
	 * one of several.
	 */
	readonly certainty: "proven" | "likely" | "possible";
	/** What was read or seen, with the command that shows it. */
	readonly evidence: readonly string[];
	/** What mends it; mostly a command. */
	readonly fix: string;
}

/**
 * A question and its answers: who-has and is-at; echo and reply; the DHCP messages of
 * one transaction and client.
 */
export interface Exchange {
	readonly id: number;
	readonly revision: number;
	readonly protocol: Protocol;
	readonly vm: SafeText | null;
	readonly mac: Mac | null;
	/** DHCP's transaction id; null for the others. */
	readonly xid: number | null;
	/** The DHCP server, or whoever answered an echo with an error. */
	readonly server: Ipv4 | null;
	/** In order of time. */
	readonly messages: readonly ExchangeMessage[];
	/**
	 * From the question to its answer at each port that saw both, in nanoseconds: the
	 * share inside the host is the difference of two. Null for DHCP, and without answer.
	 */
	readonly roundTrip: Readonly<Record<string, number>> | null;
	readonly outcome: ExchangeOutcome;
	/** The message that decided the outcome. */
	readonly message: string;
	readonly lastSeen: SafeText | null;
	readonly firstMissing: SafeText | null;
	/** Why it is inconclusive or degraded, or took long though nothing was wrong; else null. */
	readonly reason: string | null;
	/** The surest first; none where all is well, or nothing can be told. */
	readonly causes: readonly Cause[];
	readonly lease: Lease | null;
	readonly summary: SafeText;
	/** When its first message was seen first. */
	readonly since: LogTime;
}
