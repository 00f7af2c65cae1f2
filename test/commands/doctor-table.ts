import type { DoctorFacts } from "../../src/commands/doctor-facts.js";
import type { HostFacts } from "../../src/host/doctor-facts.js";

/** A host on which nothing is in the way. */
export const healthy: DoctorFacts = {
	nodeVersion: "v20.12.0",
	nodePath: "/usr/bin/node",
	programPath: "/opt/vm path/cli.js",
	capture: { koffi: null, packetSocket: null, cap: null, libpcap: null },
	host: {
		system: "Linux",
		release: "6.1.0-18-amd64",
		machine: "x64",
		isRoot: true,
		hasSudo: false,
		capabilities: { netRaw: true, netAdmin: true },
		rmemMax: 212_992,
		callsIptables: false,
		tools: ["ip", "bridge", "virsh", "nft", "iptables-save"].map((name) => ({
			name,
			version: `${name} 1.0`,
			gap: null,
		})),
		libpcapFix: "apt install libpcap0.8",
		libvirt: { uri: "qemu:///system", running: ["web", "db"], gap: null },
		bridgePorts: [
			{ name: "ens3", kind: null, bridge: "br0" },
			{ name: "vnet0", kind: "tun", bridge: "br0" },
			{ name: "web-lan", kind: "tun", bridge: "br0" },
			{ name: "vnet2", kind: "veth", bridge: "virbr0" },
		],
		bridgeGap: null,
	},
};

/** The same host, but for some facts of it. */
export function withHost(host: Partial<HostFacts>): DoctorFacts {
	return { ...healthy, host: { ...healthy.host, ...host } };
}

/** An ordinary user's view of it. */
export const ordinaryUser: Partial<HostFacts> = {
	isRoot: false,
	hasSudo: true,
	capabilities: { netRaw: false, netAdmin: false },
};
