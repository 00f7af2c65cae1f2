import { askInVain, pingInVain, setAddress, takeLease } from "./clients.js";
import type { Command } from "./command.js";
import { arp, dhcp, echoes, everyPort, icmp } from "./expectation.js";
import type { HostSays } from "./fault-log.js";
import {
	bridgedPath,
	type FaultScenario,
	fixedIp,
	type Stage,
	usualFault,
} from "./fault-scenario.js";
import { beWell, pingAsNeighbour, wellBefore } from "./fault-traffic.js";
import { setSysctls } from "./namespaces.js";
import { router, vms } from "./plan.js";

const { vm1 } = vms;
/** The sysctl that sends bridged frames through iptables. */
export const bridgeNetfilter = "net.bridge.bridge-nf-call-iptables";
const established = ["-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED"];

/** The rules of Docker, as far as they matter: what it does not know is dropped. */
export const dockerRules: readonly Command[] = [
	["iptables", "-N", "DOCKER-USER"],
	["iptables", "-A", "DOCKER-USER", "-j", "RETURN"],
	["iptables", "-A", "FORWARD", "-j", "DOCKER-USER"],
	[
		"iptables",
		"-A",
		"FORWARD",
		"-o",
		"docker0",
		...established,
		"-j",
		"ACCEPT",
	],
	["iptables", "-P", "FORWARD", "DROP"],
];

/** Lets out what the host's ports send to the LAN, and in only what answers it. */
const outgoingOnly: readonly Command[] = [
	["iptables", "-A", "FORWARD", ...established, "-j", "ACCEPT"],
	[
		...(["iptables", "-A", "FORWARD", "-m", "physdev"] as const),
		...["--physdev-is-bridged", "--physdev-out", "ens3", "-j", "ACCEPT"],
	],
	["iptables", "-P", "FORWARD", "DROP"],
];

const forwardDrop: FaultScenario = {
	...usualFault,
	name: "bridge-netfilter-forward-drop",
	what: "Docker's rules drop what is forwarded while bridged frames pass iptables: DISCOVERs and pings of vm1 end at br0, its ARP passes.",
	cause: "bridge-netfilter-forward-drop",
	play: async (stage) => {
		const { lab } = stage;
		const before = await beWell(lab, "vm1");
		await stage.breakIt(
			() => passThrough(stage, dockerRules),
			isDroppingBridged,
		);
		await askInVain(lab, "vm1");
		await setAddress(lab, "vm1", fixedIp);
		await pingInVain(lab, "vm1", router.ip, { count: 3 });
		await stage.prove("sysctl", bridgeNetfilter);
		await stage.prove("iptables", "-v", "-S", "FORWARD");
		const lost = { vnet0: 3, br0: 3, ens3: 0 };
		return {
			effect: {
				outcome: "lost",
				protocol: "dhcp",
				message: "discover",
				lastSeen: "br0",
				firstMissing: "ens3",
			},
			ips: [before, fixedIp],
			before: wellBefore(before),
			since: [
				dhcp("discover", vm1, lost),
				arp("request", fixedIp, router.ip, everyPort(bridgedPath, "some")),
				arp("reply", router.ip, fixedIp, everyPort(bridgedPath, "some")),
				icmp("echo-request", fixedIp, router.ip, lost),
			],
			fix: {
				commands: [["sysctl", "-w", `${bridgeNetfilter}=0`]],
				check: () => takeLease(lab, "vm1"),
			},
		};
	},
};

const halfOpen: FaultScenario = {
	...usualFault,
	name: "bridge-netfilter-half-open",
	what: "Bridged frames pass iptables, which lets out what goes to the LAN and in only what answers it: OFFERs end at br0, vm1's pings go well.",
	cause: "bridge-netfilter-half-open",
	play: async (stage) => {
		const { lab } = stage;
		const before = await beWell(lab, "vm1");
		await stage.breakIt(
			() => passThrough(stage, outgoingOnly),
			isDroppingBridged,
		);
		await askInVain(lab, "vm1");
		await pingAsNeighbour(lab, 3);
		await stage.prove("sysctl", bridgeNetfilter);
		await stage.prove("iptables", "-v", "-S", "FORWARD");
		return {
			effect: {
				outcome: "lost",
				protocol: "dhcp",
				message: "offer",
				lastSeen: "br0",
				firstMissing: "vnet0",
			},
			ips: [before, fixedIp],
			before: wellBefore(before),
			since: [
				dhcp("discover", vm1, everyPort(bridgedPath, 3)),
				dhcp("offer", vm1, { ens3: 3, br0: 3, vnet0: 0 }),
				...echoes(fixedIp, router.ip, 3, bridgedPath),
			],
			fix: {
				commands: [
					[
						...(["iptables", "-I", "FORWARD", "-p", "udp"] as const),
						...["--sport", "67", "--dport", "68", "-j", "ACCEPT"],
					],
				],
				check: () => takeLease(lab, "vm1"),
			},
		};
	},
};

async function passThrough(
	stage: Stage,
	rules: readonly Command[],
): Promise<void> {
	for (const rule of rules) {
		await stage.host(...rule);
	}
	await setSysctls(stage.lab.namespaces.kvmhost, { [bridgeNetfilter]: 1 });
}

/** Whether the host says that it drops bridged frames. */
export function isDroppingBridged(host: HostSays): boolean {
	const sysctls = host.text("host-sysctls");
	return (
		host.text("host-firewall").includes(":FORWARD DROP ") &&
		sysctls.includes('"net/bridge/bridge-nf-call-iptables":"1"')
	);
}

/** Faults by which rules for routed packets drop bridged ones. */
export const netfilterFaults: readonly FaultScenario[] = [
	forwardDrop,
	halfOpen,
];
