import { askInVain, ping, pingInVain, takeLease } from "./clients.js";
import type { Command } from "./command.js";
import {
	dhcp,
	type Expectation,
	echoes,
	everyPort,
	icmp,
	lease,
} from "./expectation.js";
import type { HostSays } from "./fault-log.js";
import {
	type Effect,
	type FaultScenario,
	natPath,
	type Stage,
	usualNatFault,
} from "./fault-scenario.js";
import { beWell, setNatAddress, wellNatBefore } from "./fault-traffic.js";
import { loadRules, setSysctls } from "./namespaces.js";
import { internet, kvmHost, natNetwork, vms } from "./plan.js";

const { vm3 } = vms;
const outside = ["br0", "ens3"];

/** What the ways in which NAT can break differ in. */
interface Variant {
	readonly cause: string;
	readonly what: string;
	readonly make: (stage: Stage) => Promise<unknown>;
	readonly isTold: (host: HostSays) => boolean;
	readonly proof: Command;
	readonly effect: Effect;
	/** Where the three pings of the internet are seen beyond virbr0, given vm3's address. */
	readonly beyond: (ip: string) => readonly Expectation[];
	readonly fix: Command;
}

const endsAtVirbr0: Effect = {
	outcome: "lost",
	protocol: "icmp",
	message: "echo-request",
	lastSeen: "virbr0",
	firstMissing: "ens3",
};

const nothingBeyond = (ip: string) =>
	[ip, kvmHost.ip].map((source) =>
		icmp("echo-request", source, internet.ip, everyPort(outside, 0)),
	);

const forwardDrop: Variant = {
	cause: "nat-forward-drop",
	what: "Rules of another firewall drop what virbr0 forwards: vm3 gets its lease and pings virbr0, its pings of the internet end there.",
	make: ({ lab }) =>
		loadRules(lab.namespaces.kvmhost, [
			"table ip firewall {",
			"chain forward {",
			"type filter hook forward priority filter; policy accept;",
			'iifname "virbr0" counter drop',
			"}",
			"}",
		]),
	isTold: (host) => /"table":"firewall"/.test(host.text("host-firewall")),
	proof: ["nft", "-a", "list", "table", "ip", "firewall"],
	effect: endsAtVirbr0,
	beyond: nothingBeyond,
	fix: ["nft", "delete", "table", "ip", "firewall"],
};

const masqueradeMissing: Variant = {
	cause: "nat-masquerade-missing",
	what: "The masquerade rule is flushed: vm3's pings leave by ens3 with its private address, and no answer finds back.",
	make: ({ host }) => host("nft", "flush", "chain", "ip", "nat", "postrouting"),
	isTold: (host) => !/"masquerade"/.test(host.text("host-firewall")),
	proof: ["nft", "-a", "list", "ruleset"],
	effect: {
		outcome: "unanswered",
		protocol: "icmp",
		message: "echo-request",
		lastSeen: "ens3",
		firstMissing: null,
	},
	beyond: (ip) => [
		icmp("echo-request", ip, internet.ip, everyPort(outside, 3)),
		icmp("echo-request", kvmHost.ip, internet.ip, everyPort(outside, 0)),
	],
	fix: [
		...(["nft", "add", "rule", "ip", "nat", "postrouting"] as const),
		...["ip", "saddr", natNetwork.subnet, "oifname", "br0", "masquerade"],
	],
};

const forwardOff: Variant = {
	cause: "ip-forward-off",
	what: "The host stops to forward (net.ipv4.ip_forward = 0): vm3 gets its lease and pings virbr0, its pings of the internet end there.",
	make: ({ lab }) =>
		setSysctls(lab.namespaces.kvmhost, { "net.ipv4.ip_forward": 0 }),
	isTold: (host) =>
		host.text("host-sysctls").includes('"net/ipv4/ip_forward":"0"'),
	proof: ["sysctl", "net.ipv4.ip_forward"],
	effect: endsAtVirbr0,
	beyond: nothingBeyond,
	fix: ["sysctl", "-w", "net.ipv4.ip_forward=1"],
};

function toScenario(variant: Variant): FaultScenario {
	const { cause, what, make, isTold, proof, effect } = variant;
	return {
		...usualNatFault,
		...{ name: cause, what, cause },
		play: async (stage) => {
			const { lab } = stage;
			const before = await beWell(lab, "vm3");
			await stage.breakIt(() => make(stage), isTold);
			const ip = await takeLease(lab, "vm3");
			await ping(lab, "vm3", natNetwork.ip, { count: 2 });
			await pingInVain(lab, "vm3", internet.ip, { count: 3 });
			await stage.prove(...proof);
			return {
				effect,
				ips: [before, ip],
				before: [
					...wellNatBefore(before),
					...echoes(kvmHost.ip, internet.ip, 2, outside),
				],
				since: [
					...lease(vm3, natPath),
					...echoes(ip, natNetwork.ip, 2, natPath),
					icmp("echo-request", ip, internet.ip, everyPort(natPath, 3)),
					icmp("echo-reply", internet.ip, ip, everyPort(natPath, 0)),
					...variant.beyond(ip),
				],
				fix: {
					commands: [variant.fix],
					check: () => ping(lab, "vm3", internet.ip, { count: 1 }),
				},
			};
		},
	};
}

const fixedNatIp = "192.168.122.61";

const serverDown: FaultScenario = {
	...usualNatFault,
	name: "dhcp-server-down",
	what: "The host's own DHCP server of the NAT network does not run: DISCOVERs of vm3 reach virbr0 and nothing comes back; its pings go well.",
	cause: "dhcp-server-down",
	hasNatDhcp: false,
	quietSeconds: 5,
	play: async (stage) => {
		const { lab } = stage;
		await stage.breakIt(
			async () => undefined,
			(host) => !host.text("host-services").includes("virbr0"),
		);
		await askInVain(lab, "vm3");
		await setNatAddress(lab, fixedNatIp);
		await ping(lab, "vm3", internet.ip, { count: 3 });
		await stage.prove("ss", "-H", "-l", "-u", "-n", "sport = :67");
		return {
			effect: {
				outcome: "unanswered",
				protocol: "dhcp",
				message: "discover",
				lastSeen: "virbr0",
				firstMissing: null,
			},
			ips: [fixedNatIp],
			before: [],
			since: [
				dhcp("discover", vm3, { vnet2: 3, virbr0: 3, ens3: 0 }),
				dhcp("offer", vm3, { vnet2: 0, virbr0: 0 }),
				...echoes(fixedNatIp, internet.ip, 3, natPath),
				...echoes(kvmHost.ip, internet.ip, 3, outside),
			],
			fix: null,
		};
	},
};

/** Faults of a NAT network. */
export const natFaults: readonly FaultScenario[] = [
	...[forwardDrop, masqueradeMissing, forwardOff].map(toScenario),
	serverDown,
];
