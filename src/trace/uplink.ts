import type { Ipv4 } from "../model/address.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import { isLibvirtNetwork } from "../topology/roles.js";
import type { Whereabouts } from "./whereabouts.js";

/**
 * The uplink of a network: by what the host says of its bridge; else seen to be one; else
 * the one that left its bridge; else the only one it can be, where the host does not say.
 * Null: none is known.
 *
 * @param at a port of the network
 * @param bridge of the network, if it is known
 */
export function findUplink(
	at: Port,
	bridge: Port | null,
	captured: readonly Port[],
	whereabouts: Whereabouts,
): Port | null {
	const { membership } = whereabouts;
	const told = membership.bridgeOf(at.name);
	if (told === null && at.role === "tap") {
		return findUplinkMissing(at, captured, whereabouts);
	}
	const isUplink = (port: Port) =>
		port.role === "uplink" && membership.relate(at, port) !== "apart";
	const onBridge =
		told == null
			? undefined
			: captured.find(
					(port) => isUplink(port) && membership.bridgeOf(port.name) === told,
				);
	const own = onBridge ?? whereabouts.networkOf(at).find(isUplink);
	const lost =
		bridge &&
		captured.find(
			(port) => port.role === "uplink" && membership.hasLost(bridge, port),
		);
	if (own !== undefined || lost) {
		return own ?? lost ?? null;
	}
	const free = captured.filter(
		(port) => isUplink(port) && whereabouts.bridgeOf(port) === null,
	);
	const canHaveOne = bridge === null || !isLibvirtNetwork(bridge.name);
	return canHaveOne && told === undefined && free.length === 1
		? (free[0] ?? null)
		: null;
}

/** The uplink of the bridge that a tap should be on, being on none. */
function findUplinkMissing(
	at: Port,
	captured: readonly Port[],
	{ membership }: Whereabouts,
): Port | null {
	const meant = membership.missingFrom(at.name);
	const uplink = captured.find(
		({ role, name }) =>
			role === "uplink" &&
			meant !== null &&
			membership.bridgeOf(name) === meant,
	);
	return uplink ?? null;
}

/**
 * The port by which the host routes on what a bridge hands it: as it was seen to; else by
 * what the host says of its ways out. Null: it is not known.
 */
export function findRoute(
	bridge: Port,
	destination: Ipv4,
	captured: readonly Port[],
	whereabouts: Whereabouts,
): Port | null {
	const seen = whereabouts.routeTo(destination);
	if (seen !== null) {
		return seen;
	}
	const name = whereabouts.membership.wayOut.of(bridge.name, destination);
	const out = captured.find((port) => port.name === name) ?? null;
	return out?.role === "bridge"
		? findUplink(out, out, captured, whereabouts)
		: out;
}

/** Why a network without a known uplink may have one; null: it ends at the host. */
export function doubtClosed(
	bridge: Port,
	{ membership }: Whereabouts,
): string | null {
	if (isLibvirtNetwork(bridge.name) || membership.endsAtHost(bridge)) {
		return null;
	}
	return membership.lacksUplink(bridge)
		? `${bridge.name} has no uplink: none of its ports leads out of the host`
		: `none of the captured ports is known to be the uplink of ${bridge.name}`;
}

/**
 * Why no path can be told from a tap; null where its bridge is only not captured.
 *
 * @param told the bridge that the tap is on; null: on none
 */
export function doubtBridgeless(
	port: Port,
	told: SafeText | null,
	{ membership }: Whereabouts,
): string | null {
	const isMeant = membership.missingFrom(port.name) !== null;
	return told === null && port.role === "tap" && !isMeant
		? `${port.name} is in no bridge: what the host does with its frames is not known`
		: null;
}
