import type { Json } from "../../src/model/host-document.js";

/** An interface of a host, as little of it as its role needs. */
export interface HostPort {
	readonly name: string;
	readonly kind: "bridge" | "tap" | "card" | "veth" | "vxlan";
	readonly master?: string | null;
	readonly mac?: string;
	/** The other end of a veth pair. */
	readonly peer?: string;
	readonly isIsolated?: boolean;
	/** It is up, has a carrier. */
	readonly isUp?: boolean;
	readonly hasCarrier?: boolean;
}

/** Two VMs on a bridge with a card, as in the notation. */
export const bridged: readonly HostPort[] = [
	{ name: "br0", kind: "bridge", mac: "00:25:90:00:00:02" },
	{ name: "ens3", kind: "card", master: "br0", mac: "00:25:90:00:00:02" },
	{ name: "vnet0", kind: "tap", master: "br0", mac: "fe:54:00:00:00:01" },
	{ name: "vnet1", kind: "tap", master: "br0", mac: "fe:54:00:00:00:02" },
];

/** The same, with ports that are otherwise. */
export function withPorts(...changed: readonly HostPort[]): HostPort[] {
	const names = changed.map(({ name }) => name);
	return [...bridged.filter(({ name }) => !names.includes(name)), ...changed];
}

/** As `ip link` has them: without carrier, or down. */
function flagsOf({
	isUp = true,
	hasCarrier = true,
}: Pick<HostPort, "isUp" | "hasCarrier">): string[] {
	const state = hasCarrier ? ["UP", "LOWER_UP"] : ["NO-CARRIER", "UP"];
	return ["BROADCAST", "MULTICAST", ...(isUp ? state : [])];
}

/** What `ip -d -j link show` says of ports. */
export function ipLink(ports: readonly HostPort[]): Json {
	return ports.map(({ name, kind, master, mac, ...port }, index) => ({
		ifindex: index + 2,
		ifname: name,
		flags: flagsOf(port),
		mtu: 1500,
		operstate: flagsOf(port).includes("LOWER_UP") ? "UP" : "DOWN",
		link_type: "ether",
		address: mac ?? `02:00:00:00:00:0${index}`,
		...(master ? { master } : {}),
		...(port.peer ? { link: port.peer } : {}),
		linkinfo: {
			...(kind === "card" ? {} : { info_kind: kind === "tap" ? "tun" : kind }),
			info_data: kind === "tap" ? { type: "tap" } : {},
			...(master
				? {
						info_slave_kind: "bridge",
						info_slave_data: {
							state: "forwarding",
							isolated: port.isIsolated ?? false,
						},
					}
				: {}),
		},
	}));
}

/**
 * What virsh says of running VMs: name, MAC address and tap of each.
 *
 * @param type of their interfaces, and the source that goes with it
 */
export function virshDomains(
	vms: readonly (readonly [name: string, mac: string, tap: string])[],
	type = "bridge",
	source = "<source bridge='br0'/>",
): Json {
	return vms.map(([name, mac, tap], index) => ({
		uuid: `00000000-0000-0000-0000-00000000000${index}`,
		state: "running",
		xml: `<domain type='kvm' id='${index + 1}'><name>${name}</name><uuid>00000000-0000-0000-0000-00000000000${index}</uuid><devices><interface type='${type}'><mac address='${mac}'/>${source}<target dev='${tap}'/><model type='virtio'/></interface></devices></domain>`,
	}));
}
