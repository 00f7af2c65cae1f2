import type { SafeText } from "../model/safe-text.js";
import type {
	BridgePort,
	InterfaceAddress,
	PortVlan,
	TopologyPort,
} from "../model/topology.js";
import type { Link } from "./ip-link.js";
import { findRoles, type RoleContext } from "./port-roles.js";

/** What other tools than `ip link` say of interfaces, by their names. */
export interface PortDetails extends RoleContext {
	readonly addresses: ReadonlyMap<SafeText, readonly InterfaceAddress[]>;
	readonly bridgePorts: ReadonlyMap<SafeText, BridgePort>;
	readonly vlans: ReadonlyMap<SafeText, readonly PortVlan[]>;
}

/** Joins what is known of each interface, in order of the index. */
export function buildPorts(
	links: readonly Link[],
	details: PortDetails,
): TopologyPort[] {
	const roles = findRoles(links, details);
	return links.map((link) => {
		const { tunType: _, masterKind, link: other, ...rest } = link;
		const isVeth = link.kind === "veth";
		const isPort = masterKind === "bridge";
		return {
			...rest,
			role: roles.get(link.name) ?? "unknown",
			link: isVeth ? null : other,
			peer: isVeth ? other : null,
			addresses: details.addresses.get(link.name) ?? [],
			bridgePort:
				(isPort ? details.bridgePorts.get(link.name) : null) ?? link.bridgePort,
			vlans: details.vlans.get(link.name) ?? [],
		};
	});
}
