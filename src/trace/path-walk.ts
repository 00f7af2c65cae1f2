import type { Frame } from "../model/frame.js";
import type { Port } from "../model/port.js";
import { isLibvirtNetwork } from "../topology/roles.js";
import { findCablesBetween } from "./cables.js";
import { cautionPlace, doubtPlace, findDestination } from "./destination.js";
import { findEntry, findWitness } from "./entry.js";
import { doubtOtherExit, findExitsLike } from "./exits.js";
import { startTime, type Trip } from "./trip.js";
import {
	doubtBridgeless,
	doubtClosed,
	findRoute,
	findUplink,
} from "./uplink.js";
import type { Whereabouts } from "./whereabouts.js";

/** The ports a frame should pass, of those that were captured. */
export interface ExpectedPath {
	/** In order; the last one is where the frame is going. */
	readonly ports: readonly Port[];
	/** Why it may be another path; null when it is certain. */
	readonly doubt: string | null;
	/** Why it may have been another one when the frame came in; null when it was not. */
	readonly caution: string | null;
	/** It leads through the host from one network to another. */
	readonly isRouted: boolean;
}

/** Collects the path, port by port. */
export class PathWalk {
	readonly #trip: Trip;
	readonly #ports: Port[];
	readonly #captured: readonly Port[];
	readonly #whereabouts: Whereabouts;
	#at: Port;
	#doubt: string | null = null;
	#caution: string | null = null;
	#isRouted = false;

	constructor(
		trip: Trip,
		first: Port,
		captured: readonly Port[],
		whereabouts: Whereabouts,
	) {
		this.#trip = trip;
		this.#ports = [first, ...findEntry(trip, first, whereabouts)];
		this.#at = first;
		this.#captured = captured;
		this.#whereabouts = whereabouts;
	}

	get path(): ExpectedPath {
		return {
			ports: this.#ports,
			doubt: this.#doubt,
			caution: this.#caution,
			isRouted: this.#isRouted,
		};
	}

	/** Goes to another network, by a port of it or by its bridge. */
	enter(port: Port): void {
		this.#add(port);
		this.#at = port;
		this.#isRouted = true;
	}

	/** Goes to the bridge of the network, where the host takes frames. */
	reachHost(): void {
		const bridge = this.#bridge();
		if (bridge !== null) {
			this.#add(bridge);
		}
	}

	/** Goes to a port of the same network. */
	reach(port: Port): void {
		if (this.#whereabouts.stackOf(this.#at).includes(port)) {
			this.#doubt ??= `its destination is behind ${port.name} as well: it need not cross the host`;
			return;
		}
		this.reachHost();
		this.#doubt ??= this.#whereabouts.doubtConnection(this.#at, port);
		const stack = this.#whereabouts.stackOf(port);
		const exits = findExitsLike(this.#trip, port, stack);
		this.#passCables(port);
		if (exits.length === 0) {
			this.#add(port);
			this.#doubt ??= this.#isCut(port)
				? null
				: doubtOtherExit(this.#trip, port, this.#ports);
		} else if (!exits.some((exit) => stack.includes(exit))) {
			this.#add(port);
			this.#doubt ??= `it left by ${exits[0]?.name} instead of ${port.name}`;
		}
		for (const exit of exits.filter((exit) => stack.includes(exit))) {
			this.#add(exit);
		}
	}

	/** What left by other ports was flooded there: this one was down. */
	#isCut({ name }: Port): boolean {
		const { membership } = this.#whereabouts;
		return membership.cut.has(name, startTime(this.#trip));
	}

	/** Goes the way that the trip took through cables, and the bridges behind them. */
	#passCables(to: Port): void {
		const cables = findCablesBetween(this.#trip, this.#at, to, (name) =>
			this.#whereabouts.membership.bridgeOf(name),
		);
		for (const port of cables) {
			this.#add(port);
		}
	}

	toDestination(frame: Frame): void {
		const destination = findDestination(frame, this.#whereabouts);
		if (typeof destination === "string") {
			const router = destination === "unknown" ? this.#routerOf(frame) : null;
			if (router === null) {
				this.#toUplink(destination);
			} else {
				this.#toHost(frame, router);
			}
			return;
		}
		this.#doubt ??= doubtPlace(destination);
		this.#caution ??= cautionPlace(destination, this.#trip, this.#whereabouts);
		if (destination.port.role === "bridge") {
			this.#toHost(frame, destination.port);
		} else {
			this.reach(destination.port);
		}
	}

	/**
	 * The bridge by which the host takes what it routes, for a frame without destination
	 * MAC address (SLL2): its address was routed before, and the network has no uplink.
	 */
	#routerOf({ ethernet, ipv4 }: Frame): Port | null {
		const bridge = this.#bridge();
		const isRouted =
			ipv4 !== null && this.#whereabouts.routeTo(ipv4.destination) !== null;
		const isClosed = bridge !== null && isLibvirtNetwork(bridge.name);
		return isRouted && isClosed && ethernet?.destination == null
			? bridge
			: null;
	}

	#toHost(frame: Frame, port: Port): void {
		this.#add(port);
		const address = frame.ipv4?.destination;
		const endsHere = frame.ipv4 !== null && frame.ipv4.ttl <= 1;
		if (address === undefined || endsHere || this.#isHostAddress(address)) {
			return;
		}
		const onwards = findRoute(port, address, this.#captured, this.#whereabouts);
		if (onwards === null) {
			this.#doubt ??= `whether ${address} is the host's or the host must route it on is not known`;
			return;
		}
		if ((frame.ipv4?.fragmentOffset ?? 0) > 0) {
			this.#doubt ??= "the host may cut fragments anew when it routes them";
		}
		this.enter(this.#whereabouts.bridgeOf(onwards) ?? onwards);
		this.#add(onwards);
	}

	#isHostAddress(address: string): boolean {
		const holder = this.#whereabouts.holderOf(address);
		const place = holder === null ? null : this.#whereabouts.placeOf(holder);
		return place?.port.role === "bridge";
	}

	#toUplink(destination: "everyone" | "group" | "unknown"): void {
		if (destination === "unknown") {
			this.#doubt ??= "where its destination lives is not known";
		} else if (destination === "group") {
			this.#doubt ??=
				"a bridge may send multicast only where someone asked for it";
		}
		const uplink = this.#uplink();
		if (uplink === null || uplink === this.#at) {
			this.reachHost();
			if (uplink === null) {
				this.#doubt ??= doubtClosed(
					this.#bridge() ?? this.#at,
					this.#whereabouts,
				);
			}
			return;
		}
		this.reach(uplink);
	}

	/** The bridge of the network: known from a frame, or the only one it can be. */
	#bridge(): Port | null {
		const known =
			findWitness(this.#trip, this.#at) ??
			this.#whereabouts.bridgeOf(this.#at) ??
			this.#whereabouts.bridgeMissing(this.#at);
		if (known !== null) {
			return known;
		}
		const told = this.#whereabouts.membership.bridgeOf(this.#at.name);
		if (told !== undefined) {
			this.#doubt ??= doubtBridgeless(this.#at, told, this.#whereabouts);
			return null;
		}
		const bridges = this.#captured.filter(({ role }) => role === "bridge");
		if (bridges.length > 1) {
			this.#doubt ??= `which bridge ${this.#at.name} is on is not known`;
		}
		return bridges.length === 1 ? (bridges[0] ?? null) : null;
	}

	#uplink(): Port | null {
		return findUplink(
			this.#at,
			this.#bridge(),
			this.#captured,
			this.#whereabouts,
		);
	}

	#add(port: Port): void {
		if (this.#captured.includes(port) && !this.#ports.includes(port)) {
			this.#ports.push(port);
		}
	}
}
