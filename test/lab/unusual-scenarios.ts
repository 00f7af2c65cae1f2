import { ping, setAddress, startClient, takeLease } from "./clients.js";
import {
	arp,
	dhcp,
	echoes,
	everyPort,
	fragmentedEchoes,
} from "./expectation.js";
import type { Lab } from "./lab.js";
import { runIp } from "./namespaces.js";
import { router, vms } from "./plan.js";
import { type Scenario, usual } from "./scenario.js";
import { startRouterDhcp } from "./services.js";

const { vm1 } = vms;
const path = ["vnet0", "br0", "ens3"];
const fixedIp = "192.168.100.62";

const dhcpNakAndRenew: Scenario = {
	...usual,
	name: "dhcp-nak-and-renew",
	what: "vm1 gets a lease, renews it, is refused the next renewal by a server that now has another range (NAK), starts over, gets a lease and releases it.",
	routerDhcp: "none",
	play: async (lab) => {
		const before = await startRouterDhcp(lab, "offers-at-once");
		const client = await startClient(lab, "vm1");
		const [, ip1 = ""] = await client.saying(/configured ([\d.]+)/);
		await ping(lab, "vm1", router.ip, { count: 2 });
		client.signal("SIGUSR1");
		await client.saying(/renewed/);
		await ping(lab, "vm1", router.ip, { count: 2 });

		await before.stop("SIGTERM");
		await forgetNeighbours(lab);
		const { otherLeases } = router;
		const after = await startRouterDhcp(lab, "offers-at-once", otherLeases);
		client.signal("SIGUSR1");
		const again = /configured [\s\S]*configured ([\d.]+)/;
		const [, ip2 = ""] = await client.saying(again);
		await ping(lab, "vm1", router.ip, { count: 2 });
		client.signal("SIGUSR2");
		await after.saying(/DHCPRELEASE/);
		await forgetNeighbours(lab);
		return {
			ips: { vm1: ip2 },
			fault: null,
			expected: [
				...Object.entries(messageCounts).map(([message, count]) =>
					dhcp(message, vm1, everyPort(path, count)),
				),
				...echoes(ip1, router.ip, 4, path),
				...echoes(ip2, router.ip, 2, path),
			],
		};
	},
};

/** Else the router would go on asking for addresses that vm1 has given up. */
async function forgetNeighbours({ namespaces }: Lab): Promise<void> {
	await runIp(namespaces.router, [`neighbour flush dev ${router.lan}`]);
}

/** Of `dhcpNakAndRenew`: two leases, two renewals, of which the second is refused. */
const messageCounts = {
	discover: 2,
	offer: 2,
	request: 4,
	ack: 3,
	nak: 1,
	release: 1,
} as const;

const bigPing: Scenario = {
	...usual,
	name: "big-ping",
	what: "vm1 pings the gateway and vm2 with 4000 bytes, twice each: every packet crosses the bridge in three fragments.",
	play: async (lab) => {
		const ip1 = await takeLease(lab, "vm1");
		const ip2 = await takeLease(lab, "vm2");
		await ping(lab, "vm1", router.ip, { count: 2, bytes: 4000 });
		await ping(lab, "vm1", ip2, { count: 2, bytes: 4000 });
		return {
			ips: { vm1: ip1, vm2: ip2 },
			fault: null,
			expected: [
				...fragmentedEchoes(ip1, router.ip, 2, path),
				...fragmentedEchoes(ip1, ip2, 2, ["vnet0", "br0", "vnet1"]),
				...fragmentedEchoes(ip1, ip2, 0, ["ens3"]),
			],
		};
	},
};

const proxiedArp: Scenario = {
	...usual,
	name: "proxied-arp",
	what: "vm1 asks for the gateway twice and pings it each time; the second who-has is answered by br0 itself (neigh_suppress on ens3) and never leaves by ens3.",
	routerDhcp: "none",
	play: async (lab) => {
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
		const requests = { vnet0: 2, br0: 2, ens3: 1 };
		const replies = { vnet0: 2, br0: 1, ens3: 1 };
		return {
			ips: { vm1: fixedIp },
			fault: null,
			expected: [
				arp("request", fixedIp, router.ip, requests),
				arp("reply", router.ip, fixedIp, replies),
				...echoes(fixedIp, router.ip, 5, path),
			],
		};
	},
};

/** Healthy scenarios that a tracer may easily take for faulty ones. */
export const unusualScenarios: readonly Scenario[] = [
	dhcpNakAndRenew,
	bigPing,
	proxiedArp,
];
