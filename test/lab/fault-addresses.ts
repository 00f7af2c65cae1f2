import { ping, pingInVain, setAddress, takeLease, tryPing } from "./clients.js";
import { arp, echoes, everyPort, icmp } from "./expectation.js";
import {
	bridgedPath,
	type FaultScenario,
	fixedIp,
	usualFault,
} from "./fault-scenario.js";
import { beWell, wellBefore } from "./fault-traffic.js";
import type { Lab } from "./lab.js";
import { runIp } from "./namespaces.js";
import { internet, router, vms } from "./plan.js";

const { vm1, vm2 } = vms;

const duplicateGateway: FaultScenario = {
	...usualFault,
	name: "duplicate-ip",
	what: "vm2 has the router's address as well: vm1 asks for it and gets two answers, by ens3 and from vnet1; its pings of the internet end at vm2.",
	cause: "duplicate-ip",
	play: async (stage) => {
		const { lab } = stage;
		const before = await beWell(lab, "vm1");
		await stage.breakIt(async () => {
			await runIp(lab.namespaces.vm2, [`address add ${router.ip}/24 dev eth0`]);
			await forgetNeighbours(lab, "vm1");
		}, null);
		await tryPing(lab, "vm1", internet.ip, { count: 3 });
		return {
			effect: {
				outcome: "degraded",
				protocol: "arp",
				message: "reply",
				lastSeen: "vnet0",
				firstMissing: null,
			},
			ips: [before],
			details: {
				address: router.ip,
				...{ mac: router.mac, at: "ens3", otherMac: vm2.mac, otherAt: "vnet1" },
			},
			before: wellBefore(before),
			since: [
				arp("request", before, router.ip, everyPort(bridgedPath, 1)),
				arp("reply", router.ip, before, { ens3: 1, vnet1: 1, vnet0: 2 }),
			],
			fix: null,
		};
	},
};

const duplicateVm: FaultScenario = {
	...usualFault,
	name: "duplicate-ip-of-vms",
	what: "vm2 has the address of vm1: the router asks for it and gets two answers, from vnet0 and from vnet1.",
	cause: "duplicate-ip",
	routerDhcp: "none",
	play: async (stage) => {
		const { lab } = stage;
		await setAddress(lab, "vm1", fixedIp);
		await ping(lab, "router", fixedIp, { count: 2 });
		await stage.breakIt(async () => {
			await setAddress(lab, "vm2", fixedIp);
			await forgetNeighbours(lab, "router");
		}, null);
		await tryPing(lab, "router", fixedIp, { count: 3 });
		return {
			effect: {
				outcome: "degraded",
				protocol: "arp",
				message: "reply",
				lastSeen: "ens3",
				firstMissing: null,
			},
			ips: [fixedIp],
			details: {
				address: fixedIp,
				...{ mac: vm1.mac, at: "vnet0", otherMac: vm2.mac, otherAt: "vnet1" },
			},
			before: echoes(router.ip, fixedIp, 2, bridgedPath),
			since: [
				arp("request", router.ip, fixedIp, { ens3: 1, vnet0: 1, vnet1: 1 }),
				arp("reply", fixedIp, router.ip, { vnet0: 1, vnet1: 1, ens3: 2 }),
			],
			fix: null,
		};
	},
};

const gatewaySilent: FaultScenario = {
	...usualFault,
	name: "gateway-silent",
	what: "The router stops to answer ARP: who-has of vm1, and of the host itself, leave by ens3 and nothing comes back.",
	cause: "gateway-silent",
	quietSeconds: 5,
	play: async (stage) => {
		const { lab } = stage;
		const before = await beWell(lab, "vm1");
		await stage.breakIt(
			async () => {
				await runIp(lab.namespaces.router, [`link set ${router.lan} arp off`]);
				await forgetNeighbours(lab, "vm1");
				await forgetNeighbours(lab, "kvmhost");
				const patient = { count: 1, waitSeconds: 4 };
				await pingInVain(lab, "kvmhost", router.ip, patient);
			},
			(host) => /"(FAILED|INCOMPLETE)"/.test(host.text("host-neighbours")),
		);
		await pingInVain(lab, "vm1", router.ip, { count: 3, waitSeconds: 3 });
		await stage.prove("ip", "neigh", "show", router.ip);
		return {
			effect: {
				outcome: "unanswered",
				protocol: "arp",
				message: "request",
				lastSeen: "ens3",
				firstMissing: null,
			},
			ips: [before],
			before: wellBefore(before),
			since: [
				arp("request", before, router.ip, everyPort(bridgedPath, "repeated")),
				arp("reply", router.ip, before, everyPort(bridgedPath, 0)),
			],
			fix: null,
		};
	},
};

const cards = { vm1: "eth0", kvmhost: "br0", router: router.lan } as const;

async function forgetNeighbours(
	lab: Lab,
	host: keyof typeof cards,
): Promise<void> {
	await runIp(lab.namespaces[host], [`neighbour flush dev ${cards[host]}`]);
}

const prohibited: FaultScenario = {
	...usualFault,
	name: "icmp-error",
	what: "The router prohibits the way to the internet: it answers vm1's pings with ICMP errors (destination unreachable, administratively prohibited).",
	cause: "icmp-error",
	play: async (stage) => {
		const { lab } = stage;
		const before = await beWell(lab, "vm1");
		await stage.breakIt(
			() => runIp(lab.namespaces.router, [`route add prohibit ${internet.ip}`]),
			null,
		);
		await takeLease(lab, "vm1");
		await pingInVain(lab, "vm1", internet.ip, { count: 3 });
		return {
			effect: {
				outcome: "refused",
				protocol: "icmp",
				message: "unreachable",
				lastSeen: "vnet0",
				firstMissing: null,
			},
			ips: [before],
			details: { sender: router.ip, type: "3", code: "13" },
			before: wellBefore(before),
			since: [
				icmp("echo-request", before, internet.ip, everyPort(bridgedPath, 3)),
				icmp("unreachable", router.ip, before, everyPort(bridgedPath, 3)),
			],
			fix: null,
		};
	},
};

/** Faults of addresses and of the router. */
export const addressFaults: readonly FaultScenario[] = [
	duplicateGateway,
	duplicateVm,
	gatewaySilent,
	prohibited,
];
