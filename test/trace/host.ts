import type { Json } from "../../src/model/host-document.js";

/** An interface of a host, as little of it as its role needs. */
export interface HostPort {
	readonly name: string;
	readonly kind: "bridge" | "tap" | "card";
	readonly master?: string | null;
	readonly mac?: string;
	readonly isIsolated?: boolean;
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

/** What `ip -d -j link show` says of ports. */
export function ipLink(ports: readonly HostPort[]): Json {
	return ports.map(({ name, kind, master, mac, isIsolated }, index) => ({
		ifindex: index + 2,
		ifname: name,
		flags: ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"],
		mtu: 1500,
		operstate: "UP",
		link_type: "ether",
		address: mac ?? `02:00:00:00:00:0${index}`,
		...(master ? { master } : {}),
		linkinfo: {
			...(kind === "card" ? {} : { info_kind: kind === "tap" ? "tun" : kind }),
			info_data: kind === "tap" ? { type: "tap" } : {},
			...(master
				? {
						info_slave_kind: "bridge",
						info_slave_data: {
							state: "forwarding",
							isolated: isIsolated ?? false,
						},
					}
				: {}),
		},
	}));
}

/** What virsh says of running VMs: name, MAC address and tap of each. */
export function virshDomains(
	vms: readonly (readonly [name: string, mac: string, tap: string])[],
): Json {
	return vms.map(([name, mac, tap], index) => ({
		uuid: `00000000-0000-0000-0000-00000000000${index}`,
		state: "running",
		xml: `<domain type='kvm' id='${index + 1}'><name>${name}</name><uuid>00000000-0000-0000-0000-00000000000${index}</uuid><devices><interface type='bridge'><mac address='${mac}'/><source bridge='br0'/><target dev='${tap}'/><model type='virtio'/></interface></devices></domain>`,
	}));
}
