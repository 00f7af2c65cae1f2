import type { HostDocument } from "../model/host-document.js";
import type { SafeText } from "../model/safe-text.js";
import type { Domain, Topology, TopologyPort } from "../model/topology.js";
import { readAgentAddresses } from "./agent-addresses.js";
import { parseBridgeVlan } from "./bridge-vlan.js";
import { nameTaps, readDomains, type TapIndex } from "./domains.js";
import { findFindings } from "./findings.js";
import { findGateways, joinAddresses } from "./gateways.js";
import {
	readHostSystem,
	readSysctl,
	readWirelessCards,
} from "./host-system.js";
import { parseIpAddress } from "./ip-address.js";
import { type Link, parseBridgeLink, parseIpLink } from "./ip-link.js";
import { parseIpNeighbour } from "./ip-neighbour.js";
import { parseIpRoute } from "./ip-route.js";
import { readDnsmasqLeases } from "./leases.js";
import { readNetworks } from "./networks.js";
import { findOnlyWayOut } from "./only-way-out.js";
import { findPaths } from "./paths.js";
import { buildPorts } from "./ports.js";
import { readObjects } from "./raw-json.js";
import { findDhcpServers, readListeners } from "./services.js";
import { Statements } from "./statements.js";

/**
 * Joins what the sources of a host said into one picture, once all are read. Total: what
 * a source did not say, or not as vmpath knows it, is a gap.
 */
export function buildTopology(documents: readonly HostDocument[]): Topology {
	const statements = new Statements(documents);
	const links = statements.read("host-links", /^ip /, parseIpLink).flat();
	const domains = nameTaps(readDomains(statements), indexTaps(links));
	const routes = statements
		.read("host-routes", /^ip .*route/, parseIpRoute)
		.flat();
	const wayOut = [...new Set(routes.map((route) => route.interface))];
	const onlyWayOut = findOnlyWayOut(
		statements.read("host-routes", /^ip .*route/, readObjects).flat(),
		statements.read("host-routes", /^ip .*rule/, readObjects).flat(),
	);
	const ports = joinPorts(statements, links, domains, wayOut);
	const { networks, leases } = readNetworks(statements);
	const neighbours = statements
		.read("host-neighbours", /^ip /, parseIpNeighbour)
		.flat();
	const macs = new Map<string, string | null>(
		ports.map(({ name, mac }) => [name, mac]),
	);
	const gateways = findGateways(
		routes,
		networks,
		neighbours,
		(name) => macs.get(name) ?? null,
	);
	const listeners = readListeners(statements);
	const wiring = { ports, networks, wayOut, gateways };
	const paths = findPaths(wiring, domains);
	const findings = findFindings({
		...wiring,
		domains,
		paths,
		listeners,
		wirelessCards: readWirelessCards(statements),
		ipForward: readSysctl(statements, "net/ipv4/ip_forward"),
	});
	return {
		host: readHostSystem(statements),
		...wiring,
		onlyWayOut,
		domains,
		dhcpServers: findDhcpServers(networks, listeners ?? [], ports),
		addresses: joinAddresses(
			[
				...readAgentAddresses(statements, domains),
				...leases,
				...readDnsmasqLeases(statements),
			],
			neighbours,
		),
		paths,
		findings,
		gaps: statements.gaps,
	};
}

function joinPorts(
	statements: Statements,
	links: readonly Link[],
	domains: readonly Domain[],
	wayOut: readonly SafeText[],
): TopologyPort[] {
	const taps = domains.flatMap(({ nics }) =>
		nics.flatMap(({ tap }) => tap ?? []),
	);
	return buildPorts(links, {
		tapNames: new Set(taps),
		wayOut: new Set(wayOut),
		addresses: joinMaps(
			statements.read("host-addresses", /^ip /, parseIpAddress),
		),
		bridgePorts: joinMaps(
			statements.read("host-links", /^bridge /, parseBridgeLink),
		),
		vlans: joinMaps(statements.read("host-vlans", /^bridge /, parseBridgeVlan)),
	});
}

function indexTaps(links: readonly Link[]): TapIndex {
	const taps = links.filter(({ kind }) => kind !== "bridge");
	return {
		names: new Set(taps.map(({ name }) => name)),
		byMac: new Map(
			taps
				.filter(({ kind }) => kind === "tun" || kind === "veth")
				.flatMap(({ mac, name }) => (mac === null ? [] : [[mac, name]])),
		),
	};
}

function joinMaps<K, V>(maps: readonly ReadonlyMap<K, V>[]): Map<K, V> {
	return new Map(maps.flatMap((map) => [...map]));
}
