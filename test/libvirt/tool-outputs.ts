import type { Command } from "../lab/command.js";

/** Makes a read-only virsh command that speaks English. */
function virsh(...args: readonly string[]): Command {
	return [
		...(["env", "LC_ALL=C", "virsh", "-c", "qemu:///system", "-r"] as const),
		...args,
	];
}

/** What the host says of its ports and domains, by the file it is kept in. */
export const toolOutputs: Readonly<Record<string, Command>> = {
	"ip-link.json": ["ip", "-j", "-d", "link", "show"],
	"ip-link-oneline.txt": ["ip", "-o", "link"],
	"ip-address.json": ["ip", "-j", "addr", "show"],
	"ip-route.json": ["ip", "-j", "-4", "route", "show", "table", "main"],
	"ip-neighbour.json": ["ip", "-j", "-s", "neigh", "show"],
	"bridge-link.json": ["bridge", "-j", "-d", "link", "show"],
	"bridge-fdb.json": ["bridge", "-j", "fdb", "show"],
	"bridge-vlan.json": ["bridge", "-j", "vlan", "show"],
	"brctl-show.txt": ["brctl", "show"],
	"virsh-list.txt": virsh("list", "--all"),
	"virsh-domstats.txt": virsh("domstats", "--state", "--interface"),
	"virsh-domiflist-VM1.txt": virsh("domiflist", "VM1"),
	"virsh-domiflist-VM2.txt": virsh("domiflist", "VM2"),
	"virsh-domiflist-VM3.txt": virsh("domiflist", "VM3"),
	"virsh-dumpxml-VM1.xml": virsh("dumpxml", "VM1"),
	"virsh-dumpxml-VM2.xml": virsh("dumpxml", "VM2"),
	"virsh-dumpxml-VM3.xml": virsh("dumpxml", "VM3"),
};

/** What does not change when guests come and go. */
export const standingOutputs: Readonly<Record<string, Command>> = {
	"virsh-net-list.txt": virsh("net-list", "--all"),
	"virsh-net-dumpxml-default.xml": virsh("net-dumpxml", "default"),
	"virsh-net-dhcp-leases-default.txt": virsh("net-dhcp-leases", "default"),
	"virsh-domifaddr-VM3.txt": virsh("domifaddr", "VM3", "--source", "lease"),
	"ss-dhcp.txt": ["ss", "-H", "-l", "-u", "-n", "-p", "sport = :67"],
	"nft.json": ["nft", "-j", "list", "ruleset"],
	"nft.txt": ["nft", "list", "ruleset"],
	"iptables-save.txt": ["iptables-save", "-c"],
};

/** What tells of changes as they come, until it is stopped. */
export const monitors: Readonly<Record<string, Command>> = {
	"ip-monitor.txt": ["ip", "-o", "monitor"],
	"virsh-event.txt": virsh("event", "--all", "--loop", "--timestamp"),
};
