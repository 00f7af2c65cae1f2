import {
	askInVain,
	ping,
	pingInVain,
	setAddress,
	takeLease,
} from "./clients.js";
import { arp, dhcp, echoes, everyPort } from "./expectation.js";
import {
	bridgedPath,
	type FaultScenario,
	fixedIp,
	type Stage,
	usualFault,
} from "./fault-scenario.js";
import { beWell, wellBefore } from "./fault-traffic.js";
import { runIp } from "./namespaces.js";
import { router, vms } from "./plan.js";

const { vm1 } = vms;

const givesUp: FaultScenario = {
	...usualFault,
	name: "stp-forward-delay",
	what: "vnet0 joins br0 anew, with STP on and a forward delay of 4 s: all that vm1 sends while the port listens and learns is seen at vnet0 only, and its client gives up.",
	cause: "stp-forward-delay",
	play: async (stage) => {
		const { lab } = stage;
		const before = await beWell(lab, "vm1");
		await joinAnew(stage);
		await askInVain(lab, "vm1");
		await setAddress(lab, "vm1", fixedIp);
		await pingInVain(lab, "vm1", router.ip, { count: 1 });
		await stage.prove("bridge", "-d", "link", "show", "dev", "vnet0");
		return {
			effect: {
				outcome: "lost",
				protocol: "dhcp",
				message: "discover",
				lastSeen: "vnet0",
				firstMissing: "ens3",
			},
			ips: [before, fixedIp],
			before: wellBefore(before),
			since: [
				dhcp("discover", vm1, { vnet0: 3, br0: 0, ens3: 0 }),
				arp("request", fixedIp, router.ip, { vnet0: "some" }),
			],
			fix: {
				commands: [
					...[["ip", "link", "set", "br0", "type", "bridge", "stp_state", "0"]],
					["ip", "link", "set", "br0", "type", "bridge", "forward_delay", "0"],
				] as const,
				check: async () => {
					await runIp(lab.namespaces.kvmhost, rejoin);
					await takeLease(lab, "vm1");
				},
			},
		};
	},
};

const isPatient: FaultScenario = {
	...givesUp,
	name: "stp-forward-delay-patient-client",
	what: "As stp-forward-delay, with a client that goes on asking: it gets its lease as soon as the port forwards.",
	play: async (stage) => {
		const { lab } = stage;
		const before = await beWell(lab, "vm1");
		await joinAnew(stage);
		await stage.prove("bridge", "-d", "link", "show", "dev", "vnet0");
		const ip = await takeLease(lab, "vm1", 15);
		await ping(lab, "vm1", router.ip, { count: 2 });
		return {
			effect: {
				outcome: "degraded",
				protocol: "dhcp",
				message: "discover",
				lastSeen: "vnet0",
				firstMissing: "ens3",
			},
			ips: [before, ip],
			before: wellBefore(before),
			since: [
				dhcp("discover", vm1, { vnet0: "repeated", ens3: "some" }),
				dhcp("ack", vm1, everyPort(bridgedPath, 1)),
				...echoes(ip, router.ip, 2, bridgedPath),
			],
			fix: null,
		};
	},
};

const rejoin = ["link set vnet0 nomaster", "link set vnet0 master br0"];

async function joinAnew({ lab, breakIt }: Stage): Promise<void> {
	await breakIt(
		() =>
			runIp(lab.namespaces.kvmhost, [
				"link set br0 type bridge stp_state 1 forward_delay 400",
				...rejoin,
			]),
		(host) =>
			/"state":"(listening|learning)"/.test(JSON.stringify(host.link("vnet0"))),
	);
}

/** Faults by the spanning tree. */
export const stpFaults: readonly FaultScenario[] = [givesUp, isPatient];
