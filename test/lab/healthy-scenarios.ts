import { arping, ping, setAddress, takeLease, tryPing } from "./clients.js";
import { dhcp, echoes, everyPort, lease } from "./expectation.js";
import { internet, kvmHost, router, vms } from "./plan.js";
import { type Scenario, usual } from "./scenario.js";

const { vm1, vm2 } = vms;
const path = ["vnet0", "br0", "ens3"];

const healthyBridged: Scenario = {
	...usual,
	name: "healthy-bridged",
	what: "vm1 gets its lease from the router, pings the gateway three times and the internet twice.",
	withSll: true,
	play: async (lab) => {
		const ip = await takeLease(lab, "vm1");
		await ping(lab, "vm1", router.ip, { count: 3 });
		await ping(lab, "vm1", internet.ip, { count: 2 });
		return {
			ips: { vm1: ip },
			fault: null,
			expected: [
				...lease(vm1, path),
				...echoes(ip, router.ip, 3, path),
				...echoes(ip, internet.ip, 2, path),
			],
		};
	},
};

const slowServer: Scenario = {
	...usual,
	name: "slow-server",
	what: "The router pings an address before it offers it, so that vm1 repeats its DISCOVER before it gets its lease.",
	routerDhcp: "pings-first",
	play: async (lab) => {
		const ip = await takeLease(lab, "vm1", 8);
		await ping(lab, "vm1", router.ip, { count: 1 });
		return {
			ips: { vm1: ip },
			fault: null,
			expected: [
				dhcp("discover", vm1, everyPort(path, "repeated")),
				...["offer", "request", "ack"].map((message) =>
					dhcp(message, vm1, everyPort(path, "some")),
				),
				...echoes(ip, router.ip, 1, path),
			],
		};
	},
};

const vmToVm: Scenario = {
	...usual,
	name: "vm-to-vm",
	what: "vm1 and vm2 have leases, ping each other (three times and twice) and the host once each.",
	precision: "micro",
	play: async (lab) => {
		const ip1 = await takeLease(lab, "vm1");
		const ip2 = await takeLease(lab, "vm2");
		await ping(lab, "vm1", ip2, { count: 3 });
		await ping(lab, "vm2", ip1, { count: 2 });
		await ping(lab, "vm1", kvmHost.ip, { count: 1 });
		await ping(lab, "vm2", kvmHost.ip, { count: 1 });
		const between = ["vnet0", "br0", "vnet1"];
		return {
			ips: { vm1: ip1, vm2: ip2 },
			fault: null,
			expected: [
				...lease(vm1, path),
				...lease(vm2, ["vnet1", "br0", "ens3"]),
				...echoes(ip1, ip2, 3, between),
				...echoes(ip2, ip1, 2, between),
				...echoes(ip1, ip2, 0, ["ens3"]),
				...echoes(ip1, kvmHost.ip, 1, ["vnet0", "br0"]),
				...echoes(ip2, kvmHost.ip, 1, ["vnet1", "br0"]),
			],
		};
	},
};

const arpAndAnnounce: Scenario = {
	...usual,
	name: "arp-and-announce",
	what: "vm1 probes for its address, announces it by request and by reply, pings the gateway four times and asks for an address nobody has.",
	routerDhcp: "none",
	play: async (lab) => {
		const ip = "192.168.100.60";
		const nobody = "192.168.100.77";
		await arping(lab, "vm1", "eth0", ["-D", "-w", "2", ip]);
		await setAddress(lab, "vm1", ip);
		await arping(lab, "vm1", "eth0", ["-U", "-c", "2", ip]);
		await arping(lab, "vm1", "eth0", ["-A", "-c", "1", ip]);
		await ping(lab, "vm1", router.ip, { count: 4 });
		await tryPing(lab, "vm1", nobody, { count: 1 });
		const at = everyPort(path, "some");
		return {
			ips: { vm1: ip },
			fault: null,
			expected: [
				{ line: `arp request 0.0.0.0 > ${ip}`, at },
				{ line: `arp request ${ip} > ${ip}`, at },
				{ line: `arp reply ${ip} > ${ip}`, at },
				{ line: `arp request ${ip} > ${nobody}`, at },
				{ line: `arp reply ${nobody} > ${ip}`, at: everyPort(path, 0) },
				...echoes(ip, router.ip, 4, path),
			],
		};
	},
};

const twoDhcpClients: Scenario = {
	...usual,
	name: "two-dhcp-clients",
	what: "vm1 and vm2 get leases at the same time, then ping the internet at the same time, four and five times.",
	play: async (lab) => {
		const [ip1, ip2] = await Promise.all([
			takeLease(lab, "vm1"),
			takeLease(lab, "vm2"),
		]);
		await Promise.all([
			ping(lab, "vm1", internet.ip, { count: 4 }),
			ping(lab, "vm2", internet.ip, { count: 5 }),
		]);
		return {
			ips: { vm1: ip1, vm2: ip2 },
			fault: null,
			expected: [
				...lease(vm1, path),
				...lease(vm2, ["vnet1", "br0", "ens3"]),
				...echoes(ip1, internet.ip, 4, path),
				...echoes(ip2, internet.ip, 5, ["vnet1", "br0", "ens3"]),
			],
		};
	},
};

/** Scenarios on the bridge in which every frame reaches where it is going. */
export const healthyScenarios: readonly Scenario[] = [
	healthyBridged,
	slowServer,
	vmToVm,
	arpAndAnnounce,
	twoDhcpClients,
];
