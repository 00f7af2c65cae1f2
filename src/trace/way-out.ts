import type { Ipv4 } from "../model/address.js";
import type { SafeText } from "../model/safe-text.js";
import type { InterfaceAddress, Topology } from "../model/topology.js";
import { areInOneNetwork } from "../topology/ipv4.js";
import { findComponents } from "./components.js";

/** From here on addresses are of groups, or reserved (RFC 5771, RFC 1112 section 4). */
const firstGroupOctet = 224;

/**
 * By which interface the host sends what it routes, by what it says of itself: known only
 * where it has no other way out than its default route.
 */
export class WayOut {
	#interface: SafeText | null = null;
	#components: ReadonlyMap<SafeText, number> = new Map();
	/** Of the host's own interfaces. */
	#networks: readonly InterfaceAddress[] = [];
	/** Bridges of networks that are meant to lead nowhere. */
	#isolated: ReadonlySet<SafeText | null> = new Set();

	/** @param topology null: nothing that holds now */
	set(topology: Topology | null): void {
		this.#interface = topology?.onlyWayOut ?? null;
		if (topology === null || this.#interface === null) {
			return;
		}
		const { ports, networks } = topology;
		this.#components = findComponents(ports);
		this.#networks = ports
			.flatMap(({ addresses }) => addresses)
			.filter(({ family }) => family === "inet");
		this.#isolated = new Set(
			networks
				.filter(({ forward }) => `${forward}` === "isolated")
				.map(({ bridge }) => bridge),
		);
	}

	/**
	 * The interface by which what came in by a bridge leaves the host; null: that cannot be
	 * told, or it is for one of the host's own networks.
	 */
	of(bridge: SafeText, destination: Ipv4): SafeText | null {
		const out = this.#interface;
		const isHere =
			Number.parseInt(destination, 10) >= firstGroupOctet ||
			this.#networks.some(({ address, prefixLength }) =>
				areInOneNetwork(address, destination, prefixLength),
			);
		return out === null ||
			isHere ||
			this.#isolated.has(bridge) ||
			this.#components.get(bridge) === this.#components.get(out)
			? null
			: out;
	}
}
