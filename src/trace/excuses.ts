import type { Ipv4, Mac } from "../model/address.js";
import { elapsedNs, type LogTime } from "../model/capture.js";
import { AgingMap } from "./aging-map.js";
import { answersOf, type OpenExchange, questionsOf } from "./open-exchange.js";
import type { Whereabouts } from "./whereabouts.js";

/** Who asks for so many addresses in so short a time is looking who is there. */
const sweep = { addresses: 4, withinNs: 10_000_000_000 };
/** More askers than this are not watched. */
const askerLimit = 4096;

/** Notices who asks for many addresses that nobody answers for. */
export class SweepWatch {
	readonly #asked = new AgingMap<Mac, { target: Ipv4; time: LogTime }[]>();

	/** @returns whether the asker is sweeping, this question included */
	add(asker: Mac, target: Ipv4, time: LogTime): boolean {
		const recent = (this.#asked.get(asker) ?? []).filter(
			(other) =>
				other.target !== target &&
				Math.abs(elapsedNs(other.time, time)) < sweep.withinNs,
		);
		recent.push({ target, time });
		this.#asked.renew(asker, recent.slice(-sweep.addresses));
		this.#asked.shrink(askerLimit);
		return recent.length >= sweep.addresses;
	}
}

/**
 * Why it is no fault that a question has no answer (rule 11); null when it is one.
 *
 * - Whoever asks is no VM of this host, and nobody was known to hold the address then: a
 *   DHCP server's own check of an address before it offers it is of this kind.
 * - Whoever asks is sweeping through addresses.
 */
export function findExcuse(
	exchange: OpenExchange,
	whereabouts: Whereabouts,
	sweeps: SweepWatch,
): string | null {
	const { asker, target, protocol } = exchange;
	const [question] = questionsOf(exchange);
	if (question === undefined || target === null || asker === null) {
		return null;
	}
	if (answersOf(exchange).length > 0) {
		return null;
	}
	const { source, destination } = question.journey;
	const isHeld = whereabouts.addresses.isHeldAt(target, question.time);
	if (source !== "vm" && !isHeld) {
		return source === "router"
			? `nobody is known to hold ${target}: a DHCP server asks so before it offers an address`
			: `nobody is known to hold ${target}`;
	}
	const isSweep =
		protocol === "arp" &&
		destination === "lan" &&
		sweeps.add(asker, target, question.time);
	return isSweep ? "whoever asks is sweeping through addresses" : null;
}
