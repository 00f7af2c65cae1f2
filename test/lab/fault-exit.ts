import type { VerdictSubject } from "../../src/model/verdict.js";
import type { Effect } from "./fault-scenario.js";

/** What `vmpath verify` must say of a fault, by its construction. */
export interface ExpectedVerdict {
	readonly subject: VerdictSubject;
	readonly outcome: Effect["outcome"];
	readonly exit: number;
}

/** README: degraded is 1, what is proven not delivered 2. */
const exits: Readonly<Record<Effect["outcome"], number>> = {
	delivered: 0,
	degraded: 1,
	lost: 2,
	unanswered: 2,
	refused: 2,
	inconclusive: 3,
};

/**
 * What reached the VM is not lost on the way, and who is refused the way beyond his gateway
 * reaches that: both are degraded.
 */
export function expectVerdict(effect: Effect): ExpectedVerdict {
	const { outcome, protocol, lastSeen } = effect;
	const isAtTap =
		outcome === "unanswered" && lastSeen?.startsWith("vnet") === true;
	const isBeyond = outcome === "refused" && protocol === "icmp";
	const judged = isAtTap || isBeyond ? "degraded" : outcome;
	const subject = protocol === "dhcp" ? "dhcp" : "gateway";
	return { subject, outcome: judged, exit: exits[judged] };
}
