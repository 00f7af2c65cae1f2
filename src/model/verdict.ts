import type { Ipv4, Mac } from "./address.js";
import type { Cause, Exchange, ExchangeOutcome } from "./exchange.js";
import type { Journey } from "./journey.js";
import type { SafeText } from "./safe-text.js";

/** What is verified: that DHCP reaches the VM, or that the VM reaches its gateway. */
export type VerdictSubject = "dhcp" | "gateway";

/** Exit codes of monitoring plugins: OK, WARNING, CRITICAL, UNKNOWN. */
export type VerdictExit = 0 | 1 | 2 | 3;

/** An address that a VM is known to have. */
export interface VmAddress {
	readonly address: Ipv4;
	readonly mac: Mac;
	/**
	 * `lease`: of a DHCP server on this host; `arp-table`: of the host; `agent`: the guest
	 * itself says so; `dhcp`, `arp`: seen in the log.
	 */
	readonly source: "lease" | "arp-table" | "agent" | "dhcp" | "arp";
	/** At the end of the log, in seconds; null: not told. */
	readonly ageSeconds: number | null;
}

/** What can be said of one VM, and what it rests on. */
export interface Verdict {
	readonly subject: VerdictSubject;
	/** The VM's name, or what it was called by. */
	readonly vm: SafeText;
	readonly mac: Mac | null;
	readonly outcome: ExchangeOutcome;
	/** One line, made of safe texts; it is not clipped. */
	readonly sentence: string;
	readonly exit: VerdictExit;
	/** Why it is degraded or inconclusive; else null. */
	readonly reason: string | null;
	readonly causes: readonly Cause[];
	/** What decided; null: nothing of the kind was seen. */
	readonly exchange: Exchange | null;
	/** The messages that count, in order of time: how far each got. */
	readonly journeys: readonly Journey[];
	/** From the VM's question until it had its answer, in nanoseconds; null: none came. */
	readonly roundTripNs: number | null;
	/** The surest first. */
	readonly addresses: readonly VmAddress[];
	/** What to do to see more; one line each. */
	readonly advice: readonly string[];
}

const exits: Readonly<Record<ExchangeOutcome, VerdictExit>> = {
	delivered: 0,
	degraded: 1,
	refused: 2,
	lost: 2,
	unanswered: 2,
	inconclusive: 3,
};

/** The exit code that an outcome has. */
export function exitOf(outcome: ExchangeOutcome): VerdictExit {
	return exits[outcome];
}

/** From the best to the worst: what is proven bad comes before what cannot be told. */
const order: readonly VerdictExit[] = [0, 1, 3, 2];

/** The exit code of several verdicts, in the order 2, 3, 1, 0; of none: 3. */
export function worstExit(worse: readonly VerdictExit[]): VerdictExit {
	const ranks = worse.map((exit) => order.indexOf(exit));
	return ranks.length === 0 ? 3 : (order[Math.max(...ranks)] ?? 3);
}
