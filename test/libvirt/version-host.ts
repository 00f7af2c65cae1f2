import { writeFile } from "node:fs/promises";
import { run } from "../lab/command.js";
import { kvmHost, natNetwork, router } from "../lab/plan.js";
import { waitFor } from "../lab/wait.js";

/**
 * Plugs a host together that has one of each: bridges without STP, with STP and with
 * VLANs; a bond and a VLAN device upon it; ports that are isolated, flood nothing, have
 * no carrier, or trunk VLANs. What lies beyond its cables is in a namespace.
 *
 * It has the machine to itself, and undoes nothing.
 */
export async function buildVersionHost(): Promise<void> {
	await run(["modprobe", "-a", "tun", "br_netfilter"]);
	await run(["ip", "netns", "add", beyond]);
	await batch("ip", links);
	await batch("ip", [
		...Object.values(cables).map((end) => `link set ${end} netns ${beyond}`),
		"link set lo up",
		`address add ${kvmHost.ip}/24 dev br0`,
		`route add default via ${router.ip}`,
		"neighbour add 192.168.100.57 lladdr 52:54:00:cd:76:3a dev br0 nud permanent",
	]);
	await run(
		["ip", "-n", beyond, "-batch", "-"],
		[
			...Object.values(cables).map((end) => `link set ${end} up`),
			`address add ${router.ip}/24 dev lan0`,
			"",
		].join("\n"),
	);
	await batch("bridge", [
		"link set dev iso0 isolated on",
		"link set dev quiet0 flood off mcast_flood off learning off hairpin on neigh_suppress on",
		"fdb add 52:54:00:00:00:99 dev iso0 master static",
		...["trunk0", "access0"].map((port) => `vlan del dev ${port} vid 1`),
		"vlan add dev trunk0 vid 2-40",
		"vlan add dev access0 vid 10 pvid untagged",
		"vlan add dev access0 vid 20",
	]);
	// The oldest `bridge` has no word for it.
	await writeFile("/sys/class/net/quiet0/brport/broadcast_flood", "0");
	await run(["ping", "-c", "1", "-W", "5", router.ip]);
	await waitForStp();
}

const beyond = "beyond";

/** The host's ends of cables, with those beyond. */
const cables = {
	ens3: "lan0",
	iso0: "iso1",
	quiet0: "quiet1",
	trunk0: "trunk1",
	access0: "access1",
};

const links = [
	`link add ens3 address ${kvmHost.mac} type veth peer name lan0 address ${router.mac}`,
	...Object.entries(cables)
		.filter(([name]) => name !== "ens3")
		.map(([name, end]) => `link add ${name} type veth peer name ${end}`),
	`link add br0 address ${kvmHost.mac} type bridge stp_state 0 forward_delay 0`,
	"link add br100 type bridge stp_state 1 forward_delay 400",
	"link add brvlan type bridge stp_state 0 vlan_filtering 1",
	"link add eno1 type dummy",
	"link add eno2 type dummy",
	"link add bond0 type bond mode active-backup primary eno1 miimon 100",
	"link set eno1 master bond0",
	"link set eno2 master bond0",
	"link add link bond0 name bond0.100 type vlan id 100",
	"tuntap add tap-idle mode tap",
	...["ens3", "iso0", "quiet0", "tap-idle"].map(
		(port) => `link set ${port} master br0`,
	),
	"link set bond0.100 master br100",
	"link set trunk0 master brvlan",
	"link set access0 master brvlan",
	...[...Object.keys(cables), "eno1", "eno2", "bond0", "bond0.100"].map(
		(port) => `link set ${port} up`,
	),
	"link set tap-idle up",
	...["br0", "br100", "brvlan"].map((bridge) => `link set ${bridge} up`),
];

async function batch(tool: "ip" | "bridge", lines: readonly string[]) {
	await run([tool, "-batch", "-"], `${lines.join("\n")}\n`);
}

/** Twice four seconds: listening, then learning. */
async function waitForStp(): Promise<void> {
	await waitFor("br100 to forward", 60_000, async () => {
		const text = await run(["bridge", "link", "show", "dev", "bond0.100"]);
		return text.includes("state forwarding") ? true : undefined;
	});
}

/** Rules in the words of all four tools, of which some meet packets. */
export async function loadVersionRules(): Promise<void> {
	await writeFile("/proc/sys/net/bridge/bridge-nf-call-iptables", "0");
	// nft of old opens /dev/stdin by its name, which no socket can be.
	await writeFile("/tmp/rules.nft", nftRules);
	await run(["nft", "-f", "/tmp/rules.nft"]);
	for (const rule of tableRules) {
		const [tool = "", ...args] = rule;
		await run([tool, ...args]);
	}
	// Broadcasts of a client that gets no answer; it ends with 1.
	await run([
		...(["ip", "netns", "exec", beyond, "sh", "-c"] as const),
		"busybox udhcpc -i iso1 -f -q -n -t 2 -T 1 -s /bin/true || true",
	]);
}

const nftRules = `
table bridge guard {
	set trusted {
		type ether_addr
		elements = { 52:54:00:cd:76:3a, 52:54:00:1f:0b:92 }
	}
	chain forward {
		type filter hook forward priority filter; policy accept;
		iifname "iso0" udp dport 67 counter drop comment "no DHCP of iso0"
		iifname "iso0" ether saddr != @trusted counter drop
		oifname "quiet0" ether type arp arp operation request counter drop
		vlan id 20 counter drop
		iifname { "trunk0", "access0" } ether type ip ip saddr 10.0.0.0/8 counter drop
	}
}
table inet edge {
	chain forward {
		type filter hook forward priority filter + 10; policy drop;
		ct state vmap { established : accept, related : accept, invalid : drop }
		iifname "virbr0" ip daddr != { 10.0.0.0/8, 172.16.0.0/12 } counter accept
		ip protocol icmp icmp type echo-request limit rate 10/second counter accept
		meta l4proto { tcp, udp } th dport 53 counter reject with icmp type admin-prohibited
	}
}
`;

const forward = ["-A", "FORWARD"] as const;
const tableRules = [
	[
		...["iptables", ...forward, "-m", "physdev", "--physdev-in", "iso0"],
		...["--physdev-is-bridged", "-p", "udp", "--dport", "67"],
		...["-m", "comment", "--comment", "no DHCP of iso0", "-j", "DROP"],
	],
	[
		...["iptables", ...forward, "-i", "br0", "!", "-o", "virbr0"],
		...["-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP"],
	],
	[
		"iptables",
		...forward,
		"-s",
		natNetwork.subnet,
		"-d",
		"10.9.0.0/16",
		"-j",
		"REJECT",
	],
	["iptables-legacy", ...forward, "-p", "udp", "--dport", "69", "-j", "DROP"],
	["ebtables", ...forward, "-i", "iso0", "-p", "ARP", "-j", "DROP"],
	[
		...["ebtables", ...forward, "-p", "IPv4", "--ip-proto", "udp"],
		...["--ip-dport", "68", "-o", "quiet0", "-j", "DROP"],
	],
] as const;
