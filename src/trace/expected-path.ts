import type { Frame } from "../model/frame.js";
import type { Port } from "../model/port.js";
import { isCableEnd, isLibvirtNetwork } from "../topology/roles.js";
import { cautionPlace, doubtPlace, findDestination } from "./destination.js";
import { firstFrame, isSameTime, startTime, type Trip } from "./trip.js";
import type { Place, Whereabouts } from "./whereabouts.js";

/** The ports a frame should pass, of those that were captured. */
export interface ExpectedPath {
	/** In order; the last one is where the frame is going. */
	readonly ports: readonly Port[];
	/** Why it may be another path; null when it is certain. */
	readonly doubt: string | null;
	/** Why it may have been another one when the frame came in; null when it was not. */
	readonly caution: string | null;
}

/**
 * The path a trip should take, from its first sighting on:
 *
 * 1. to an address that lives behind a port of the same bridge: that port, or the one
 *    of the ports it is stacked with that the frame took; behind the port that the frame
 *    came in by: nowhere else;
 * 2. to the host: its bridge; when the IP address is not the host's, and its time to
 *    live does not end there, onwards by the route that the host was seen to take;
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
			caution: null,
		};
	}
	const routed = trip.legs.find((leg) => leg.isRouted)?.sighting;
	const reply = whereabouts.routedRequestOf(replyKey(firstFrame(trip)) ?? "");
	const walk = new PathWalk(trip, first, ports, whereabouts);
	if (routed?.port) {
		walk.reachHost();
		walk.enter(routed.port);
		walk.toDestination(routed.frame);
	} else if (reply !== null && first.role !== "tap" && reply !== first) {
		walk.reachHost();
		walk.enter(bridgeOf(reply, whereabouts) ?? reply);
		walk.reach(reply);
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
	readonly #trip: Trip;
	readonly #ports: Port[];
	readonly #captured: readonly Port[];
	readonly #whereabouts: Whereabouts;
	#at: Port;
	#doubt: string | null = null;
	#caution: string | null = null;

	constructor(
		trip: Trip,
		first: Port,
		captured: readonly Port[],
		whereabouts: Whereabouts,
	) {
		this.#trip = trip;
		this.#ports = [first, ...findAbove(trip, first, whereabouts)];
		this.#at = first;
		this.#captured = captured;
		this.#whereabouts = whereabouts;
	}

	get path(): ExpectedPath {
		return { ports: this.#ports, doubt: this.#doubt, caution: this.#caution };
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
	reach(port: Port): void {
		if (this.#whereabouts.stackOf(this.#at).includes(port)) {
			this.#doubt ??= `its destination is behind ${port.name} as well: it need not cross the host`;
			return;
		}
		this.reachHost();
		if (!this.#whereabouts.networkOf(this.#at).includes(port)) {
			this.#doubt ??= `no frame in this capture crosses between ${this.#at.name} and ${port.name}: they may not be on one bridge`;
		}
		const exits = this.#exitsLike(port);
		const stack = this.#whereabouts.stackOf(port);
		this.#passCables();
		if (exits.length === 0) {
			this.#add(port);
		} else if (!exits.some((exit) => stack.includes(exit))) {
			this.#add(port);
			this.#doubt ??= `it left by ${exits[0]?.name} instead of ${port.name}`;
		}
		for (const exit of exits.filter((exit) => stack.includes(exit))) {
			this.#add(exit);
		}
	}

	/** Goes the way that the trip took through cables, and the bridges behind them. */
	#passCables(): void {
		const { legs } = this.#trip;
		if (legs.some(({ sighting }) => isCableEnd(sighting.port?.name ?? ""))) {
			for (const { sighting, direction } of legs) {
				const { port } = sighting;
				const isBridge = port?.role === "bridge" && direction === "in";
				if (port && (isBridge || isCableEnd(port.name))) {
					this.#add(port);
				}
			}
		}
	}

	toDestination(frame: Frame): void {
		const destination = findDestination(frame, this.#whereabouts);
		if (typeof destination === "string") {
			this.#toUplink(destination);
			return;
		}
		this.#doubt ??= doubtPlace(destination);
		this.#caution ??= cautionPlace(destination, this.#trip, this.#whereabouts);
		if (destination.port.role === "bridge") {
			this.#toHost(frame, destination);
		} else {
			this.reach(destination.port);
		}
	}

	/** The ports that the trip left by which lead to where `port` leads. */
	#exitsLike(port: Port): Port[] {
		const stack = this.#whereabouts.stackOf(port);
		const exits: Port[] = [];
		for (const { sighting, direction } of this.#trip.legs) {
			const exit = sighting.port;
			const isLike =
				exit !== null &&
				(stack.includes(exit) ||
					(port.role === "uplink" && exit.role === "uplink"));
			if (isLike && direction === "out") {
				exits.push(exit);
			}
		}
		return exits;
	}

	#toHost(frame: Frame, { port }: Place): void {
		this.#add(port);
		const address = frame.ipv4?.destination;
		const endsHere = frame.ipv4 !== null && frame.ipv4.ttl <= 1;
		if (address === undefined || endsHere || this.#isHostAddress(address)) {
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
			const { name } = this.#bridge() ?? this.#at;
			const mayHaveOne = uplink === null && !isLibvirtNetwork(name);
			this.#doubt ??= mayHaveOne ? `no uplink of ${name} was captured` : null;
			return;
		}
		this.reach(uplink);
	}

	/** The bridge of the network: known from a frame, or the only one it can be. */
	#bridge(): Port | null {
		const known =
			findWitness(this.#trip, this.#at) ??
			bridgeOf(this.#at, this.#whereabouts);
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

/** The bridge that showed the frame at the instant in which it came in by a port. */
function findWitness(trip: Trip, port: Port): Port | null {
	const start = startTime(trip);
	const witness = trip.legs.find(
		({ sighting }) =>
			sighting.port?.role === "bridge" && isSameTime(sighting.time, start),
	);
	return trip.legs[0]?.sighting.port === port
		? (witness?.sighting.port ?? null)
		: null;
}

function bridgeOf(port: Port, whereabouts: Whereabouts): Port | null {
	const isBridge = ({ role }: Port) => role === "bridge";
	return whereabouts.networkOf(port).find(isBridge) ?? null;
}

/** Ports above the one that a frame came in by, which saw it at the same instant. */
function findAbove(
	trip: Trip,
	first: Port,
	whereabouts: Whereabouts,
): readonly Port[] {
	const stack = whereabouts.stackOf(first);
	if (stack.length < 2) {
		return [];
	}
	const above: Port[] = [];
	for (const { sighting, direction } of trip.legs) {
		const { port, time } = sighting;
		const isIngress = direction === "in" && isSameTime(time, startTime(trip));
		if (port !== null && port !== first && isIngress && stack.includes(port)) {
			above.push(port);
		}
	}
	return above;
}
