import type { Mac } from "../../src/model/address.js";

/** The machines of the lab, one network namespace each. */
export const hostNames = [
	"kvmhost",
	"router",
	"internet",
	"vm1",
	"vm2",
	"vm3",
	"vm4",
] as const;
export type HostName = (typeof hostNames)[number];
export type VmName = "vm1" | "vm2" | "vm3" | "vm4";
export type Network = "bridged" | "nat";

/** A VM and its card; `tap` is the host's end, whose MAC libvirt makes from the card's. */
export interface VmPlan {
	readonly name: VmName;
	readonly mac: Mac;
	readonly tap: string;
	readonly bridge: "br0" | "virbr0";
}

/** The VMs: two on the bridge, two on libvirt's NAT network. */
export const vms: Readonly<Record<VmName, VmPlan>> = {
	vm1: { name: "vm1", mac: "52:54:00:cd:76:3a", tap: "vnet0", bridge: "br0" },
	vm2: { name: "vm2", mac: "52:54:00:1f:0b:92", tap: "vnet1", bridge: "br0" },
	vm3: {
		name: "vm3",
		mac: "52:54:00:8e:41:d7",
		tap: "vnet2",
		bridge: "virbr0",
	},
	vm4: {
		name: "vm4",
		mac: "52:54:00:6b:27:c4",
		tap: "vnet3",
		bridge: "virbr0",
	},
};

/** The MAC libvirt gives a tap: its card's with the first byte fe. */
export function tapMac(vm: VmPlan): Mac {
	return `fe${vm.mac.slice(2)}`;
}

/** The KVM host: br0 carries the address of the host and the MAC of ens3. */
export const kvmHost = {
	mac: "00:25:90:5c:2e:10",
	ip: "192.168.100.2",
} as const;

/** The router of the LAN: gateway and DHCP server. */
export const router = {
	mac: "00:0d:b9:4a:1c:20",
	ip: "192.168.100.1",
	lan: "lan0",
	leases: ["192.168.100.50", "192.168.100.99"],
	/** What it leases once it has been given another range. */
	otherLeases: ["192.168.100.150", "192.168.100.199"],
} as const;

/** The NAT network, as libvirt's network named default. */
export const natNetwork = {
	mac: "52:54:00:f3:6a:05",
	ip: "192.168.122.1",
	subnet: "192.168.122.0/24",
	leases: ["192.168.122.100", "192.168.122.200"],
} as const;

/** A machine beyond the router, in the place of the internet. */
export const internet = {
	ip: "203.0.113.9",
	gateway: "203.0.113.1",
	/** An address beyond the router that no machine has. */
	nobody: "203.0.113.77",
} as const;

/** A port of the KVM host that a recording captures. */
export interface PortPlan {
	readonly name: string;
	readonly role: "tap" | "bridge" | "uplink";
	readonly bridge: string | null;
	readonly mac: Mac;
}

const br0: PortPlan = {
	name: "br0",
	role: "bridge",
	bridge: null,
	mac: kvmHost.mac,
};
const virbr0: PortPlan = {
	name: "virbr0",
	role: "bridge",
	bridge: null,
	mac: natNetwork.mac,
};
const ens3: PortPlan = {
	name: "ens3",
	role: "uplink",
	bridge: "br0",
	mac: kvmHost.mac,
};

/** The ports that are captured, by network. */
export const ports: Readonly<Record<Network, readonly PortPlan[]>> = {
	bridged: [tapPort(vms.vm1), tapPort(vms.vm2), br0, ens3],
	nat: [tapPort(vms.vm3), tapPort(vms.vm4), virbr0, br0, ens3],
};

function tapPort(vm: VmPlan): PortPlan {
	return { name: vm.tap, role: "tap", bridge: vm.bridge, mac: tapMac(vm) };
}
