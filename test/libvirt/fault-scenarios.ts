import type { Ipv4 } from "../../src/model/address.js";
import { tryRun } from "../lab/command.js";
import { arp, dhcp, echoes, everyPort, icmp } from "../lab/expectation.js";
import {
	bridgeNetfilter,
	dockerRules,
	isDroppingBridged,
} from "../lab/fault-netfilter.js";
import {
	bridgedPath,
	type Effect,
	fixedIp,
	natPath,
} from "../lab/fault-scenario.js";
import { inNamespace, runIp } from "../lab/namespaces.js";
import { internet, router } from "../lab/plan.js";
import {
	askInVain,
	beWell,
	type GuestFault,
	pingInVain,
	setAddress,
	vm1,
	vm3,
	wellBefore,
} from "./fault-guest.js";
import type { LibvirtHost } from "./libvirt-host.js";

const discoverLost = {
	outcome: "lost",
	protocol: "dhcp",
	message: "discover",
	firstMissing: "ens3",
} as const satisfies Partial<Effect>;

const tapNotInBridge: GuestFault = {
	name: "libvirt-tap-not-in-bridge",
	what: "VM1's tap leaves br0, where libvirt says it is: all that VM1 sends is seen at vnet0 and nowhere else.",
	cause: "tap-not-in-bridge",
	vm: "VM1",
	play: async ({ guest, host, breakIt, prove }) => {
		const before = await beWell(guest);
		await breakIt(
			() => host("ip", "link", "set", "vnet0", "nomaster"),
			({ link }) => link("vnet0").ifname === "vnet0" && !link("vnet0").master,
		);
		await askInVain(guest);
		await setAddress(guest, fixedIp);
		await pingInVain(guest, router.ip);
		await prove("virsh", "domiflist", "VM1");
		await prove("bridge", "link", "show");
		return {
			effect: { ...discoverLost, lastSeen: "vnet0" },
			ips: [before, fixedIp],
			before: wellBefore(before),
			since: [
				dhcp("discover", vm1, { vnet0: 3, br0: 0, ens3: 0 }),
				arp("request", fixedIp, router.ip, { vnet0: "some", br0: 0, ens3: 0 }),
			],
			fix: {
				commands: [["ip", "link", "set", "vnet0", "master", "br0"]],
				check: () => guest.lease(),
			},
		};
	},
};

const forwardDrop: GuestFault = {
	name: "libvirt-bridge-netfilter-forward-drop",
	what: "Docker's rules, beside libvirt's, drop what is forwarded while bridged frames pass iptables: DISCOVERs and pings of VM1 end at br0, its ARP passes.",
	cause: "bridge-netfilter-forward-drop",
	vm: "VM1",
	play: async ({ guest, host, breakIt, prove }) => {
		const before = await beWell(guest);
		await breakIt(async () => {
			for (const rule of dockerRules) {
				await host(...rule);
			}
			await host("sysctl", "-w", `${bridgeNetfilter}=1`);
		}, isDroppingBridged);
		await askInVain(guest);
		await setAddress(guest, fixedIp);
		await pingInVain(guest, router.ip);
		await prove("sysctl", bridgeNetfilter);
		await prove("iptables", "-v", "-S", "FORWARD");
		const lost = { vnet0: 3, br0: 3, ens3: 0 };
		return {
			effect: { ...discoverLost, lastSeen: "br0" },
			ips: [before, fixedIp],
			before: wellBefore(before),
			since: [
				dhcp("discover", vm1, lost),
				arp("reply", router.ip, fixedIp, everyPort(bridgedPath, "some")),
				icmp("echo-request", fixedIp, router.ip, lost),
			],
			fix: {
				commands: [["sysctl", "-w", `${bridgeNetfilter}=0`]],
				check: () => guest.lease(),
			},
		};
	},
};

/** What the router asks for VM1 and nobody answers. */
const nobodyAnswers: Effect = {
	outcome: "unanswered",
	protocol: "arp",
	message: "request",
	lastSeen: "vnet0",
	firstMissing: null,
};

function unanswered(ip: Ipv4) {
	return [
		arp("request", router.ip, ip, everyPort(bridgedPath, 3)),
		arp("reply", ip, router.ip, everyPort(bridgedPath, 0)),
	];
}

const notReading: GuestFault = {
	name: "libvirt-guest-not-reading",
	what: "VM1 is paused: who-has of the router are handed to vnet0 and nobody takes them.",
	cause: "guest-not-reading",
	vm: "VM1",
	play: async ({ libvirt, guest, breakIt, prove }) => {
		const ip = await beWell(guest);
		await breakIt(
			() => guest.pause(),
			({ text }) => text("host-domains").includes('"state":"paused"'),
		);
		await askForGuest(libvirt, ip);
		await prove("virsh", "domstate", "VM1");
		await prove("ip", "-s", "link", "show", "vnet0");
		return {
			effect: nobodyAnswers,
			ips: [ip],
			before: wellBefore(ip),
			since: unanswered(ip),
			fix: {
				commands: [["virsh", "resume", "VM1"]],
				check: () => guest.lease(),
			},
		};
	},
};

const silent: GuestFault = {
	name: "libvirt-guest-silent",
	what: "VM1 runs and has its card down: who-has of the router reach vnet0, and no frame of VM1 is ever seen again.",
	cause: "guest-silent",
	vm: "VM1",
	play: async ({ libvirt, guest, breakIt, prove }) => {
		const ip = await beWell(guest);
		await breakIt(() => guest.run("ip link set eth0 down"), null);
		await askForGuest(libvirt, ip);
		await prove("virsh", "domstate", "VM1");
		await prove("virsh", "domif-getlink", "VM1", "vnet0");
		await prove("virsh", "domifstat", "VM1", "vnet0");
		await guest.run("ip link set eth0 up");
		return {
			effect: nobodyAnswers,
			ips: [ip],
			before: wellBefore(ip),
			since: unanswered(ip),
			fix: null,
		};
	},
};

/** Lets the router look for a guest that it has forgotten. */
async function askForGuest(
	{ namespaces }: LibvirtHost,
	ip: Ipv4,
): Promise<void> {
	await runIp(namespaces.router, [`neighbour flush dev ${router.lan}`]);
	const ping = ["busybox", "ping", "-c", "1", "-W", "4", ip] as const;
	const { exitCode } = await tryRun(inNamespace(namespaces.router, ping));
	if (exitCode === 0) {
		throw new Error(`${ip} answers in spite of the fault`);
	}
}

const fixedNatIp = "192.168.122.61";

const serverDown: GuestFault = {
	name: "libvirt-dhcp-server-down",
	what: "The DHCP server of libvirt's network has ended, the network is active: DISCOVERs of VM3 reach virbr0 and nothing comes back; its pings go well.",
	cause: "dhcp-server-down",
	vm: "VM3",
	play: async ({ guest, host, breakIt, prove }) => {
		const before = await beWell(guest);
		await breakIt(
			async () => {
				const pid = await host("cat", "/run/libvirt/network/default.pid");
				await host("kill", pid.trim());
			},
			({ text }) => !text("host-services").includes("virbr0"),
		);
		await askInVain(guest);
		await setAddress(guest, fixedNatIp);
		await guest.ping(internet.ip, 3);
		await prove("virsh", "net-list", "--all");
		await prove("ss", "-H", "-l", "-u", "-n", "sport = :67");
		return {
			effect: {
				outcome: "unanswered",
				protocol: "dhcp",
				message: "discover",
				lastSeen: "virbr0",
				firstMissing: null,
			},
			ips: [before, fixedNatIp],
			before: [dhcp("ack", vm3, everyPort(natPath, 1))],
			since: [
				dhcp("discover", vm3, { vnet2: 3, virbr0: 3, ens3: 0 }),
				dhcp("offer", vm3, everyPort(natPath, 0)),
				...echoes(fixedNatIp, internet.ip, 3, natPath),
			],
			fix: {
				commands: [
					["virsh", "net-destroy", "default"],
					["virsh", "net-start", "default"],
					["ip", "link", "set", "vnet2", "master", "virbr0"],
				],
				check: () => guest.lease(),
			},
		};
	},
};

/** Faults that are made on the libvirt host as well, each mended before the next. */
export const guestFaults: readonly GuestFault[] = [
	tapNotInBridge,
	silent,
	notReading,
	forwardDrop,
	serverDown,
];
