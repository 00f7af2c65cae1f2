import { askInVain, pingInVain, setAddress, takeLease } from "./clients.js";
import type { Command } from "./command.js";
import {
	arp,
	dhcp,
	type Expectation,
	echoes,
	everyPort,
} from "./expectation.js";
import {
	bridgedPath,
	type Effect,
	type FaultScenario,
	fixedIp,
	type Stage,
	usualFault,
} from "./fault-scenario.js";
import { beWell, pingAsNeighbour, wellBefore } from "./fault-traffic.js";
import type { Lab } from "./lab.js";
import { loadRules } from "./namespaces.js";
import { router, vms } from "./plan.js";

const { vm1 } = vms;

/** What three ways of dropping at the bridge differ in. */
interface Variant {
	readonly name: string;
	readonly what: string;
	readonly make: (stage: Stage) => Promise<unknown>;
	/** What the recording has in its firewall document then. */
	readonly told: RegExp;
	readonly suffer: (lab: Lab) => Promise<unknown>;
	readonly proof: Command;
	readonly effect: Pick<Effect, "message" | "lastSeen" | "firstMissing">;
	readonly since: readonly Expectation[];
	readonly fix: Command;
}

const nftForward: Variant = {
	name: "bridge-filter-drop",
	what: "An nft rule of the bridge drops OFFERs on their way to vnet0: they are seen at ens3 and br0; pings go well.",
	make: ({ lab }) =>
		loadRules(lab.namespaces.kvmhost, [
			"table bridge filter {",
			"chain forward {",
			"type filter hook forward priority 0;",
			'oifname "vnet0" udp sport 67 udp dport 68 counter drop',
			"}",
			"}",
		]),
	told: /"family":"bridge","table":"filter","chain":"forward"/,
	suffer: async (lab) => {
		await askInVain(lab, "vm1");
		await pingAsNeighbour(lab, 3);
	},
	proof: ["nft", "-a", "list", "table", "bridge", "filter"],
	effect: { message: "offer", lastSeen: "br0", firstMissing: "vnet0" },
	since: [
		dhcp("discover", vm1, everyPort(bridgedPath, 3)),
		dhcp("offer", vm1, { ens3: 3, br0: 3, vnet0: 0 }),
		...echoes(fixedIp, router.ip, 3, bridgedPath),
	],
	fix: ["nft", "delete", "table", "bridge", "filter"],
};

const otherMac = "52:54:00:cd:76:3b";

const nftPrerouting: Variant = {
	name: "bridge-filter-drop-prerouting",
	what: "An nft rule of the bridge lets only one MAC in by vnet0, with a typing error in it: all that vm1 sends is seen at vnet0 and nowhere else.",
	make: ({ lab }) =>
		loadRules(lab.namespaces.kvmhost, [
			"table bridge antispoof {",
			"chain prerouting {",
			"type filter hook prerouting priority -300;",
			`iifname "vnet0" ether saddr != ${otherMac} counter drop`,
			"}",
			"}",
		]),
	told: /"family":"bridge","table":"antispoof","chain":"prerouting"/,
	suffer: sufferAll,
	proof: ["nft", "-a", "list", "table", "bridge", "antispoof"],
	effect: { message: "discover", lastSeen: "vnet0", firstMissing: "ens3" },
	since: [
		dhcp("discover", vm1, { vnet0: 3, br0: 0, ens3: 0 }),
		arp("request", fixedIp, router.ip, { vnet0: "some", br0: 0, ens3: 0 }),
	],
	fix: ["nft", "delete", "table", "bridge", "antispoof"],
};

const ebtables: Variant = {
	name: "bridge-filter-drop-ebtables",
	what: "An ebtables rule drops what vnet0 forwards to ens3: DISCOVERs and ARP of vm1 are seen at vnet0 and br0, never at ens3.",
	make: ({ host }) =>
		host(
			...(["ebtables", "-A", "FORWARD", "-i", "vnet0"] as const),
			...["-o", "ens3", "-j", "DROP"],
		),
	told: /-A FORWARD -i vnet0 -o ens3 -j DROP/,
	suffer: sufferAll,
	proof: ["ebtables", "-L", "FORWARD", "--Lc"],
	effect: { message: "discover", lastSeen: "br0", firstMissing: "ens3" },
	since: [
		dhcp("discover", vm1, { vnet0: 3, br0: 3, ens3: 0 }),
		arp("request", fixedIp, router.ip, { vnet0: "some", br0: "some", ens3: 0 }),
	],
	fix: [
		...(["ebtables", "-D", "FORWARD", "-i", "vnet0"] as const),
		...["-o", "ens3", "-j", "DROP"],
	],
};

async function sufferAll(lab: Lab): Promise<void> {
	await askInVain(lab, "vm1");
	await setAddress(lab, "vm1", fixedIp);
	await pingInVain(lab, "vm1", router.ip, { count: 3 });
}

function toScenario(variant: Variant): FaultScenario {
	const { name, what, make, told, suffer, proof, effect } = variant;
	return {
		...usualFault,
		...{ name, what, cause: "bridge-filter-drop" },
		play: async (stage) => {
			const { lab } = stage;
			const before = await beWell(lab, "vm1");
			await stage.breakIt(
				() => make(stage),
				(host) => told.test(host.text("host-firewall")),
			);
			await suffer(lab);
			await stage.prove(...proof);
			return {
				effect: { outcome: "lost", protocol: "dhcp", ...effect },
				ips: [before, fixedIp],
				before: wellBefore(before),
				since: variant.since,
				fix: {
					commands: [variant.fix],
					check: () => takeLease(lab, "vm1"),
				},
			};
		},
	};
}

/** Faults by which a rule of the bridge itself drops frames. */
export const bridgeRuleFaults: readonly FaultScenario[] = [
	nftForward,
	nftPrerouting,
	ebtables,
].map(toScenario);
