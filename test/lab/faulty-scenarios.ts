import {
	askInVain,
	clearAddress,
	ping,
	pingInVain,
	setAddress,
	takeLease,
} from "./clients.js";
import { arp, dhcp, echoes, everyPort, icmp, lease } from "./expectation.js";
import type { Lab } from "./lab.js";
import { loadRules, runIp } from "./namespaces.js";
import { internet, kvmHost, natNetwork, router, vms } from "./plan.js";
import { type Scenario, usual } from "./scenario.js";

const { vm1, vm3 } = vms;
const path = ["vnet0", "br0", "ens3"];
const inside = ["vnet2", "virbr0"];
const everywhere = ["vnet0", "vnet1", "br0", "ens3"];
const fixedIp = "192.168.100.61";
const silentIp = "192.168.100.63";

const offerLostAtBridge: Scenario = {
	...usual,
	name: "offer-lost-at-bridge",
	what: "A bridge rule drops DHCP replies on their way to vnet0: OFFERs enter by ens3 and never reach vm1, whose pings go well before and after.",
	play: async (lab) => {
		await pingAsNeighbour(lab, 2);
		await loadRules(lab.namespaces.kvmhost, [
			"table bridge filter {",
			"chain forward {",
			"type filter hook forward priority 0;",
			'oifname "vnet0" udp sport 67 udp dport 68 counter drop',
			"}",
			"}",
		]);
		const sinceNs = nowNs();
		await askInVain(lab, "vm1");
		await pingAsNeighbour(lab, 3);
		return {
			ips: { vm1: fixedIp },
			fault: {
				cause: "bridge-filter-drop",
				protocol: "dhcp",
				message: "offer",
				lastSeen: "br0",
				firstMissing: "vnet0",
				sinceNs,
			},
			expected: [
				dhcp("discover", vm1, everyPort(path, 3)),
				dhcp("offer", vm1, { vnet0: 0, br0: 3, ens3: 3 }),
				dhcp("request", vm1, everyPort(path, 0)),
				...echoes(fixedIp, router.ip, 5, path),
			],
		};
	},
};

const serverSilent: Scenario = {
	...usual,
	name: "server-silent",
	what: "No DHCP server on the LAN: the DISCOVERs of vm1 leave by ens3 and nothing comes back, while its pings go well.",
	routerDhcp: "none",
	quietSeconds: 5,
	play: async (lab) => {
		const sinceNs = nowNs();
		await pingAsNeighbour(lab, 2);
		await askInVain(lab, "vm1");
		await pingAsNeighbour(lab, 1);
		return {
			ips: { vm1: fixedIp },
			fault: {
				cause: "dhcp-server-silent",
				protocol: "dhcp",
				message: "discover",
				lastSeen: "ens3",
				firstMissing: null,
				sinceNs,
			},
			expected: [
				dhcp("discover", vm1, everyPort(path, 3)),
				dhcp("offer", vm1, everyPort(path, 0)),
				...echoes(fixedIp, router.ip, 3, path),
			],
		};
	},
};

const uplinkGone: Scenario = {
	...usual,
	name: "uplink-gone",
	what: "ens3 leaves br0 after a healthy ping, as in a network restart: the DISCOVERs of vm1 are seen at vnet0 and br0, never at ens3.",
	play: async (lab) => {
		await pingAsNeighbour(lab, 2);
		await runIp(lab.namespaces.kvmhost, ["link set ens3 nomaster"]);
		const sinceNs = nowNs();
		await askInVain(lab, "vm1");
		return {
			ips: { vm1: fixedIp },
			fault: {
				cause: "uplink-not-in-bridge",
				protocol: "dhcp",
				message: "discover",
				lastSeen: "br0",
				firstMissing: "ens3",
				sinceNs,
			},
			expected: [
				dhcp("discover", vm1, { vnet0: 3, br0: 3, ens3: 0 }),
				dhcp("offer", vm1, everyPort(path, 0)),
				...echoes(fixedIp, router.ip, 2, path),
			],
		};
	},
};

const dropForwarding = [
	"table ip filter {",
	"chain forward {",
	"type filter hook forward priority filter;",
	'iifname "virbr0" oifname "br0" counter drop',
	"}",
	"}",
];

const natForwardDrop: Scenario = {
	...usual,
	name: "nat-forward-drop",
	what: "A rule drops what virbr0 forwards to br0 after a healthy ping: vm3 still gets its lease and pings virbr0, its pings of the internet end there.",
	network: "nat",
	play: async (lab) => {
		await takeLease(lab, "vm3");
		await ping(lab, "vm3", internet.ip, { count: 2 });
		await loadRules(lab.namespaces.kvmhost, dropForwarding);
		const sinceNs = nowNs();
		const ip = await takeLease(lab, "vm3");
		await ping(lab, "vm3", natNetwork.ip, { count: 2 });
		await pingInVain(lab, "vm3", internet.ip, { count: 3 });
		await ping(lab, "vm3", natNetwork.ip, { count: 1 });
		return {
			ips: { vm3: ip },
			fault: {
				cause: "nat-forward-drop",
				protocol: "icmp",
				message: "echo-request",
				lastSeen: "virbr0",
				firstMissing: "ens3",
				sinceNs,
			},
			expected: [
				...lease(vm3, inside, 2),
				...echoes(ip, natNetwork.ip, 3, inside),
				icmp("echo-request", ip, internet.ip, everyPort(inside, 5)),
				icmp("echo-reply", internet.ip, ip, everyPort(inside, 2)),
				...echoes(kvmHost.ip, internet.ip, 2, ["br0", "ens3"]),
			],
		};
	},
};

const silentVm: Scenario = {
	...usual,
	name: "silent-vm",
	what: "vm2 answers the router's pings, then goes silent: three who-has of the router reach vnet1 and nothing comes back, while vm1 pings the gateway.",
	routerDhcp: "none",
	quietSeconds: 5,
	play: async (lab) => {
		await setAddress(lab, "vm1", fixedIp);
		await setAddress(lab, "vm2", silentIp);
		await ping(lab, "router", silentIp, { count: 2 });
		// With the link of the guest down, a veth would lose the carrier of vnet1 too.
		await runIp(lab.namespaces.vm2, ["link set eth0 arp off"]);
		const sinceNs = nowNs();
		await runIp(lab.namespaces.router, [`neighbour flush dev ${router.lan}`]);
		await Promise.all([
			pingInVain(lab, "router", silentIp, { count: 1, waitSeconds: 4 }),
			ping(lab, "vm1", router.ip, { count: 3 }),
		]);
		return {
			ips: { vm1: fixedIp, vm2: silentIp },
			fault: {
				cause: "guest-silent",
				protocol: "arp",
				message: "request",
				lastSeen: "vnet1",
				firstMissing: null,
				sinceNs,
			},
			expected: [
				arp("request", router.ip, silentIp, everyPort(everywhere, 4)),
				arp("reply", silentIp, router.ip, { ens3: 1, vnet0: 0, vnet1: 1 }),
				...echoes(router.ip, silentIp, 2, ["ens3", "br0", "vnet1"]),
				...echoes(fixedIp, router.ip, 3, path),
			],
		};
	},
};

/** Scenarios in which a fault was made, named by its cause. */
export const faultyScenarios: readonly Scenario[] = [
	offerLostAtBridge,
	serverSilent,
	uplinkGone,
	natForwardDrop,
	silentVm,
];

/** vm1 has a fixed address for as long as it pings the gateway, and none afterwards. */
async function pingAsNeighbour(lab: Lab, count: number): Promise<void> {
	await setAddress(lab, "vm1", fixedIp);
	await ping(lab, "vm1", router.ip, { count });
	await clearAddress(lab, "vm1");
}

/** The time of the machine, whose clock also stamps the frames. */
function nowNs(): string {
	return `${BigInt(Date.now()) * 1_000_000n}`;
}
