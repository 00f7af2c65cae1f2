import type { Ipv4, Mac } from "../model/address.js";
import type { LogTime } from "../model/capture.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import { AddressBook } from "./address-book.js";
import { AgingMap } from "./aging-map.js";
import { addressLimit } from "./limits.js";
import { Membership } from "./membership.js";
import { type Place, Places } from "./places.js";
import { unite } from "./unite.js";
import { VmNames } from "./vm-names.js";

/**
 * What a capture lets one learn about who is where: which port each MAC address is
 * behind, which ports are on one network, who holds each IP address, who is a router.
 */
export class Whereabouts {
	/** Who holds which IP address. */
	readonly addresses = new AddressBook();
	/** What the host says of which port is on which bridge. */
	readonly membership = new Membership();
	/** What the host calls its VMs. */
	readonly vms = new VmNames();
	readonly #places = new Places();
	readonly #ports: readonly Port[];
	/** Bridges that the host told of, as they were found among the ports. */
	readonly #named = new Map<SafeText, Port>();
	readonly #networks = new Map<Port, Port[]>();
	readonly #stacks = new Map<Port, Port[]>();
	readonly #crossings = new Map<Port, Set<Port>>();
	readonly #sharing = new Map<Port, Set<Port>>();
	readonly #exits = new Set<Port>();
	readonly #routers = new Set<Mac>();
	readonly #routerAddresses = new Set<Ipv4>();
	readonly #routes = new AgingMap<Ipv4, Port>();
	readonly #routedRequests = new AgingMap<string, Port>();
	#forgotten = 0;

	/** @param ports that were captured; grows while the log is read */
	constructor(ports: readonly Port[] = []) {
		this.#ports = ports;
	}

	/** Addresses let go because there were too many. */
	get forgotten(): number {
		return this.#forgotten + this.#places.forgotten;
	}

	placeOf(mac: Mac): Place | null {
		return this.#places.find(mac);
	}

	holderOf(address: Ipv4): Mac | null {
		return this.addresses.holderOf(address);
	}

	/** Ports that frames were seen to cross between; a port is with itself. */
	networkOf(port: Port): readonly Port[] {
		return this.#networks.get(port) ?? [port];
	}

	/** The bridge of a port's network; null when neither the host nor a frame told it. */
	bridgeOf(port: Port): Port | null {
		const told = this.membership.bridgeOf(port.name);
		if (told === undefined) {
			return this.networkOf(port).find(({ role }) => role === "bridge") ?? null;
		}
		return told === null ? null : this.#portNamed(told);
	}

	/** The bridge that a tap should be on, being on none; null: none, or not captured. */
	bridgeMissing(port: Port): Port | null {
		const meant = this.membership.missingFrom(port.name);
		return meant === null ? null : this.#portNamed(meant);
	}

	#portNamed(name: SafeText): Port | null {
		const known = this.#named.get(name);
		const port = known ?? this.#ports.find((each) => each.name === name);
		if (known === undefined && port !== undefined) {
			this.#named.set(name, port);
		}
		return port ?? null;
	}

	/** A bridge's frame crossed between the two. */
	learnTogether(a: Port, b: Port): void {
		if (this.#crossings.get(a)?.has(b)) {
			return;
		}
		unite(this.#networks, a, b);
		this.#crossings.set(a, (this.#crossings.get(a) ?? new Set()).add(b));
		this.#crossings.set(b, (this.#crossings.get(b) ?? new Set()).add(a));
	}

	/**
	 * Why frames may not get from one port to the other; null when the host says that they
	 * do or should, or they were seen to, either way. Ports of one bridge need not be reached from
	 * each other (VLANs, isolation).
	 */
	doubtConnection(a: Port, b: Port): string | null {
		const relation = this.membership.relate(a, b);
		if (relation === "apart") {
			const isFault =
				this.#areParted(a, b) ||
				this.#areParted(b, a) ||
				this.membership.areMeantTogether(a, b);
			return isFault ? null : `${a.name} and ${b.name} are not on one bridge`;
		}
		return relation === "same" || this.#crossings.get(a)?.has(b) === true
			? null
			: `no frame in this capture crosses between ${a.name} and ${b.name}: they may not be on one bridge`;
	}

	/** What lies behind one port was reached from the other until it left the bridge. */
	#areParted(a: Port, b: Port): boolean {
		const bridge = this.bridgeOf(a);
		return bridge !== null && this.membership.hasLost(bridge, b);
	}

	/**
	 * Ports that lie upon each other, so that a frame that comes in by one comes in by the
	 * others: a bond and its cards, a VLAN device and what it is on.
	 */
	stackOf(port: Port): readonly Port[] {
		return this.#stacks.get(port) ?? [port];
	}

	/** A frame that had come in elsewhere left by it, as it does not by a bridge. */
	learnExit(port: Port): void {
		this.#exits.add(port);
	}

	/** Whether it is known to be no bridge, as frames leave by it. */
	isExit(port: Port): boolean {
		return this.#exits.has(port);
	}

	/**
	 * One frame came in by both at the same instant, and the name of one tells nothing.
	 *
	 * @returns those of the two that must be bridges
	 */
	learnSharing(a: Port, b: Port): Port[] {
		this.#sharing.set(a, (this.#sharing.get(a) ?? new Set()).add(b));
		this.#sharing.set(b, (this.#sharing.get(b) ?? new Set()).add(a));
		return [a, b].filter(
			(port) => port.role === "unknown" && this.#isBridge(port),
		);
	}

	#isBridge(port: Port): boolean {
		const partners = [...(this.#sharing.get(port) ?? [])];
		const isBetween = partners.some((one) =>
			partners.some(
				(other) => one !== other && !this.#sharing.get(one)?.has(other),
			),
		);
		return isBetween && !this.#exits.has(port);
	}

	/** One frame came in by both at the same instant. */
	learnStacked(a: Port, b: Port): void {
		unite(this.#stacks, a, b);
		unite(this.#networks, a, b);
	}

	isRouter(mac: Mac): boolean {
		return this.#routers.has(mac);
	}

	/** A frame of this sender came in by `port`. What is certain is not unlearned. */
	learnPlace(mac: Mac, port: Port, isCertain: boolean, time: LogTime): void {
		this.#places.learn(mac, port, isCertain, time, this.stackOf(port));
	}

	/** The host says that the address lives behind `port` now. */
	tellPlace(mac: Mac, port: Port, time: LogTime): void {
		this.#places.tell(mac, port, time);
	}

	/** What was taken for a port is a bridge: nobody was proven to live behind it. */
	forgetPlacesAt(port: Port): void {
		this.#places.forgetAt(port);
	}

	/** The clock was set to `now`. */
	setClock(now: LogTime): void {
		this.#places.setClock(now);
		this.addresses.setClock(now);
		this.membership.clearChanges();
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

	/** Whether the host was seen to route an echo request. */
	get hasRoutedRequests(): boolean {
		return this.#routedRequests.size > 0;
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

	#remember(map: AgingMap<string, Port>, key: string, port: Port): void {
		map.renew(key, port);
		this.#forgotten += map.shrink(addressLimit);
	}
}
