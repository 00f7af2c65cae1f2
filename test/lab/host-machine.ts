import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "./child.js";
import { run } from "./command.js";
import { domains, writeProxmox } from "./host-domains.js";
import {
	addNamespace,
	deleteNamespace,
	inNamespace,
	loadRules,
	runIp,
	setSysctls,
} from "./namespaces.js";
import { kvmHost, natNetwork, router } from "./plan.js";
import { type Teardown, withTeardown } from "./teardown.js";
import { waitFor } from "./wait.js";

/** A KVM host with real taps, in a namespace of its own, and a router beyond it. */
export interface HostMachine {
	readonly namespace: string;
	/** libvirt's test driver with the VMs that are plugged in there. */
	readonly uri: string;
	/** Holds /etc/pve of a Proxmox host, and nothing else. */
	readonly proxmoxRoot: string;
	/** For everything the lab writes; deleted with it. */
	readonly directory: string;
	readonly teardown: Teardown;
}

/** What is held open by a program, as QEMU holds it: an unopened tap has no carrier. */
const taps = ["tap-vm1", "tap-vm2", "tap-vm3", "tap101i0"];

let machines = 0;

/** Builds such a host, calls `use` with it, and leaves nothing of it behind. */
export function withHostMachine<T>(
	use: (machine: HostMachine) => Promise<T>,
): Promise<T> {
	return withTeardown(async (teardown) => {
		const directory = await mkdtemp(join(tmpdir(), "vmpath-host-"));
		teardown.add(() => rm(directory, { recursive: true, force: true }));
		machines += 1;
		const [namespace, beyond] = ["kvm", "beyond"].map(
			(name) => `vmpath-${process.pid}-${name}${machines}`,
		) as [string, string];
		for (const name of [namespace, beyond]) {
			await addNamespace(name);
			teardown.add(() => deleteNamespace(name));
		}
		const proxmoxRoot = join(directory, "proxmox");
		const uri = `test://${join(directory, "domains.xml")}`;
		const machine = { namespace, uri, proxmoxRoot, directory, teardown };
		await plugIn(machine, beyond);
		await openTaps(machine);
		await serve(machine);
		await writeFile(join(directory, "domains.xml"), domains);
		await writeProxmox(proxmoxRoot);
		return use(machine);
	});
}

async function plugIn(
	{ namespace }: HostMachine,
	beyond: string,
): Promise<void> {
	await run(
		["ip", "-batch", "-"],
		`link add ens3 address ${kvmHost.mac} netns ${namespace} type veth peer name ${router.lan} address ${router.mac} netns ${beyond}\n`,
	);
	await runIp(beyond, [
		`link set ${router.lan} up`,
		`address add ${router.ip}/24 dev ${router.lan}`,
	]);
	await runIp(namespace, [
		"link set lo up",
		`link add br0 address ${kvmHost.mac} type bridge stp_state 0 forward_delay 0`,
		`link add virbr0 address ${natNetwork.mac} type bridge stp_state 1 forward_delay 200`,
		"link add fwbr101i0 address bc:24:11:00:01:01 type bridge stp_state 0 forward_delay 0",
		"link add fwln101i0 address bc:24:11:00:01:02 type veth peer name fwpr101p0 address bc:24:11:00:01:03",
		...taps.map((tap) => `tuntap add ${tap} mode tap`),
		...taps.map(
			(tap, index) => `link set ${tap} address fe:54:00:00:00:0${index + 1}`,
		),
		"link set ens3 master br0 up",
		"link set tap-vm1 master br0 up",
		"link set tap-vm2 master br0 up",
		"link set tap-vm3 master virbr0 up",
		"link set tap101i0 master fwbr101i0 up",
		"link set fwln101i0 master fwbr101i0 up",
		"link set fwpr101p0 master br0 up",
		...["br0", "virbr0", "fwbr101i0"].map((bridge) => `link set ${bridge} up`),
		`address add ${kvmHost.ip}/24 dev br0`,
		`address add ${natNetwork.ip}/24 dev virbr0`,
		`route add default via ${router.ip}`,
		"neighbour add 192.168.100.57 lladdr 52:54:00:cd:76:3a dev br0 nud reachable",
	]);
	await setSysctls(namespace, {
		"net.bridge.bridge-nf-call-iptables": 0,
		"net.ipv4.ip_forward": 1,
		"net.ipv4.conf.br0.rp_filter": 2,
	});
}

async function openTaps({ namespace, teardown }: HostMachine): Promise<void> {
	for (const tap of taps) {
		const tun = `TUN,tun-type=tap,tun-name=${tap},iff-no-pi`;
		const child = startChild(
			inNamespace(namespace, ["socat", "-u", tun, "OPEN:/dev/null"]),
		);
		teardown.add(() => child.stop("SIGTERM"));
	}
	await waitFor("every tap to have a carrier", 5000, async () => {
		const links = await run([
			"ip",
			"-n",
			namespace,
			"-o",
			"link",
			"show",
			"up",
		]);
		return /NO-CARRIER/.test(links) ? undefined : true;
	});
}

async function serve(machine: HostMachine): Promise<void> {
	const { namespace, directory, teardown } = machine;
	const child = startChild(
		inNamespace(namespace, [
			"dnsmasq",
			...["--keep-in-foreground", "--log-facility=-", "--no-ping"],
			...["--conf-file=/dev/null", "--user=root", "--pid-file=", "--port=0"],
			...["--bind-dynamic", "--interface=virbr0"],
			`--dhcp-range=${natNetwork.leases.join(",")},1h`,
			`--dhcp-leasefile=${join(directory, "leases")}`,
		]),
	);
	teardown.add(() => child.stop("SIGTERM"));
	await child.saying(/sockets bound/);
	await run(inNamespace(namespace, ["ping", "-c", "1", "-W", "5", router.ip]));
	await loadRules(namespace, [
		"table ip nat {",
		"chain postrouting {",
		"type nat hook postrouting priority srcnat;",
		`ip saddr ${natNetwork.subnet} oifname "br0" counter masquerade`,
		"}",
		"}",
		"table bridge guard {",
		"chain forward {",
		"type filter hook forward priority filter;",
		'iifname "tap-vm2" ether saddr != 52:54:00:1f:0b:92 counter drop',
		"}",
		"}",
	]);
	await run(
		inNamespace(namespace, [
			"iptables",
			...["-A", "FORWARD", "-m", "physdev", "--physdev-is-bridged"],
			...[
				"--physdev-in",
				"tap-vm2",
				"-p",
				"udp",
				"--dport",
				"67",
				"-j",
				"DROP",
			],
		]),
	);
}
