import type { Ipv4 } from "../model/address.js";
import type { Cause, ExchangeOutcome } from "../model/exchange.js";
import type { TracedExchange } from "./evidence.js";

/** What a verdict is given by, beside what was seen. */
export interface VerifyOptions {
	/** DHCP servers that are expected; none: any may answer. */
	readonly servers: readonly Ipv4[];
	/** The gateway; null: as the lease, the host or the traffic tell. */
	readonly gateway: Ipv4 | null;
}

/** An attempt, judged. */
export interface Assessment {
	readonly attempt: TracedExchange;
	readonly outcome: ExchangeOutcome;
	/** Why it is degraded or inconclusive; else null. */
	readonly reason: string | null;
	readonly causes: readonly Cause[];
}
