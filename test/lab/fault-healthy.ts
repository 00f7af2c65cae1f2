import type { Ipv4 } from "../../src/model/address.js";
import type { Child } from "./child.js";
import { ping, setAddress, startClient, takeLease } from "./clients.js";
import {
	arp,
	dhcp,
	type Expectation,
	echoes,
	everyPort,
	lease,
} from "./expectation.js";
import {
	bridgedPath,
	type FaultScenario,
	fixedIp,
	natPath,
	type Stage,
	usualFault,
	usualNatFault,
} from "./fault-scenario.js";
import { beWell, wellBefore, wellNatBefore } from "./fault-traffic.js";
import type { Lab } from "./lab.js";
import { runIp, setSysctls } from "./namespaces.js";
import { internet, kvmHost, router, vms } from "./plan.js";

const { vm1, vm3 } = vms;

/** What differs from one healthy variation to the next. */
interface Variation {
	readonly name: string;
	readonly what: string;
	readonly is?: Partial<FaultScenario>;
	readonly play: (stage: Stage) => Promise<{
		readonly ips: readonly Ipv4[];
		readonly expected: readonly Expectation[];
	}>;
}

const neighSuppress: Variation = {
	name: "neigh-suppress",
	what: "vm1 asks for the gateway twice; the second who-has is answered by br0 itself (neigh_suppress on ens3) and never leaves by ens3.",
	is: { routerDhcp: "none" },
	play: async ({ lab }) => {
		const { kvmhost, vm1: guest } = lab.namespaces;
		await setAddress(lab, "vm1", fixedIp);
		await ping(lab, "vm1", router.ip, { count: 2 });
		await runIp(kvmhost, [
			`neighbour replace ${router.ip} lladdr ${router.mac} dev br0 nud permanent`,
			"link set ens3 type bridge_slave neigh_suppress on",
		]);
		await runIp(guest, ["neighbour flush dev eth0"]);
		await ping(lab, "vm1", router.ip, { count: 3 });
		// Else br0 would also answer the who-has of the host that ends the traffic.
		await runIp(kvmhost, [
			"link set ens3 type bridge_slave neigh_suppress off",
			`neighbour delete ${router.ip} dev br0`,
		]);
		return {
			ips: [fixedIp],
			expected: [
				arp("request", fixedIp, router.ip, { vnet0: 2, br0: 2, ens3: 1 }),
				arp("reply", router.ip, fixedIp, { vnet0: 2, ens3: 1 }),
				...echoes(fixedIp, router.ip, 5, bridgedPath),
			],
		};
	},
};

const natIp = "192.168.122.61";

const proxyArp: Variation = {
	name: "proxy-arp",
	what: "vm3 has a mask that is too wide and asks for the router's address on virbr0: the host answers in its place (proxy ARP) and routes the pings.",
	is: usualNatFault,
	play: async ({ lab }) => {
		const { kvmhost, vm3: guest } = lab.namespaces;
		await setSysctls(kvmhost, { "net.ipv4.conf.virbr0.proxy_arp": 1 });
		await runIp(guest, [`address add ${natIp}/16 dev eth0`]);
		await ping(lab, "vm3", router.ip, { count: 3 });
		return {
			ips: [natIp],
			expected: [
				arp("request", natIp, router.ip, { ...everyPort(natPath, 1), ens3: 0 }),
				arp("reply", router.ip, natIp, everyPort(natPath, 1)),
				...echoes(natIp, router.ip, 3, natPath),
				// The host pings it as well, at the end.
				...echoes(kvmHost.ip, router.ip, 5, ["br0", "ens3"]),
			],
		};
	},
};

const twoOffers: Variation = {
	name: "two-offers",
	what: "The router pings an address before it offers it: vm1 repeats its DISCOVER, and one server answers it with several OFFERs.",
	is: { routerDhcp: "pings-first" },
	play: async ({ lab }) => {
		const ip = await takeLease(lab, "vm1", 8);
		await ping(lab, "vm1", router.ip, { count: 2 });
		return {
			ips: [ip],
			expected: [
				dhcp("discover", vm1, everyPort(bridgedPath, "repeated")),
				dhcp("offer", vm1, everyPort(bridgedPath, "repeated")),
				dhcp("ack", vm1, everyPort(bridgedPath, "some")),
				...echoes(ip, router.ip, 2, bridgedPath),
			],
		};
	},
};

const vmToVm: Variation = {
	name: "vm-to-vm",
	what: "vm1 and vm2 have leases and ping each other: nothing of it touches ens3.",
	play: async ({ lab }) => {
		const ip1 = await takeLease(lab, "vm1");
		const ip2 = await takeLease(lab, "vm2");
		await ping(lab, "vm1", ip2, { count: 3 });
		await ping(lab, "vm2", ip1, { count: 2 });
		const between = ["vnet0", "br0", "vnet1"];
		return {
			ips: [ip1],
			expected: [
				...lease(vm1, bridgedPath),
				...echoes(ip1, ip2, 3, between),
				...echoes(ip2, ip1, 2, between),
				...echoes(ip1, ip2, 0, ["ens3"]),
			],
		};
	},
};

const natDhcp: Variation = {
	name: "nat-dhcp",
	what: "vm3 gets its lease from the host's own server, which never touches ens3, and pings the internet through masquerade.",
	is: usualNatFault,
	play: async ({ lab }) => {
		const ip = await beWell(lab, "vm3");
		return {
			ips: [ip],
			expected: [
				...wellNatBefore(ip),
				dhcp("discover", vm3, { ens3: 0 }),
				...echoes(kvmHost.ip, internet.ip, 2, ["br0", "ens3"]),
			],
		};
	},
};

const flooded: Variation = {
	name: "floods",
	what: "br0 learns nothing (ageing time 0): what goes between vm1 and the router, unicast as well, is flooded to vnet1.",
	play: async ({ lab }) => {
		await runIp(lab.namespaces.kvmhost, [
			"link set br0 type bridge ageing_time 0",
		]);
		const ip = await beWell(lab, "vm1");
		return {
			ips: [ip],
			expected: [
				...wellBefore(ip),
				dhcp("offer", vm1, { vnet1: 1 }),
				...echoes(ip, router.ip, 2, ["vnet1"]),
			],
		};
	},
};

/** A client that had its lease before the recording began, by lab. */
const clients = new WeakMap<
	Lab,
	{ readonly child: Child; readonly ip: Ipv4 }
>();

const renewal: Variation = {
	name: "renewal",
	what: "vm1 has had its lease for a while and renews it by a REQUEST of its own: there is no DISCOVER.",
	is: {
		prepare: async (lab) => {
			const child = await startClient(lab, "vm1");
			const [, ip = ""] = await child.saying(/configured ([\d.]+)/);
			clients.set(lab, { child, ip });
		},
	},
	play: async ({ lab }) => {
		const { child, ip = "" } = clients.get(lab) ?? {};
		child?.signal("SIGUSR1");
		await child?.saying(/renewed/);
		await ping(lab, "vm1", router.ip, { count: 2 });
		await child?.stop("SIGTERM");
		return {
			ips: [ip],
			expected: [
				dhcp("discover", vm1, everyPort(bridgedPath, 0)),
				dhcp("request", vm1, everyPort(bridgedPath, 1)),
				dhcp("ack", vm1, everyPort(bridgedPath, 1)),
				...echoes(ip, router.ip, 2, bridgedPath),
			],
		};
	},
};

const docker: Variation = {
	name: "docker",
	what: "Docker's rules drop what is forwarded, but bridged frames do not pass iptables: vm1's lease and pings go well.",
	play: async ({ lab, host }) => {
		await host("iptables", "-P", "FORWARD", "DROP");
		const ip = await beWell(lab, "vm1");
		return { ips: [ip], expected: wellBefore(ip) };
	},
};

function toScenario({ name, what, is, play }: Variation): FaultScenario {
	return {
		...usualFault,
		...is,
		...{ name: `healthy-${name}`, what, cause: null },
		play: async (stage) => {
			const { ips, expected } = await play(stage);
			return { effect: null, ips, before: [], since: expected, fix: null };
		},
	};
}

/** Traffic that is well and may be taken for faulty. */
export const healthyVariations: readonly FaultScenario[] = [
	neighSuppress,
	proxyArp,
	twoOffers,
	vmToVm,
	natDhcp,
	flooded,
	renewal,
	docker,
].map(toScenario);
