import { makeSafe, type SafeText } from "../../src/model/safe-text.js";
import type {
	Domain,
	KnownAddress,
	NicPath,
	Topology,
	TopologyPort,
} from "../../src/model/topology.js";

/** A port of a made host: up, with a carrier, alone. */
export function makePort(
	name: string,
	changes: Partial<TopologyPort> = {},
): TopologyPort {
	return {
		name: makeSafe(name),
		index: 1,
		mac: null,
		kind: null,
		linkType: makeSafe("ether"),
		role: "unknown",
		master: null,
		bondState: null,
		link: null,
		peer: null,
		isUp: true,
		hasCarrier: true,
		state: makeSafe("UP"),
		mtu: 1500,
		vlanId: null,
		addresses: [],
		bridgePort: null,
		bridge: null,
		vlans: [],
		...changes,
	};
}

/** A domain with one NIC for each MAC address and tap. */
export function makeDomain(
	name: string,
	nics: readonly (readonly [mac: string, tap: string | null])[],
	state = "running",
): Domain {
	return {
		name: makeSafe(name),
		uuid: null,
		state: makeSafe(state),
		isRunning: state === "running",
		source: makeSafe("libvirt"),
		nics: nics.map(([mac, tap]) => ({
			mac,
			tap: tap === null ? null : makeSafe(tap),
			kind: "bridge",
			network: null,
			bridge: makeSafe("br0"),
			model: null,
			link: null,
			filter: null,
		})),
	};
}

export function makePath(
	domain: string,
	mac: string,
	ports: readonly string[],
	changes: Partial<NicPath> = {},
): NicPath {
	return {
		domain: makeSafe(domain),
		mac,
		ports: ports.map((name) => makeSafe(name)),
		routedAfter: null,
		gateway: null,
		traceable: "fully",
		reason: null,
		...changes,
	};
}

export function makeTopology(changes: Partial<Topology>): Topology {
	return {
		host: { name: null, kernel: null, virtualization: null },
		ports: [],
		domains: [],
		networks: [],
		wayOut: [],
		onlyWayOut: null,
		gateways: [],
		dhcpServers: [],
		addresses: [],
		paths: [],
		findings: [],
		gaps: [],
		...changes,
	};
}

export function makeAddress(
	address: string,
	mac: string,
	source: KnownAddress["source"],
): KnownAddress {
	return { address, mac, source, ageSeconds: null };
}

/** Text of a made host. */
export function text(raw: string): SafeText {
	return makeSafe(raw);
}
