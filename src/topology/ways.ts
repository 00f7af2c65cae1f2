import type { SafeText } from "../model/safe-text.js";
import type { TopologyPort } from "../model/topology.js";
import { findUplink, type PortIndex, type Wiring } from "./wiring.js";

/** Where frames go from a port outwards. */
export interface Way {
	readonly ports: readonly SafeText[];
	/** The bridge behind which frames are routed; null: bridged as far as it goes. */
	readonly routedAfter: SafeText | null;
	/** Why it cannot be followed further on this host; null: it need not be. */
	readonly reason: string | null;
}

/** Forward modes of libvirt networks whose frames the host routes. */
const routedModes: ReadonlySet<string> = new Set(["nat", "route", "open"]);

/** Longest chain of bridges and devices that is followed. */
const lengthLimit = 32;

/**
 * Follows frames from a bridge outwards, the bridge included:
 *
 * - by its uplink and what lies beneath that, when it has one;
 * - else over cables (veth pairs) to the nearest bridge that has one;
 * - else the host routes them, when the bridge has an address or a libvirt network says
 *   so: by the default route's interface and what lies beneath it;
 * - else they stay here: the network is isolated.
 *
 * A bridge of a routed libvirt network is routed, whatever else is plugged in.
 */
export function followBridge(
	index: PortIndex,
	wiring: Wiring,
	bridge: TopologyPort,
): Way {
	const isRouted = wiring.networks.some(
		(network) =>
			network.bridge === bridge.name && routedModes.has(network.forward),
	);
	const bridged = isRouted ? null : findBridgedWay(index, bridge);
	return bridged ?? routeFrom(index, wiring, bridge);
}

/** Breadth first over cables: the nearest bridge with an uplink, or a way into a switch. */
function findBridgedWay(index: PortIndex, start: TopologyPort): Way | null {
	const seen = new Set([start.name]);
	const waiting: { bridge: TopologyPort; ports: readonly SafeText[] }[] = [
		{ bridge: start, ports: [start.name] },
	];
	for (const { bridge, ports } of waiting) {
		const uplink = findUplink(index, bridge.name);
		if (uplink !== null) {
			const further = followDevice(index, uplink);
			return { ports: [...ports, ...further], routedAfter: null, reason: null };
		}
		for (const [here, there] of index.cablesOf(bridge.name)) {
			const beyond = [...ports, here.name, there.name];
			const next = index.bridgeOf(there);
			if (next === null && there.master !== null) {
				return {
					ports: beyond,
					routedAfter: null,
					reason: describeSwitch(there.name, there.master),
				};
			}
			if (next !== null && !seen.has(next.name) && ports.length < lengthLimit) {
				seen.add(next.name);
				waiting.push({ bridge: next, ports: [...beyond, next.name] });
			}
		}
	}
	return null;
}

/** Why a port of something else than a Linux bridge is the end of what can be seen. */
export function describeSwitch(port: SafeText, master: SafeText): string {
	return master === "ovs-system"
		? `${port} is a port of Open vSwitch, which shows only what enters and leaves it`
		: `${port} belongs to ${master}, which is no bridge`;
}

/** A device and what frames pass beneath it, as long as only one thing can be next. */
export function followDevice(
	index: PortIndex,
	device: TopologyPort,
): readonly SafeText[] {
	const names = [device.name];
	let below = nextBeneath(index, device);
	while (
		below !== null &&
		!names.includes(below.name) &&
		names.length < lengthLimit
	) {
		names.push(below.name);
		below = nextBeneath(index, below);
	}
	return names;
}

/** Of the cards of a bond only one may be active; else it cannot be told which is next. */
function nextBeneath(
	index: PortIndex,
	port: TopologyPort,
): TopologyPort | null {
	const below = index.beneath(port);
	if (below.length <= 1) {
		return below[0] ?? null;
	}
	const active = below.filter(({ bondState }) => bondState === "ACTIVE");
	return active.length === 1 ? (active[0] ?? null) : null;
}

function routeFrom(
	index: PortIndex,
	{ wayOut, networks }: Wiring,
	bridge: TopologyPort,
): Way {
	const isIsolated = networks.some(
		({ bridge: name, forward }) =>
			name === bridge.name && !routedModes.has(forward),
	);
	const hasAddress = bridge.addresses.some(({ family }) => family === "inet");
	const out = wayOut
		.map((name) => index.find(name))
		.find((port) => port !== null && port.name !== bridge.name);
	if (isIsolated || !hasAddress || !out) {
		return { ports: [bridge.name], routedAfter: null, reason: null };
	}
	const further =
		out.role === "bridge"
			? (findBridgedWay(index, out)?.ports ?? [out.name])
			: followDevice(index, out);
	return {
		ports: [bridge.name, ...further],
		routedAfter: bridge.name,
		reason: null,
	};
}
