import type { SafeText } from "../model/safe-text.js";
import type { Topology, TopologyPort } from "../model/topology.js";
import { followBridge } from "./ways.js";
import { PortIndex } from "./wiring.js";

/** Collects ports to capture at, each once, with what belongs to them. */
export class PortSelection {
	readonly #topology: Topology;
	readonly #index: PortIndex;
	readonly #chosen = new Set<TopologyPort>();
	/** Bridges whose ports have been added. */
	readonly #spread = new Set<SafeText>();
	/** Bridges whose uplinks have been added. */
	readonly #led = new Set<SafeText>();

	constructor(topology: Topology) {
		this.#topology = topology;
		this.#index = new PortIndex(topology.ports);
	}

	get chosen(): readonly TopologyPort[] {
		return [...this.#chosen];
	}

	find(name: SafeText | null): TopologyPort | null {
		return this.#index.find(name);
	}

	add(port: TopologyPort): void {
		this.#chosen.add(port);
	}

	/** A bridge with all its ports, what lies beneath them, and bridges at the end of cables. */
	addBridge(name: SafeText): void {
		const waiting = [name];
		for (const next of waiting) {
			const bridge = this.#index.find(next);
			if (bridge === null || this.#spread.has(next)) {
				continue;
			}
			this.#spread.add(next);
			this.add(bridge);
			for (const port of this.#index.portsOf(next)) {
				this.#addWithBeneath(port);
			}
			for (const [, there] of this.#index.cablesOf(next)) {
				this.add(there);
				waiting.push(...(there.master === null ? [] : [there.master]));
			}
		}
	}

	/** The ports of a path, with all cards of bonds on it and all uplinks of its bridges. */
	addPath(names: readonly SafeText[]): void {
		for (const name of names) {
			const port = this.#index.find(name);
			if (port === null) {
				continue;
			}
			if (port.role !== "bridge") {
				this.#addWithBeneath(port);
				continue;
			}
			if (this.#led.has(name) || this.#spread.has(name)) {
				continue;
			}
			this.#led.add(name);
			this.add(port);
			for (const other of this.#index.portsOf(name)) {
				if (other.role === "uplink") {
					this.#addWithBeneath(other);
				}
			}
		}
	}

	/** The way that frames of a bridge take out of the host, behind NAT as well. */
	addWayOut(name: SafeText): void {
		const bridge = this.#index.find(name);
		if (bridge !== null) {
			this.addPath(followBridge(this.#index, this.#topology, bridge).ports);
		}
	}

	#addWithBeneath(port: TopologyPort): void {
		const waiting = [port];
		const seen = new Set(waiting);
		for (const next of waiting) {
			this.add(next);
			for (const below of this.#index.beneath(next)) {
				if (!seen.has(below)) {
					seen.add(below);
					waiting.push(below);
				}
			}
		}
	}
}
