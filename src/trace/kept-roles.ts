import type { SafeText } from "../model/safe-text.js";
import type { Topology, TopologyPort } from "../model/topology.js";

/**
 * A port of a bridge that is told to be a tap by its name alone, as a veth is, stays one
 * when it is renamed: it is the same interface by its ifindex, MAC address and kind.
 *
 * @param before the ports as the host had them when it said so last
 */
export function keepRoles(
	topology: Topology,
	before: ReadonlyMap<SafeText, TopologyPort>,
): Topology {
	const taps = new Map<number, TopologyPort>();
	for (const port of before.values()) {
		if (port.role === "tap" && port.mac !== null) {
			taps.set(port.index, port);
		}
	}
	const ports = topology.ports.map((port): TopologyPort => {
		const was = taps.get(port.index);
		const isSame = was?.mac === port.mac && was.kind === port.kind;
		return isSame && port.role === "unknown" && port.bridgePort !== null
			? { ...port, role: "tap" }
			: port;
	});
	return { ...topology, ports };
}
