import { broadcastMac } from "../model/address.js";
import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Journey, Party } from "../model/journey.js";
import { beginOf } from "./item.js";

/** More than these are counted, and not remembered one by one. */
const rememberLimit = 50_000;

const ofHost: readonly Party[] = ["vm", "other-vm", "host"];

/**
 * Whether a journey is a who-has of the LAN that concerns neither a VM nor the host itself:
 * of those there may be many.
 */
export function isLanBroadcast(journey: Journey): boolean {
	const { mac, vm, source, destination, protocol, ethernet } = journey;
	const isOfHost =
		mac !== null ||
		vm !== null ||
		ofHost.includes(source) ||
		ofHost.includes(destination);
	return (
		!isOfHost && protocol === "arp" && ethernet?.destination === broadcastMac
	);
}

/** Counts what machines of the LAN send each other. */
export class LanBroadcasts {
	#count = 0;
	/** When each was, by id; the oldest go first. */
	readonly #times = new Map<number, LogTime>();

	get count(): number {
		return this.#count;
	}

	/** Of a journey that is told again nothing is counted. */
	add(journey: Journey): void {
		if (!this.#times.has(journey.id)) {
			this.#count += 1;
			this.#times.set(journey.id, beginOf(journey));
			this.#shrink();
		}
	}

	/** It turned out that it is of a VM. */
	takeBack({ id }: Journey): void {
		this.#count -= this.#times.delete(id) ? 1 : 0;
	}

	/** So many had been by then; those not remembered any more were. */
	countUntil(time: LogTime): number {
		let later = 0;
		for (const begin of this.#times.values()) {
			later += elapsedNs(time, begin) > 0 ? 1 : 0;
		}
		return this.#count - later;
	}

	#shrink(): void {
		if (this.#times.size > rememberLimit) {
			// Taken out by halves: who asks a Map for its first key passes over what was taken out.
			let left = this.#times.size - rememberLimit / 2;
			for (const id of this.#times.keys()) {
				if (left <= 0) {
					return;
				}
				this.#times.delete(id);
				left -= 1;
			}
		}
	}
}
