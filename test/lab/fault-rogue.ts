import { join } from "node:path";
import type { Ipv4, Mac } from "../../src/model/address.js";
import { startChild } from "./child.js";
import { ping, setAddress, takeLease } from "./clients.js";
import { run } from "./command.js";
import { dhcp, type Expectation, echoes, everyPort } from "./expectation.js";
import type { HostSays } from "./fault-log.js";
import {
	bridgedPath,
	type FaultScenario,
	otherIp,
	usualFault,
} from "./fault-scenario.js";
import { beWell, wellBefore } from "./fault-traffic.js";
import type { Lab } from "./lab.js";
import {
	addNamespace,
	deleteNamespace,
	inNamespace,
	runIp,
} from "./namespaces.js";
import { kvmHost, router, vms } from "./plan.js";

const { vm1, vm2 } = vms;
const lanHost = { ip: "192.168.100.7", mac: "02:42:c0:a8:64:07" } as const;

/** A second DHCP server, and where it is. */
interface Rogue {
	readonly name: string;
	readonly what: string;
	readonly ip: Ipv4;
	readonly mac: Mac;
	/** Where its OFFERs first appear. */
	readonly at: "ens3" | "vnet1" | "br0";
	/** Makes its machine. */
	readonly prepare: (lab: Lab) => Promise<unknown>;
	readonly namespace: (lab: Lab) => string;
	readonly card: string;
	/** The OFFERs of both servers. */
	readonly offers: Expectation["at"];
}

const onTheLan: Rogue = {
	name: "rogue-dhcp-server",
	what: "A second machine of the LAN serves DHCP: vm1 gets two OFFERs, both by ens3, from different MACs.",
	...lanHost,
	at: "ens3",
	prepare: plugIntoLan,
	namespace: lanNamespace,
	card: "eth0",
	offers: { ens3: 2, br0: 2, vnet0: 2 },
};

const onVm2: Rogue = {
	name: "rogue-dhcp-server-on-vm",
	what: "vm2 serves DHCP: vm1 gets two OFFERs, one by ens3 and one that enters at vnet1.",
	ip: otherIp,
	mac: vm2.mac,
	at: "vnet1",
	prepare: (lab) => setAddress(lab, "vm2", otherIp),
	namespace: (lab) => lab.namespaces.vm2,
	card: "eth0",
	offers: { ens3: 1, vnet1: 1, br0: 2, vnet0: 2 },
};

const onThisHost: Rogue = {
	name: "rogue-dhcp-server-on-host",
	what: "The host itself serves DHCP at br0: vm1 gets two OFFERs, one by ens3 and one that br0 sends.",
	...kvmHost,
	at: "br0",
	prepare: async () => undefined,
	namespace: (lab) => lab.namespaces.kvmhost,
	card: "br0",
	offers: { ens3: 1, br0: 2, vnet0: 2 },
};

function lanNamespace(lab: Lab): string {
	return `${lab.namespaces.router}-lan`;
}

/** A machine whose card shares the router's cable. */
async function plugIntoLan(lab: Lab): Promise<void> {
	const namespace = lanNamespace(lab);
	await addNamespace(namespace);
	lab.teardown.add(() => deleteNamespace(namespace));
	await runIp(lab.namespaces.router, [
		`link add link ${router.lan} name lan1 address ${lanHost.mac} netns ${namespace} type macvlan mode bridge`,
	]);
	await runIp(namespace, [
		"link set lan1 name eth0",
		"link set eth0 up",
		`address add ${lanHost.ip}/24 dev eth0`,
	]);
	await run(inNamespace(namespace, ["ethtool", "-K", "eth0", "tx", "off"]));
}

async function serve(lab: Lab, rogue: Rogue): Promise<void> {
	const child = startChild(
		inNamespace(rogue.namespace(lab), [
			"dnsmasq",
			...["--keep-in-foreground", "--log-facility=-", "--no-ping"],
			...["--conf-file=/dev/null", "--user=root", "--pid-file=", "--port=0"],
			...["--bind-interfaces", `--interface=${rogue.card}`],
			`--dhcp-range=${rogueLeases.join(",")},1h`,
			`--dhcp-option=option:router,${router.ip}`,
			`--dhcp-leasefile=${join(lab.directory, "rogue.leases")}`,
		]),
	);
	lab.teardown.add(() => child.stop("SIGTERM"));
	await child.saying(/DHCP, IP range/);
}

const rogueLeases = ["192.168.100.200", "192.168.100.209"] as const;

function isOfRogue(ip: Ipv4): boolean {
	return ip >= rogueLeases[0] && ip <= rogueLeases[1];
}

function isServing(host: HostSays): boolean {
	return host.text("host-services").includes("%br0:67");
}

function toScenario(rogue: Rogue): FaultScenario {
	const { name, what, ip, mac, at } = rogue;
	return {
		...usualFault,
		...{ name, what, cause: "rogue-dhcp-server" },
		prepare: rogue.prepare,
		play: async (stage) => {
			const { lab } = stage;
			const before = await beWell(lab, "vm1");
			await stage.breakIt(
				() => serve(lab, rogue),
				at === "br0" ? isServing : null,
			);
			const leased = await takeLease(lab, "vm1");
			await ping(lab, "vm1", router.ip, { count: 2 });
			await stage.prove("ss", "-H", "-l", "-u", "-n", "sport = :67");
			return {
				effect: {
					outcome: "degraded",
					protocol: "dhcp",
					message: "offer",
					lastSeen: "vnet0",
					firstMissing: null,
				},
				ips: [before, leased],
				details: {
					server: router.ip,
					// Which of them is quicker is not the same each time.
					leasedBy: isOfRogue(leased) ? ip : router.ip,
					...{ rogueServer: ip, rogueMac: mac, rogueAt: at },
				},
				before: wellBefore(before),
				since: [
					dhcp("discover", vm1, everyPort(bridgedPath, 1)),
					dhcp("offer", vm1, rogue.offers),
					dhcp("ack", vm1, { vnet0: 1 }),
					...echoes(leased, router.ip, 2, bridgedPath),
				],
				fix: null,
			};
		},
	};
}

/** Second DHCP servers, by where they are. */
export const rogueFaults: readonly FaultScenario[] = [
	onTheLan,
	onVm2,
	onThisHost,
].map(toScenario);
