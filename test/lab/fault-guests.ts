import { askInVain, ping, pingInVain, setAddress } from "./clients.js";
import { arp, dhcp, echoes, everyPort } from "./expectation.js";
import {
	bridgedPath,
	type FaultScenario,
	fixedIp,
	usualFault,
} from "./fault-scenario.js";
import { holderOf, replaceByTap } from "./fault-tap.js";
import { beWell, wellBefore } from "./fault-traffic.js";
import type { Lab } from "./lab.js";
import { loadRules, runIp } from "./namespaces.js";
import { router, vms } from "./plan.js";

const { vm1 } = vms;

const silent: FaultScenario = {
	...usualFault,
	name: "guest-silent",
	what: "vm1 falls silent: the router's who-has for it reach vnet0, and no frame of it is ever seen again.",
	cause: "guest-silent",
	routerDhcp: "none",
	quietSeconds: 5,
	play: async (stage) => {
		const { lab } = stage;
		await setAddress(lab, "vm1", fixedIp);
		await ping(lab, "router", fixedIp, { count: 2 });
		await stage.breakIt(async () => {
			// With the link of the guest down, a veth would lose the carrier of vnet0 too.
			await runIp(lab.namespaces.vm1, ["link set eth0 arp off"]);
			await forgetVm(lab);
		}, null);
		await pingInVain(lab, "router", fixedIp, { count: 1, waitSeconds: 4 });
		await stage.prove("ip", "link", "show", "vnet0");
		return {
			effect: {
				outcome: "unanswered",
				protocol: "arp",
				message: "request",
				lastSeen: "vnet0",
				firstMissing: null,
			},
			ips: [fixedIp],
			before: echoes(router.ip, fixedIp, 2, bridgedPath),
			since: [
				arp("request", router.ip, fixedIp, everyPort(bridgedPath, 3)),
				arp("reply", fixedIp, router.ip, everyPort(bridgedPath, 0)),
			],
			fix: null,
		};
	},
};

const ignoresOffer: FaultScenario = {
	...usualFault,
	name: "guest-ignores-offer",
	what: "A firewall in vm1 drops what comes for its DHCP client: each OFFER reaches vnet0, and vm1 asks again.",
	cause: "guest-ignores-offer",
	play: async (stage) => {
		const { lab } = stage;
		const before = await beWell(lab, "vm1");
		await stage.breakIt(
			() =>
				loadRules(lab.namespaces.vm1, [
					"table netdev guest {",
					"chain input {",
					'type filter hook ingress device "eth0" priority 0;',
					"udp dport 68 counter drop",
					"}",
					"}",
				]),
			null,
		);
		await askInVain(lab, "vm1");
		await setAddress(lab, "vm1", fixedIp);
		await ping(lab, "vm1", router.ip, { count: 3 });
		return {
			effect: {
				outcome: "degraded",
				protocol: "dhcp",
				message: "offer",
				lastSeen: "vnet0",
				firstMissing: null,
			},
			ips: [before, fixedIp],
			before: wellBefore(before),
			since: [
				dhcp("discover", vm1, everyPort(bridgedPath, 3)),
				dhcp("offer", vm1, everyPort(bridgedPath, 3)),
				dhcp("request", vm1, everyPort(bridgedPath, 0)),
				...echoes(fixedIp, router.ip, 3, bridgedPath),
			],
			fix: null,
		};
	},
};

const notReading: FaultScenario = {
	...usualFault,
	name: "guest-not-reading",
	what: "What holds vm1's tap open is stopped, as QEMU of a hung guest: who-has and pings of the router are handed to vnet0 and nobody takes them.",
	cause: "guest-not-reading",
	routerDhcp: "none",
	quietSeconds: 5,
	prepare: replaceByTap,
	play: async (stage) => {
		const { lab } = stage;
		const holder = holderOf(lab);
		await setAddress(lab, "vm1", fixedIp);
		await ping(lab, "router", fixedIp, { count: 2 });
		await stage.breakIt(async () => {
			process.kill(holder, "SIGSTOP");
			await forgetVm(lab);
		}, null);
		await pingInVain(lab, "router", fixedIp, { count: 1, waitSeconds: 4 });
		await pingInVain(lab, "router", fixedIp, { count: 1, waitSeconds: 4 });
		await stage.prove("ip", "-s", "link", "show", "vnet0");
		return {
			effect: {
				outcome: "unanswered",
				protocol: "arp",
				message: "request",
				lastSeen: "vnet0",
				firstMissing: null,
			},
			ips: [fixedIp],
			before: echoes(router.ip, fixedIp, 2, bridgedPath),
			since: [
				arp("request", router.ip, fixedIp, everyPort(bridgedPath, "repeated")),
				arp("reply", fixedIp, router.ip, everyPort(bridgedPath, 0)),
			],
			fix: {
				commands: [["kill", "-CONT", `${holder}`]],
				check: () => ping(lab, "router", fixedIp, { count: 1 }),
			},
		};
	},
};

/** The router has to ask anew who has the address of vm1. */
export async function forgetVm(lab: Lab): Promise<void> {
	await runIp(lab.namespaces.router, [`neighbour flush dev ${router.lan}`]);
}

/** Faults of the guest itself. */
export const guestFaults: readonly FaultScenario[] = [
	silent,
	ignoresOffer,
	notReading,
];
