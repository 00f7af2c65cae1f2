import { isGroupMac } from "../model/address.js";
import type { Frame } from "../model/frame.js";
import type { Port } from "../model/port.js";
import { isLibvirtNetwork } from "../topology/roles.js";
import { addressedTo } from "./addressed-to.js";
import { firstFrame, type Trip } from "./trip.js";
import type { Place, Whereabouts } from "./whereabouts.js";

/** The ports a frame should pass, of those that were captured. */
export interface ExpectedPath {
	/** In order; the last one is where the frame is going. */
	readonly ports: readonly Port[];
	/** Why it may be another path; null when it is certain. */
	readonly doubt: string | null;
}

/** Where a frame is going, as far as its own addresses tell. */
type Destination = Place | "everyone" | "unknown";

/**
 * The path a trip should take, from its first sighting on:
 *
 * 1. to an address that lives behind a port of the same bridge: that port;
 * 2. to the host: its bridge; when the IP address is not the host's, onwards by the
 *    route that the host was seen to take;
 * 3. to everyone, or to an address behind no captured port: out by the uplink, but from
 *    the uplink, or on a bridge without one, to the bridge.
 *
 * Ports that were not captured are left out: a frame cannot be missed there.
 */
export function expectPath(
	trip: Trip,
	ports: readonly Port[],
	whereabouts: Whereabouts,
): ExpectedPath {
	const first = trip.legs[0]?.sighting.port ?? null;
	if (first === null) {
		return {
			ports: [],
			doubt: "the capture does not name its interfaces (SLL)",
		};
	}
	const routed = trip.legs.find((leg) => leg.isRouted)?.sighting;
	const reply = whereabouts.routedRequestOf(replyKey(firstFrame(trip)) ?? "");
	const walk = new PathWalk(first, ports, whereabouts);
	if (routed?.port) {
		walk.reachHost();
		walk.enter(routed.port);
		walk.toDestination(routed.frame);
	} else if (reply !== null && first.role !== "tap" && reply !== first) {
		walk.reachHost();
		walk.enter(bridgeOf(reply, whereabouts) ?? reply);
		walk.reach(reply, true);
	} else {
		walk.toDestination(firstFrame(trip));
	}
	return walk.path;
}

/**
 * What an echo request and its reply have in common, from the side of whoever was
 * pinged: routing and masquerading on the way are over then. Null for other frames.
 */
export function replyKey(frame: Frame): string | null {
	const { icmp, ipv4 } = frame;
	if (icmp === null || ipv4 === null || icmp.identifier === null) {
		return null;
	}
	const peer = icmp.type === echoReply ? ipv4.source : ipv4.destination;
	return `${peer} ${icmp.identifier} ${icmp.sequence}`;
}

const echoReply = 0;

/** Collects the path, port by port. */
class PathWalk {
	readonly #ports: Port[];
	readonly #captured: readonly Port[];
	readonly #whereabouts: Whereabouts;
	#at: Port;
	#doubt: string | null = null;

	constructor(
		first: Port,
		captured: readonly Port[],
		whereabouts: Whereabouts,
	) {
		this.#ports = [first];
		this.#at = first;
		this.#captured = captured;
		this.#whereabouts = whereabouts;
	}

	get path(): ExpectedPath {
		return { ports: this.#ports, doubt: this.#doubt };
	}

	/** Goes to another network, by a port of it or by its bridge. */
	enter(port: Port): void {
		this.#add(port);
		this.#at = port;
	}

	/** Goes to the bridge of the network, where the host takes frames. */
	reachHost(): void {
		const bridge = this.#bridge();
		if (bridge !== null) {
			this.#add(bridge);
		}
	}

	/** Goes to a port of the same network. */
	reach(port: Port, isCertain: boolean): void {
		this.reachHost();
		this.#add(port);
		if (!isCertain) {
			this.#doubt ??= `that the address lives behind ${port.name} is only likely`;
		} else if (!this.#whereabouts.networkOf(this.#at).includes(port)) {
			this.#doubt ??= `no frame in this capture crosses between ${this.#at.name} and ${port.name}: they may not be on one bridge`;
		}
	}

	toDestination(frame: Frame): void {
		const destination = findDestination(frame, this.#whereabouts);
		if (destination === "everyone" || destination === "unknown") {
			this.#toUplink(destination);
		} else if (destination.port.role === "bridge") {
			this.#toHost(frame, destination);
		} else {
			this.reach(destination.port, destination.isCertain);
		}
	}

	#toHost(frame: Frame, { port, isCertain }: Place): void {
		this.#add(port);
		if (!isCertain) {
			this.#doubt ??= `whether the address is the host's or behind a port of ${port.name} that was not captured is not known`;
		}
		const address = frame.ipv4?.destination;
		if (address === undefined || this.#isHostAddress(address)) {
			return;
		}
		const onwards = this.#whereabouts.routeTo(address);
		if (onwards === null) {
			this.#doubt ??= `whether ${address} is the host's or the host must route it on is not known`;
			return;
		}
		this.enter(bridgeOf(onwards, this.#whereabouts) ?? onwards);
		this.#add(onwards);
	}

	#isHostAddress(address: string): boolean {
		const holder = this.#whereabouts.holderOf(address);
		const place = holder === null ? null : this.#whereabouts.placeOf(holder);
		return place?.port.role === "bridge";
	}

	#toUplink(destination: "everyone" | "unknown"): void {
		if (destination === "unknown") {
			this.#doubt ??= "where its destination lives is not known";
		}
		const uplink = this.#uplink();
		if (uplink === null || uplink === this.#at) {
			this.reachHost();
			return;
		}
		this.reach(uplink, true);
	}

	/** The bridge of the network: known from a frame, or the only one it can be. */
	#bridge(): Port | null {
		const known = bridgeOf(this.#at, this.#whereabouts);
		if (known !== null) {
			return known;
		}
		const bridges = this.#captured.filter(({ role }) => role === "bridge");
		if (bridges.length > 1) {
			this.#doubt ??= `which bridge ${this.#at.name} is on is not known`;
		}
		return bridges.length === 1 ? (bridges[0] ?? null) : null;
	}

	/** The uplink of the network: seen to be one, or the only one it can be. */
	#uplink(): Port | null {
		const isUplink = ({ role }: Port) => role === "uplink";
		const own = this.#whereabouts.networkOf(this.#at).find(isUplink);
		if (own !== undefined) {
			return own;
		}
		const bridge = this.#bridge();
		const free = this.#captured.filter(
			(port) => isUplink(port) && bridgeOf(port, this.#whereabouts) === null,
		);
		const canHaveOne = bridge === null || !isLibvirtNetwork(bridge.name);
		return canHaveOne && free.length === 1 ? (free[0] ?? null) : null;
	}

	#add(port: Port): void {
		if (this.#captured.includes(port) && !this.#ports.includes(port)) {
			this.#ports.push(port);
		}
	}
}

function bridgeOf(port: Port, whereabouts: Whereabouts): Port | null {
	const isBridge = ({ role }: Port) => role === "bridge";
	return whereabouts.networkOf(port).find(isBridge) ?? null;
}

function findDestination(frame: Frame, whereabouts: Whereabouts): Destination {
	const address = addressedTo(frame, whereabouts);
	if (address === null) {
		return "unknown";
	}
	if (isGroupMac(address)) {
		return "everyone";
	}
	return whereabouts.placeOf(address) ?? "unknown";
}
