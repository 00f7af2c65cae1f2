import type { Ipv4 } from "../model/address.js";
import type { Frame } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import { BoundedMap } from "./bounded-map.js";

/** An ICMP error about a ping. */
export interface PingError {
	readonly sender: Ipv4;
	readonly type: number;
	readonly code: number;
}

const errorLimit = 4096;
const unreachable = 3;
/** Advice, and no error: the packet was sent on (RFC 1812 section 5.2.7.2). */
const redirect = 5;
/**
 * Codes of destination unreachable that tell of one destination or one packet only: host
 * unreachable and unknown, fragmentation needed (RFC 792, RFC 1122 section 3.2.2.1).
 */
const ofOneOnly = new Set([1, 4, 7]);

/** What answered pings with errors, from the frames themselves. */
export class ErrorBook {
	readonly #errors = new BoundedMap<string, PingError>(errorLimit);

	note({ icmp, ipv4 }: Frame): void {
		const quoted = icmp?.quoted;
		if (icmp === null || ipv4 === null || !quoted?.icmp) {
			return;
		}
		if (icmp.type === redirect) {
			return;
		}
		const { type, code } = icmp;
		const key = keyOf(quoted.ipv4, quoted.icmp);
		this.#errors.set(key, { sender: ipv4.source, type, code });
	}

	/** The error about a ping, by what it was when it was sent; null: none is known. */
	of(ping: Journey): PingError | null {
		return this.#errors.get(keyOf(ping.addresses, ping)) ?? null;
	}
}

/** What tells a ping from others. */
function keyOf(
	{ source, destination }: Journey["addresses"],
	{ identifier, sequence }: Pick<Journey, "identifier" | "sequence">,
): string {
	return `${source} ${destination} ${identifier} ${sequence}`;
}

/** Whether an error says that there is no way, or that it is forbidden. */
export function closesWay({ type, code }: PingError): boolean {
	return type === unreachable && !ofOneOnly.has(code);
}
