import type { PortRole } from "../model/port.js";
import type { Domain, Topology, TopologyPort } from "../model/topology.js";
import type { PathPort, PortState } from "./world.js";

/**
 * How a port is: not there any more; set down; out of the bridge; without a carrier, or the
 * VM's cable is unplugged; blocked, as the bridge does not forward (STP); isolated from the
 * bridge's other isolated ports; up. Null: the host said nothing of its ports.
 *
 * @param isLoose it is in no bridge, and the path leads through one there
 */
export function stateOf(
	port: TopologyPort | null,
	topology: Topology | null,
	domain: Domain | null,
	isLoose: boolean,
): PortState | null {
	if (topology === null || topology.ports.length === 0) {
		return null;
	}
	if (port === null) {
		return "gone";
	}
	if (!port.isUp) {
		return "down";
	}
	if (isLoose) {
		return "no bridge";
	}
	const nic = domain?.nics.find(({ tap }) => tap === port.name);
	if (port.hasCarrier === false || nic?.link === "down") {
		return "no carrier";
	}
	if ((port.bridgePort?.state ?? "forwarding") !== "forwarding") {
		return "blocked";
	}
	return port.bridgePort?.isIsolated === true ? "isolated" : "up";
}

/** @param role as the capture knows it, where the host does not */
export function kindOf(
	port: TopologyPort | null,
	role: PortRole | null,
): PathPort["kind"] {
	if (port === null) {
		return role === null || role === "unknown" ? "other" : role;
	}
	const known = port.role === "unknown" ? role : port.role;
	if (known === "tap" || known === "bridge") {
		return known;
	}
	const isCable = port.kind === "veth" && port.peer !== null;
	switch (port.kind as string | null) {
		case "vlan":
			return "vlan";
		case "bond":
		case "team":
			return "bond";
		case "bridge":
			return "bridge";
		default:
			return isCable
				? "veth"
				: port.role === "uplink" || port.kind === null
					? "uplink"
					: port.kind === "veth"
						? "veth"
						: "other";
	}
}
