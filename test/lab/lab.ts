import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.js";
import {
	addNamespace,
	deleteNamespace,
	inNamespace,
	loadRules,
	runIp,
	setSysctls,
} from "./namespaces.js";
import {
	type HostName,
	hostNames,
	internet,
	kvmHost,
	natNetwork,
	router,
	tapMac,
	vms,
} from "./plan.js";
import { type Teardown, withTeardown } from "./teardown.js";
import { waitFor } from "./wait.js";

/** A KVM host, its router, its VMs and the internet: namespaces that exist now. */
export interface Lab {
	/** The namespace of each machine. */
	readonly namespaces: Readonly<Record<HostName, string>>;
	/** For everything the lab writes; deleted with it. */
	readonly directory: string;
	readonly teardown: Teardown;
}

let labs = 0;

/** Builds a lab, calls `use` with it, and leaves nothing of it behind. */
export async function withLab<T>(use: (lab: Lab) => Promise<T>): Promise<T> {
	return withTeardown(async (teardown) => {
		const directory = await mkdtemp(join(tmpdir(), "vmpath-lab-"));
		teardown.add(() => rm(directory, { recursive: true, force: true }));
		labs += 1;
		const name = (host: HostName) => `vmpath-${process.pid}-${labs}-${host}`;
		const namespaces = {
			kvmhost: name("kvmhost"),
			router: name("router"),
			internet: name("internet"),
			vm1: name("vm1"),
			vm2: name("vm2"),
			vm3: name("vm3"),
			vm4: name("vm4"),
		};
		const lab = { namespaces, directory, teardown };
		await build(lab);
		return use(lab);
	});
}

async function build(lab: Lab): Promise<void> {
	for (const host of hostNames) {
		const namespace = lab.namespaces[host];
		await addNamespace(namespace);
		lab.teardown.add(() => deleteNamespace(namespace));
	}
	await layCables(lab);
	await fillChecksums(lab);
	await configureRouter(lab);
	await configureKvmHost(lab);
	for (const { name } of Object.values(vms)) {
		await runIp(lab.namespaces[name], ["link set lo up", "link set eth0 up"]);
	}
	await waitFor("every port to be forwarding", 5000, () => forwarding(lab));
}

/** ens3, br0 and virbr0 take 5 to 7: in every recording a port has the same number. */
const tapIndexes = { vm1: 2, vm2: 3, vm3: 4, vm4: 8 } as const;

/** Veth pairs stand for the taps and for the cables between the machines. */
async function layCables({ namespaces }: Lab): Promise<void> {
	const { kvmhost } = namespaces;
	const taps = Object.values(vms).map(
		(vm) =>
			`link add ${vm.tap} index ${tapIndexes[vm.name]} address ${tapMac(vm)} netns ${kvmhost} type veth peer name eth0 address ${vm.mac} netns ${namespaces[vm.name]}`,
	);
	const cables = [
		`link add ens3 address ${kvmHost.mac} netns ${kvmhost} type veth peer name ${router.lan} address ${router.mac} netns ${namespaces.router}`,
		`link add wan0 netns ${namespaces.router} type veth peer name eth0 netns ${namespaces.internet}`,
	];
	await run(["ip", "-batch", "-"], `${[...taps, ...cables].join("\n")}\n`);
}

/** A veth leaves checksums to the other end; a frame off a real wire has them filled. */
async function fillChecksums({ namespaces }: Lab): Promise<void> {
	const cards: readonly (readonly [HostName, string])[] = [
		...Object.values(vms).map(({ name }) => [name, "eth0"] as const),
		["router", router.lan],
	];
	for (const [host, card] of cards) {
		await run(
			inNamespace(namespaces[host], ["ethtool", "-K", card, "tx", "off"]),
		);
	}
}

async function configureRouter({ namespaces }: Lab): Promise<void> {
	await setSysctls(namespaces.router, { "net.ipv4.ip_forward": 1 });
	await runIp(namespaces.router, [
		"link set lo up",
		`link set ${router.lan} up`,
		"link set wan0 up",
		`address add ${router.ip}/24 dev ${router.lan}`,
		`address add ${internet.gateway}/24 dev wan0`,
	]);
	await runIp(namespaces.internet, [
		"link set lo up",
		"link set eth0 up",
		`address add ${internet.ip}/24 dev eth0`,
		`route add default via ${internet.gateway}`,
	]);
}

async function configureKvmHost({
	namespaces: { kvmhost },
}: Lab): Promise<void> {
	const bridge = "type bridge stp_state 0 forward_delay 0";
	await runIp(kvmhost, [
		"link set lo up",
		`link add br0 address ${kvmHost.mac} ${bridge}`,
		`link add virbr0 address ${natNetwork.mac} ${bridge}`,
		"link set br0 up",
		"link set virbr0 up",
		"link set ens3 master br0 up",
		...Object.values(vms).map(
			(vm) => `link set ${vm.tap} master ${vm.bridge} up`,
		),
		`address add ${kvmHost.ip}/24 dev br0`,
		`address add ${natNetwork.ip}/24 dev virbr0`,
		`route add default via ${router.ip}`,
	]);
	// A new namespace starts with 1: bridged frames would pass the rules for routed ones.
	await setSysctls(kvmhost, {
		"net.bridge.bridge-nf-call-iptables": 0,
		"net.ipv4.ip_forward": 1,
	});
	await loadRules(kvmhost, [
		"table ip nat {",
		"chain postrouting {",
		"type nat hook postrouting priority srcnat;",
		`ip saddr ${natNetwork.subnet} oifname "br0" masquerade`,
		"}",
		"}",
	]);
}

/** From `ip -d -j link`: linkinfo.info_slave_data.state of the ports of a bridge. */
interface RawLink {
	readonly linkinfo?: { readonly info_slave_data?: { readonly state: string } };
}

async function forwarding({ namespaces }: Lab): Promise<true | undefined> {
	const json = await run(["ip", "-n", namespaces.kvmhost, "-d", "-j", "link"]);
	const rawLinks = JSON.parse(json) as RawLink[];
	const states = rawLinks.flatMap(
		(link) => link.linkinfo?.info_slave_data?.state ?? [],
	);
	const portCount = Object.keys(vms).length + 1;
	return states.length === portCount &&
		states.every((state) => state === "forwarding")
		? true
		: undefined;
}
