import type { Mac } from "../model/address.js";
import type { PortRole } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type {
	Domain,
	Nic,
	Topology,
	TopologyPort,
	VirtualNetwork,
} from "../model/topology.js";
import { inferRole } from "../topology/roles.js";

/** What an interface is: as the host said, else as its name has it. */
export function roleOf(
	name: SafeText | null,
	topology: Topology | null,
): PortRole {
	const told = findPort(name, topology)?.role ?? "unknown";
	return told === "unknown" && name !== null ? inferRole(name) : told;
}

/** An interface by its name; null: the host has not said that there is one. */
export function findPort(
	name: SafeText | null,
	topology: Topology | null,
): TopologyPort | null {
	return topology?.ports.find((port) => port.name === name) ?? null;
}

/** The NIC that has a MAC address, of a running VM. */
export function nicOf(mac: Mac | null, topology: Topology | null): Nic | null {
	const domain = domainOf(mac, topology);
	return domain?.nics.find((nic) => nic.mac === mac) ?? null;
}

/** The running VM that has a NIC with that MAC address. */
export function domainOf(
	mac: Mac | null,
	topology: Topology | null,
): Domain | null {
	const domains = topology?.domains ?? [];
	return mac === null
		? null
		: (domains.find(
				({ isRunning, nics }) =>
					isRunning && nics.some((nic) => nic.mac === mac),
			) ?? null);
}

/** libvirt's network that has a bridge. */
export function networkOf(
	bridge: SafeText | null,
	topology: Topology | null,
): VirtualNetwork | null {
	return topology?.networks.find((one) => one.bridge === bridge) ?? null;
}
