import type { Ipv4, Mac } from "../model/address.js";
import type { LogTime } from "../model/capture.js";
import type { Port } from "../model/port.js";
import { AddressBook } from "./address-book.js";

/** Where a MAC address lives: behind a port; behind a bridge means the host itself. */
export interface Place {
	readonly port: Port;
	/** The capture proves it, not only suggests it. */
	readonly isCertain: boolean;
}

/** More addresses than this are forgotten, the oldest first. */
const addressLimit = 16_384;

/**
 * What a capture lets one learn about who is where: which port each MAC address is
 * behind, which ports are on one network, who holds each IP address, who is a router.
 */
export class Whereabouts {
	readonly #places = new Map<Mac, Place>();
	/** Who holds which IP address. */
	readonly addresses = new AddressBook();
	readonly #networks = new Map<Port, readonly Port[]>();
	readonly #routers = new Set<Mac>();
	readonly #routerAddresses = new Set<Ipv4>();
	readonly #routes = new Map<Ipv4, Port>();
	readonly #routedRequests = new Map<string, Port>();
	#forgotten = 0;

	/** Addresses let go because there were too many. */
	get forgotten(): number {
		return this.#forgotten;
	}

	placeOf(mac: Mac): Place | null {
		return this.#places.get(mac) ?? null;
	}

	holderOf(address: Ipv4): Mac | null {
		return this.addresses.holderOf(address);
	}

	/** Ports that frames were seen to cross between; a port is with itself. */
	networkOf(port: Port): readonly Port[] {
		return this.#networks.get(port) ?? [port];
	}

	/** A bridge's frame crossed between the two. */
	learnTogether(a: Port, b: Port): void {
		const network = this.networkOf(a);
		if (!network.includes(b)) {
			const joined = [...network, ...this.networkOf(b)];
			for (const port of joined) {
				this.#networks.set(port, joined);
			}
		}
	}

	isRouter(mac: Mac): boolean {
		return this.#routers.has(mac);
	}

	/** A frame of this sender came in by `port`. What is certain is not unlearned. */
	learnPlace(mac: Mac, port: Port, isCertain: boolean): void {
		if (isCertain || !this.#places.get(mac)?.isCertain) {
			this.#remember(this.#places, mac, { port, isCertain });
		}
	}

	/** ARP says who holds an address; who holds one that DHCP calls a gateway routes. */
	learnHolder(address: Ipv4, mac: Mac, time: LogTime): void {
		this.addresses.learnFromArp(address, mac, time);
		if (this.#routerAddresses.has(address)) {
			this.#routers.add(mac);
		}
	}

	/** By which port the host was seen to route frames to an address; null: by none. */
	routeTo(address: Ipv4): Port | null {
		return this.#routes.get(address) ?? null;
	}

	learnRoute(address: Ipv4, port: Port): void {
		this.#remember(this.#routes, address, port);
	}

	/** Where a routed echo request came in, given its reply's key; null: nowhere. */
	routedRequestOf(reply: string): Port | null {
		return this.#routedRequests.get(reply) ?? null;
	}

	learnRoutedRequest(reply: string, ingress: Port): void {
		this.#remember(this.#routedRequests, reply, ingress);
	}

	/** A DHCP server, or a sender that routes. */
	learnRouter(mac: Mac): void {
		if (this.#routers.size < addressLimit) {
			this.#routers.add(mac);
		}
	}

	/** DHCP names this address as a gateway. */
	learnRouterAddress(address: Ipv4): void {
		if (this.#routerAddresses.size < addressLimit) {
			this.#routerAddresses.add(address);
			const holder = this.holderOf(address);
			if (holder !== null) {
				this.#routers.add(holder);
			}
		}
	}

	#remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
		map.delete(key);
		map.set(key, value);
		if (map.size > addressLimit) {
			const [oldest] = map.keys();
			map.delete(oldest as Key);
			this.#forgotten += 1;
		}
	}
}
