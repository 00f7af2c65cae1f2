import { askInVain, pingInVain, setAddress, takeLease } from "./clients.js";
import type { Command } from "./command.js";
import { arp, dhcp } from "./expectation.js";
import type { HostSays } from "./fault-log.js";
import {
	type FaultScenario,
	fixedIp,
	type Stage,
	usualFault,
} from "./fault-scenario.js";
import { beWell, wellBefore } from "./fault-traffic.js";
import { runIp } from "./namespaces.js";
import { router, vms } from "./plan.js";

const { vm1 } = vms;

/** What the ways in which a port of the bridge can be amiss differ in. */
interface Variant {
	readonly cause: string;
	readonly what: string;
	readonly make: (stage: Stage) => Promise<unknown>;
	readonly isTold: (host: HostSays) => boolean;
	readonly proof: Command;
	/** The only ports that see what vm1 sends. */
	readonly seenAt: "vnet0" | "vnet0 and br0";
	/** Null where it is mended elsewhere. */
	readonly fix: Command | null;
}

const uplinkNotInBridge: Variant = {
	cause: "uplink-not-in-bridge",
	what: "ens3 leaves br0, as in a network restart: DISCOVERs and ARP of vm1 are seen at vnet0 and br0, never at ens3.",
	make: ({ lab }) => runIp(lab.namespaces.kvmhost, ["link set ens3 nomaster"]),
	isTold: (host) =>
		isThere(host, "ens3") && host.link("ens3").master === undefined,
	proof: ["bridge", "link", "show"],
	seenAt: "vnet0 and br0",
	fix: ["ip", "link", "set", "ens3", "master", "br0"],
};

const uplinkNoCarrier: Variant = {
	cause: "uplink-no-carrier",
	what: "The other end of ens3's cable goes down: DISCOVERs and ARP of vm1 are seen at vnet0 and br0, never at ens3.",
	make: ({ lab }) =>
		runIp(lab.namespaces.router, [`link set ${router.lan} down`]),
	isTold: (host) =>
		host.link("ens3").operstate === "DOWN" ||
		host.link("ens3").operstate === "LOWERLAYERDOWN",
	proof: ["ip", "link", "show", "ens3"],
	seenAt: "vnet0 and br0",
	fix: null,
};

const portIsolated: Variant = {
	cause: "port-isolated",
	what: "vnet0 and ens3 are both isolated ports: DISCOVERs and ARP of vm1 are seen at vnet0 and br0, never at ens3.",
	make: async ({ host }) => {
		await host("bridge", "link", "set", "dev", "vnet0", "isolated", "on");
		await host("bridge", "link", "set", "dev", "ens3", "isolated", "on");
	},
	isTold: (host) =>
		["vnet0", "ens3"].every((port) =>
			/"isolated":true/.test(JSON.stringify(host.link(port))),
		),
	proof: ["bridge", "-d", "link", "show"],
	seenAt: "vnet0 and br0",
	fix: ["bridge", "link", "set", "dev", "ens3", "isolated", "off"],
};

const portBlocked: Variant = {
	cause: "port-blocked",
	what: "Someone closes vnet0 (bridge link set state 0), without STP: all that vm1 sends is seen at vnet0 and nowhere else.",
	make: ({ host }) =>
		host("bridge", "link", "set", "dev", "vnet0", "state", "0"),
	isTold: (host) =>
		/"state":"disabled"/.test(JSON.stringify(host.link("vnet0"))),
	proof: ["bridge", "-d", "link", "show"],
	seenAt: "vnet0",
	fix: ["bridge", "link", "set", "dev", "vnet0", "state", "3"],
};

const tapNotInBridge: Variant = {
	cause: "tap-not-in-bridge",
	what: "vnet0 leaves br0, as when a bridge is made anew: all that vm1 sends is seen at vnet0 and nowhere else.",
	make: ({ lab }) => runIp(lab.namespaces.kvmhost, ["link set vnet0 nomaster"]),
	isTold: (host) =>
		isThere(host, "vnet0") && host.link("vnet0").master === undefined,
	proof: ["bridge", "link", "show"],
	seenAt: "vnet0",
	fix: ["ip", "link", "set", "vnet0", "master", "br0"],
};

const bridgeDown: Variant = {
	cause: "bridge-down",
	what: "br0 is taken down, and all its ports are disabled with it: all that vm1 sends is seen at vnet0 and nowhere else.",
	make: ({ lab }) => runIp(lab.namespaces.kvmhost, ["link set br0 down"]),
	isTold: (host) => isThere(host, "br0") && !isUp(host, "br0"),
	proof: ["ip", "-d", "link", "show", "dev", "br0"],
	seenAt: "vnet0",
	fix: ["ip", "link", "set", "br0", "up"],
};

function isThere(host: HostSays, port: string): boolean {
	return host.link(port).ifname === port;
}

/** Whether a link has the flag UP, whatever its carrier. */
export function isUp(host: HostSays, port: string): boolean {
	const { flags } = host.link(port);
	return Array.isArray(flags) && flags.includes("UP");
}

function toScenario(variant: Variant): FaultScenario {
	const { cause, what, make, isTold, proof, seenAt, fix } = variant;
	const atBridge = seenAt === "vnet0 and br0";
	const [count, some] = atBridge ? [3, "some" as const] : [0, 0];
	return {
		...usualFault,
		...{ name: cause, what, cause },
		play: async (stage) => {
			const { lab } = stage;
			const before = await beWell(lab, "vm1");
			await stage.breakIt(() => make(stage), isTold);
			await askInVain(lab, "vm1");
			await setAddress(lab, "vm1", fixedIp);
			await pingInVain(lab, "vm1", router.ip, { count: 3 });
			await stage.prove(...proof);
			return {
				effect: {
					outcome: "lost",
					protocol: "dhcp",
					message: "discover",
					lastSeen: atBridge ? "br0" : "vnet0",
					firstMissing: "ens3",
				},
				ips: [before, fixedIp],
				before: wellBefore(before),
				since: [
					dhcp("discover", vm1, { vnet0: 3, br0: count, ens3: 0 }),
					arp("request", fixedIp, router.ip, {
						vnet0: "some",
						br0: some,
						ens3: 0,
					}),
				],
				fix: fix && {
					commands: [fix],
					check: () => takeLease(lab, "vm1"),
				},
			};
		},
	};
}

/** Faults of the bridge's ports. */
export const portFaults: readonly FaultScenario[] = [
	uplinkNotInBridge,
	uplinkNoCarrier,
	portIsolated,
	portBlocked,
	tapNotInBridge,
	bridgeDown,
].map(toScenario);
