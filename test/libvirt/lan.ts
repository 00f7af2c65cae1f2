import { join } from "node:path";
import { startChild } from "../lab/child.js";
import { run } from "../lab/command.js";
import {
	addNamespace,
	deleteNamespace,
	inNamespace,
	runIp,
	setSysctls,
} from "../lab/namespaces.js";
import { internet, kvmHost, router } from "../lab/plan.js";
import type { Teardown } from "../lab/teardown.js";

/** The namespaces of the KVM host and of what lies beyond its uplink. */
export interface LanNamespaces {
	readonly kvmhost: string;
	readonly router: string;
	readonly internet: string;
}

/** Builds the host with br0 over ens3, the router that leases .50 to .99, and an internet. */
export async function buildLan(
	namespaces: LanNamespaces,
	directory: string,
	teardown: Teardown,
): Promise<void> {
	for (const namespace of Object.values(namespaces)) {
		await addNamespace(namespace);
		teardown.add(() => deleteNamespace(namespace));
	}
	await layCables(namespaces);
	await configureHost(namespaces.kvmhost);
	await configureRouter(namespaces);
	await startDhcp(namespaces.router, directory, teardown);
}

async function layCables(namespaces: LanNamespaces): Promise<void> {
	const cables = [
		`link add ens3 address ${kvmHost.mac} netns ${namespaces.kvmhost} type veth peer name ${router.lan} address ${router.mac} netns ${namespaces.router}`,
		`link add wan0 netns ${namespaces.router} type veth peer name eth0 netns ${namespaces.internet}`,
	];
	await run(["ip", "-batch", "-"], `${cables.join("\n")}\n`);
}

async function configureHost(namespace: string): Promise<void> {
	await runIp(namespace, [
		"link set lo up",
		`link add br0 address ${kvmHost.mac} type bridge stp_state 0 forward_delay 0`,
		"link set br0 up",
		"link set ens3 master br0 up",
		`address add ${kvmHost.ip}/24 dev br0`,
		`route add default via ${router.ip}`,
	]);
	// A new namespace starts with 1: bridged frames would pass the rules for routed ones.
	await setSysctls(namespace, { "net.bridge.bridge-nf-call-iptables": 0 });
}

async function configureRouter(namespaces: LanNamespaces): Promise<void> {
	await setSysctls(namespaces.router, { "net.ipv4.ip_forward": 1 });
	await runIp(namespaces.router, [
		"link set lo up",
		`link set ${router.lan} up`,
		"link set wan0 up",
		`address add ${router.ip}/24 dev ${router.lan}`,
		`address add ${internet.gateway}/24 dev wan0`,
	]);
	// A veth leaves checksums to the other end; a frame off a real wire has them filled.
	await run(
		inNamespace(namespaces.router, ["ethtool", "-K", router.lan, "tx", "off"]),
	);
	await runIp(namespaces.internet, [
		"link set lo up",
		"link set eth0 up",
		`address add ${internet.ip}/24 dev eth0`,
		`route add default via ${internet.gateway}`,
	]);
}

async function startDhcp(
	namespace: string,
	directory: string,
	teardown: Teardown,
): Promise<void> {
	const child = startChild(
		inNamespace(namespace, [
			"dnsmasq",
			"--keep-in-foreground",
			"--log-facility=-",
			"--conf-file=/dev/null",
			"--user=root",
			"--pid-file=",
			"--port=0",
			"--bind-interfaces",
			`--interface=${router.lan}`,
			`--dhcp-range=${router.leases.join(",")},1h`,
			`--dhcp-option=option:router,${router.ip}`,
			`--dhcp-leasefile=${join(directory, "router.leases")}`,
			"--dhcp-authoritative",
			"--no-ping",
		]),
	);
	teardown.add(() => child.stop("SIGTERM"));
	await child.saying(/DHCP, IP range/);
}
