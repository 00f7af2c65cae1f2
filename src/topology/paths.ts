import type { Ipv4 } from "../model/address.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type {
	Domain,
	Nic,
	NicKind,
	NicPath,
	Topology,
	TopologyPort,
} from "../model/topology.js";
import {
	describeSwitch,
	followBridge,
	followDevice,
	type Way,
} from "./ways.js";
import { PortIndex, type Wiring } from "./wiring.js";

/** Why frames of such NICs pass no interface that can be captured at. */
const untraceable: Readonly<Partial<Record<NicKind, string>>> = {
	hostdev:
		"the card itself is given to the VM (PCI passthrough): its frames pass no interface of the host",
	user: "user-mode network (passt or SLIRP): its frames pass no interface of the host",
	vhostuser:
		"vhost-user: a program on the host takes its frames from the VM's memory, and no interface sees them",
};

/** The path of the NIC whose tap that is; null when no domain has it. */
export function findPath(topology: Topology, tap: SafeText): NicPath | null {
	return (
		findPaths(topology, topology.domains, (nic) => nic.tap === tap)[0] ?? null
	);
}

/** One path for each NIC of a running domain. */
export function findPaths(
	wiring: Wiring,
	domains: readonly Domain[],
	isWanted: (nic: Nic) => boolean = () => true,
): NicPath[] {
	const map = new WayMap(wiring);
	return domains
		.filter(({ isRunning }) => isRunning)
		.flatMap(({ name, nics }) =>
			nics.filter(isWanted).map((nic) => ({
				domain: name,
				mac: nic.mac,
				...followNic(map, nic),
			})),
		);
}

type Course = Omit<NicPath, "domain" | "mac">;

const nowhere = { ports: [], routedAfter: null, gateway: null };

/** The way from each bridge, followed once however many VMs are plugged in. */
class WayMap {
	readonly index: PortIndex;
	readonly wiring: Wiring;
	readonly #ways = new Map<SafeText, Way>();

	constructor(wiring: Wiring) {
		this.wiring = wiring;
		this.index = new PortIndex(wiring.ports);
	}

	from(bridge: TopologyPort): Way {
		const way =
			this.#ways.get(bridge.name) ??
			followBridge(this.index, this.wiring, bridge);
		this.#ways.set(bridge.name, way);
		return way;
	}
}

function followNic(map: WayMap, nic: Nic): Course {
	const why = untraceable[nic.kind];
	if (why !== undefined) {
		return { ...nowhere, traceable: "not", reason: why };
	}
	if (nic.tap === null) {
		const reason = "nobody names an interface of the host for it";
		return { ...nowhere, traceable: "not", reason };
	}
	const tap = map.index.find(nic.tap);
	if (tap === null) {
		const reason = `there is no interface ${nic.tap} here`;
		return { ...nowhere, traceable: "not", reason };
	}
	return followTap(map, nic, tap);
}

function followTap(map: WayMap, nic: Nic, tap: TopologyPort): Course {
	const { index, wiring } = map;
	const bridge = index.bridgeOf(tap);
	if (bridge !== null) {
		const way = map.from(bridge);
		return {
			ports: [tap.name, ...way.ports],
			routedAfter: way.routedAfter,
			gateway: findGateway(index, wiring, way.ports, way.routedAfter),
			traceable: way.reason === null ? "fully" : "partly",
			reason: way.reason,
		};
	}
	if (nic.kind === "direct") {
		return {
			...nowhere,
			ports: followDevice(index, tap),
			traceable: "partly",
			reason: `macvtap: ${tap.name} hands its frames to ${tap.link ?? "a card"} without a bridge, and the host itself cannot reach the VM`,
		};
	}
	const reason =
		tap.master === null
			? `${tap.name} is in no bridge`
			: describeSwitch(tap.name, tap.master);
	return { ...nowhere, ports: [tap.name], traceable: "partly", reason };
}

/**
 * The gateway of a VM: of a routed network the host's own address there; else the host's
 * own default gateway, when that is reached by a port of the same path.
 */
function findGateway(
	index: PortIndex,
	{ gateways, networks }: Wiring,
	ports: readonly SafeText[],
	routedAfter: SafeText | null,
): Ipv4 | null {
	if (routedAfter !== null) {
		const own = index
			.find(routedAfter)
			?.addresses.find(({ family }) => family === "inet");
		const network = networks.find(({ bridge }) => bridge === routedAfter);
		return network?.address ?? own?.address ?? null;
	}
	const known = gateways.find(
		({ interface: name, source }) =>
			source === defaultRoute && name !== null && ports.includes(name),
	);
	return known?.address ?? null;
}

/** How the host's own gateway is known. */
export const defaultRoute = makeSafe("default route");
