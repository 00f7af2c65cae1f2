import type { SafeText } from "../model/safe-text.js";
import type { Topology, TopologyPort } from "../model/topology.js";

/** What of a topology decides which way frames go. */
export type Wiring = Pick<
	Topology,
	"ports" | "networks" | "wayOut" | "gateways"
>;

/** The ports of a host, found by name and by what they are ports of. */
export class PortIndex {
	readonly #byName: ReadonlyMap<SafeText, TopologyPort>;
	readonly #byMaster = new Map<SafeText, TopologyPort[]>();

	constructor(ports: readonly TopologyPort[]) {
		this.#byName = new Map(ports.map((port) => [port.name, port]));
		for (const port of ports) {
			if (port.master !== null) {
				const others = this.#byMaster.get(port.master) ?? [];
				this.#byMaster.set(port.master, others);
				others.push(port);
			}
		}
	}

	find(name: SafeText | null): TopologyPort | null {
		return name === null ? null : (this.#byName.get(name) ?? null);
	}

	/** The ports of a bridge, or the cards of a bond. */
	portsOf(master: SafeText): readonly TopologyPort[] {
		return this.#byMaster.get(master) ?? [];
	}

	/** The bridge that a port belongs to; null when its master is none, or there is none. */
	bridgeOf(port: TopologyPort): TopologyPort | null {
		const master = this.find(port.master);
		return master?.role === "bridge" ? master : null;
	}

	/** What lies directly beneath: the parent of a VLAN device, the cards of a bond. */
	beneath(port: TopologyPort): readonly TopologyPort[] {
		const parent = this.find(port.link);
		const cards = port.role === "bridge" ? [] : this.portsOf(port.name);
		return parent === null ? cards : [parent, ...cards];
	}

	/** The other end of a cable whose both ends are on this host. */
	peerOf(port: TopologyPort): TopologyPort | null {
		const peer = this.find(port.peer);
		return peer?.peer === port.name ? peer : null;
	}

	/** The cables that lead from a bridge to others: its end, and the end over there. */
	cablesOf(bridge: SafeText): (readonly [TopologyPort, TopologyPort])[] {
		return this.portsOf(bridge).flatMap((port) => {
			const peer = port.role === "tap" ? null : this.peerOf(port);
			return peer === null ? [] : [[port, peer] as const];
		});
	}
}

/**
 * The port by which a bridge's frames leave the host: of several, one with a carrier that
 * forwards. Null: it has none.
 */
export function findUplink(
	index: PortIndex,
	bridge: SafeText,
): TopologyPort | null {
	const uplinks = index.portsOf(bridge).filter(({ role }) => role === "uplink");
	const works = ({ hasCarrier, bridgePort }: TopologyPort) =>
		hasCarrier !== false && bridgePort?.state !== "blocking";
	return uplinks.find(works) ?? uplinks[0] ?? null;
}
