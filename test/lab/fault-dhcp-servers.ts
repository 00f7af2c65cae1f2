import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { askInVain, startClient } from "./clients.js";
import { run } from "./command.js";
import { dhcp, echoes, everyPort } from "./expectation.js";
import {
	bridgedPath,
	type FaultPlayed,
	type FaultScenario,
	fixedIp,
	type Stage,
	usualFault,
} from "./fault-scenario.js";
import { pingAsNeighbour } from "./fault-traffic.js";
import { inNamespace } from "./namespaces.js";
import { router, vms } from "./plan.js";
import { startRouterDhcp } from "./services.js";

const { vm1 } = vms;

const serverSilent: FaultScenario = {
	...usualFault,
	name: "dhcp-server-silent",
	what: "No DHCP server on the LAN: DISCOVERs of vm1 leave by ens3 and nothing comes back; its pings go well.",
	cause: "dhcp-server-silent",
	routerDhcp: "none",
	quietSeconds: 5,
	play: playSilence,
};

const withDecoys: FaultScenario = {
	...serverSilent,
	name: "dhcp-server-silent-decoy",
	what: "As dhcp-server-silent, on a host with Docker's rules, which bridged frames do not pass, and an ebtables rule for another VM: both are innocent.",
	prepare: async ({ namespaces: { kvmhost } }) => {
		const commands = [
			["iptables", "-P", "FORWARD", "DROP"],
			["ebtables", "-A", "FORWARD", "-i", "vnet1", "-j", "DROP"],
		] as const;
		for (const command of commands) {
			await run(inNamespace(kvmhost, command));
		}
	},
};

async function playSilence(stage: Stage): Promise<FaultPlayed> {
	const { lab } = stage;
	await stage.breakIt(async () => undefined, null);
	await pingAsNeighbour(lab, 2);
	await askInVain(lab, "vm1");
	await pingAsNeighbour(lab, 1);
	await stage.prove("iptables", "-v", "-S", "FORWARD");
	await stage.prove("sysctl", "net.bridge.bridge-nf-call-iptables");
	return {
		effect: {
			outcome: "unanswered",
			protocol: "dhcp",
			message: "discover",
			lastSeen: "ens3",
			firstMissing: null,
		},
		ips: [fixedIp],
		before: [],
		since: [
			dhcp("discover", vm1, everyPort(bridgedPath, 3)),
			dhcp("offer", vm1, everyPort(bridgedPath, 0)),
			...echoes(fixedIp, router.ip, 3, bridgedPath),
		],
		fix: null,
	};
}

/** On a NAK the client ends, where it would start over. */
const endOnNak = `#!/bin/sh
case $1 in
nak) ip -4 address flush dev "$interface" && kill -KILL $PPID ;;
esac
`;

const nak: FaultScenario = {
	...usualFault,
	name: "dhcp-nak",
	what: "The server has moved to another range and refuses to renew the lease of vm1 (NAK), which gives up.",
	cause: "dhcp-nak",
	routerDhcp: "none",
	play: async (stage) => {
		const { lab } = stage;
		const server = await startRouterDhcp(lab, "offers-at-once");
		const client = await startClient(lab, "vm1");
		const [, ip = ""] = await client.saying(/configured ([\d.]+)/);
		await stage.breakIt(async () => {
			await server.stop("SIGTERM");
			await startRouterDhcp(lab, "offers-at-once", router.otherLeases);
		}, null);
		await writeFile(join(lab.directory, "vm1.udhcpc"), endOnNak);
		client.signal("SIGUSR1");
		await client.saying(/received DHCP NAK/i);
		await client.stop("SIGTERM");
		return {
			effect: {
				outcome: "refused",
				protocol: "dhcp",
				message: "nak",
				lastSeen: "vnet0",
				firstMissing: null,
			},
			ips: [ip],
			before: ["discover", "offer", "request", "ack"].map((message) =>
				dhcp(message, vm1, everyPort(bridgedPath, 1)),
			),
			since: [
				dhcp("discover", vm1, everyPort(bridgedPath, 0)),
				dhcp("request", vm1, everyPort(bridgedPath, 1)),
				dhcp("nak", vm1, everyPort(bridgedPath, 1)),
			],
			fix: null,
		};
	},
};

/** Faults of the LAN's one DHCP server. */
export const dhcpServerFaults: readonly FaultScenario[] = [
	serverSilent,
	withDecoys,
	nak,
];
