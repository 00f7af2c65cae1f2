import { ping, pingInVain, setAddress } from "./clients.js";
import { arp, echoes } from "./expectation.js";
import { forgetVm } from "./fault-guests.js";
import { isUp } from "./fault-ports.js";
import {
	bridgedPath,
	type FaultScenario,
	fixedIp,
	usualFault,
} from "./fault-scenario.js";
import { runIp } from "./namespaces.js";
import { router } from "./plan.js";

/** The tap itself is down: nothing that vm1 sends gets to the host, either. */
export const tapDown: FaultScenario = {
	...usualFault,
	name: "tap-down",
	what: "vnet0 is taken down: who-has of the router for vm1 reach ens3 and br0, never vnet0, and no frame of vm1 is ever seen again.",
	cause: "tap-down",
	routerDhcp: "none",
	quietSeconds: 5,
	play: async (stage) => {
		const { lab } = stage;
		await setAddress(lab, "vm1", fixedIp);
		await ping(lab, "router", fixedIp, { count: 2 });
		await stage.breakIt(
			async () => {
				await runIp(lab.namespaces.kvmhost, ["link set vnet0 down"]);
				await forgetVm(lab);
			},
			(host) => host.link("vnet0").ifname === "vnet0" && !isUp(host, "vnet0"),
		);
		await pingInVain(lab, "router", fixedIp, { count: 1, waitSeconds: 4 });
		await stage.prove("ip", "-d", "link", "show", "dev", "vnet0");
		return {
			effect: {
				outcome: "lost",
				protocol: "arp",
				message: "request",
				lastSeen: "br0",
				firstMissing: "vnet0",
			},
			ips: [fixedIp],
			before: echoes(router.ip, fixedIp, 2, bridgedPath),
			since: [
				arp("request", router.ip, fixedIp, { ens3: 3, br0: 3, vnet0: 0 }),
				arp("reply", fixedIp, router.ip, { vnet0: 0, br0: 0, ens3: 0 }),
			],
			fix: {
				commands: [["ip", "link", "set", "vnet0", "up"]],
				check: () => ping(lab, "router", fixedIp, { count: 1 }),
			},
		};
	},
};
