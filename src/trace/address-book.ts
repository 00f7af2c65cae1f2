import type { Ipv4, Mac } from "../model/address.js";
import { elapsedNs, type LogTime } from "../model/capture.js";
import type { HeldAddress } from "../model/held-address.js";
import { AgingMap } from "./aging-map.js";

/** Who holds an address; what the host calls them is another's matter. */
type Held = Omit<HeldAddress, "vm">;

/** More addresses than this are forgotten, those not seen for longest first. */
const addressLimit = 16_384;

/** An address whose holder was not seen for so long may be free again. */
const unseenNs = 600e9;

/** Who holds which IP address, learned from what passes. */
export class AddressBook {
	readonly #held = new AgingMap<Ipv4, Held>();
	#forgotten = 0;

	/** Addresses let go because there were too many. */
	get forgotten(): number {
		return this.#forgotten;
	}

	/** Those not seen for longest first. */
	get list(): readonly Held[] {
		return Array.from(this.#held, ([, held]) => held);
	}

	holderOf(address: Ipv4): Mac | null {
		return this.#held.get(address)?.mac ?? null;
	}

	/** Whether an address was known to be held at a time: not long unseen, or leased. */
	isHeldAt(address: Ipv4, time: LogTime): boolean {
		const held = this.#held.get(address);
		if (held === undefined || elapsedNs(held.since, time) < 0) {
			return false;
		}
		const leasedNs = (held.leaseSeconds ?? 0) * 1e9;
		return elapsedNs(held.seen, time) < Math.max(unseenNs, leasedNs);
	}

	/** An ARP packet of its holder names the address. */
	learnFromArp(address: Ipv4, mac: Mac, time: LogTime): void {
		const held = this.#held.get(address);
		const isSame = held?.mac === mac;
		this.#put({
			address,
			mac,
			source: isSame ? held.source : "arp",
			since: isSame ? held.since : time,
			seen: time,
			leaseSeconds: isSame ? held.leaseSeconds : null,
		});
	}

	/** A DHCP ACK grants the address. */
	learnLease(
		address: Ipv4,
		mac: Mac,
		time: LogTime,
		leaseSeconds: number | null,
	): void {
		const held = this.#held.get(address);
		const since = held?.mac === mac ? held.since : time;
		const source = "dhcp";
		this.#put({ address, mac, source, since, seen: time, leaseSeconds });
	}

	/** The clock was set back to `now`: what lies ahead of it was seen just before. */
	setClock(now: LogTime): void {
		for (const [address, held] of this.#held) {
			const { since, seen } = held;
			if (elapsedNs(now, seen) > 0) {
				const isAhead = elapsedNs(now, since) > 0;
				this.#held.set(address, {
					...held,
					since: isAhead ? now : since,
					seen: now,
				});
			}
		}
	}

	#put(held: Held): void {
		this.#held.renew(held.address, held);
		this.#forgotten += this.#held.shrink(addressLimit);
	}
}
