import type {
	Gateway,
	KnownAddress,
	VirtualNetwork,
} from "../model/topology.js";
import type { Neighbour } from "./ip-neighbour.js";
import type { DefaultRoute } from "./ip-route.js";
import { defaultRoute } from "./paths.js";
import { safe } from "./safe-template.js";

/** The host's own default gateways, then those that libvirt's networks are to their VMs. */
export function findGateways(
	routes: readonly DefaultRoute[],
	networks: readonly VirtualNetwork[],
	neighbours: readonly Neighbour[],
	macOf: (name: string) => string | null,
): Gateway[] {
	const own = routes.flatMap(({ gateway, interface: name }): Gateway[] => {
		if (gateway === null) {
			return [];
		}
		const neighbour = neighbours.find(
			(entry) => entry.address === gateway && entry.interface === name,
		);
		const mac = neighbour?.mac ?? null;
		return [{ address: gateway, interface: name, mac, source: defaultRoute }];
	});
	const libvirt = networks.flatMap((network): Gateway[] =>
		network.isActive &&
		network.address !== null &&
		network.forward !== "isolated"
			? [
					{
						address: network.address,
						interface: network.bridge,
						mac: network.bridge === null ? null : macOf(network.bridge),
						source: safe`libvirt network ${network.name}`,
					},
				]
			: [],
	);
	return [...own, ...libvirt];
}

/**
 * What was told surely comes first, then the ARP table; the younger of two entries first.
 * One address of one MAC address is told of once.
 */
export function joinAddresses(
	told: readonly KnownAddress[],
	neighbours: readonly Neighbour[],
): KnownAddress[] {
	const seen = [...neighbours]
		.sort((a, b) => (a.ageSeconds ?? 0) - (b.ageSeconds ?? 0))
		.map(
			({ address, mac, ageSeconds }): KnownAddress => ({
				address,
				mac,
				source: "arp-table",
				ageSeconds,
			}),
		);
	const known = new Set<string>();
	return [...told, ...seen].filter(({ address, mac }) => {
		const key = `${address} ${mac}`;
		const isNew = !known.has(key);
		known.add(key);
		return isNew;
	});
}
