import {
	type Ipv4,
	isGroupMac,
	type Mac,
	unspecifiedIpv4,
} from "../model/address.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import { AgingMap } from "../trace/aging-map.js";

/** More addresses of a kind than these are not remembered: the oldest are forgotten. */
const stationLimit = 4096;

/** Who said of itself, by ARP, that it has an address, and the port it said so by. */
export interface Holder {
	readonly mac: Mac;
	readonly port: SafeText;
}

/** What frames told of those who sent them and of those they were for. */
export class Stations {
	readonly #holders = new AgingMap<Ipv4, Holder>();
	/** For whom unicast came in from beyond the host, whatever became of it. */
	readonly #wanted = new AgingMap<Mac, true>();
	/** Who sent OFFERs and ACKs. */
	readonly #servers = new AgingMap<Ipv4, true>();
	/** Gateways that leases name (option 3). */
	readonly #routers = new AgingMap<Ipv4, true>();

	note({ hops, protocol, message, addresses, ...journey }: Journey): void {
		const [first] = hops;
		const port = first?.direction === "in" ? first.interface : null;
		const { ethernet, source } = journey;
		if (port === null || ethernet === null) {
			return;
		}
		const { source: mac, destination: receiver } = ethernet;
		const isFromBeyond = source === "router" || source === "lan";
		if (isFromBeyond && receiver !== null && !isGroupMac(receiver)) {
			keep(this.#wanted, receiver, true);
		}
		const { source: address } = addresses;
		const isSaid = address !== null && address !== unspecifiedIpv4;
		if (isSaid && protocol === "arp" && mac !== null) {
			keep(this.#holders, address, { mac, port });
		}
		if (isSaid && (message === "offer" || message === "ack")) {
			keep(this.#servers, address, true);
		}
	}

	/** What a lease says is a gateway. */
	addRouters(addresses: readonly Ipv4[]): void {
		for (const address of addresses) {
			keep(this.#routers, address, true);
		}
	}

	isRouter(address: Ipv4): boolean {
		return this.#routers.has(address);
	}

	/** Whether OFFERs or ACKs came from an address. */
	isServer(address: Ipv4): boolean {
		return this.#servers.has(address);
	}

	/** Who last said by ARP that it has an address; null: nobody did, as far as known. */
	holderOf(address: Ipv4): Holder | null {
		return this.#holders.get(address) ?? null;
	}

	/** Whether unicast from beyond the host ever came in for a MAC address. */
	cameFor(mac: Mac): boolean {
		return this.#wanted.has(mac);
	}

	/** Another one for whom unicast came in from beyond the host; null: none. */
	wantedBeside(mac: Mac): Mac | null {
		for (const [other] of this.#wanted) {
			if (other !== mac) {
				return other;
			}
		}
		return null;
	}
}

function keep<Key, Value>(
	map: AgingMap<Key, Value>,
	key: Key,
	value: Value,
): void {
	map.renew(key, value);
	map.shrink(stationLimit);
}
