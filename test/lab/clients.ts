import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ipv4 } from "../../src/model/address.js";
import { type Child, startChild } from "./child.js";
import { type Command, tryRun } from "./command.js";
import type { Lab } from "./lab.js";
import { inNamespace, runIp } from "./namespaces.js";
import { type HostName, router, type VmName } from "./plan.js";

/** What udhcpc calls when something happens. */
const leaseScript = `#!/bin/sh
case $1 in
bound)
	ip address add "$ip/$mask" dev "$interface" && ip route add default via "$router" &&
	echo "configured $ip" ;;
renew) echo "renewed $ip" ;;
deconfig) ip -4 address flush dev "$interface" ;;
esac
`;

/**
 * Lets a VM ask for a lease and configure itself with it.
 *
 * @param discovers how many DISCOVERs it sends, one a second, before it gives up
 * @returns the leased address; null when it gave up
 */
export async function requestLease(
	lab: Lab,
	vm: VmName,
	discovers = 3,
): Promise<Ipv4 | null> {
	const { stdout, stderr } = await tryRun(
		await clientCommand(lab, vm, ["-q", "-n", "-t", `${discovers}`]),
	);
	return /lease of ([\d.]+) obtained/.exec(stdout + stderr)?.[1] ?? null;
}

/**
 * Starts a DHCP client that keeps its lease until it is told otherwise: to renew it
 * (SIGUSR1) or to release it (SIGUSR2). It says `configured IP` and `renewed IP`.
 */
export async function startClient(lab: Lab, vm: VmName): Promise<Child> {
	const client = startChild(await clientCommand(lab, vm, ["-t", "3"]));
	lab.teardown.add(() => client.stop("SIGTERM"));
	return client;
}

async function clientCommand(
	lab: Lab,
	vm: VmName,
	options: readonly string[],
): Promise<Command> {
	const script = join(lab.directory, `${vm}.udhcpc`);
	await writeFile(script, leaseScript);
	await chmod(script, 0o755);
	return inNamespace(lab.namespaces[vm], [
		"busybox",
		...["udhcpc", "-f", "-i", "eth0", "-s", script],
		...["-T", "1", "-x", `hostname:${vm}`, ...options],
	]);
}

/** Lets a VM ask for a lease. Throws when it gets none. */
export async function takeLease(
	lab: Lab,
	vm: VmName,
	discovers = 3,
): Promise<Ipv4> {
	const ip = await requestLease(lab, vm, discovers);
	if (ip === null) {
		throw new Error(`${vm} got no lease`);
	}
	return ip;
}

/** Lets a VM ask for a lease that it must not get. Throws when it gets one. */
export async function askInVain(lab: Lab, vm: VmName): Promise<void> {
	const ip = await requestLease(lab, vm);
	if (ip !== null) {
		throw new Error(`${vm} got the lease ${ip} in spite of the fault`);
	}
}

/** Gives a VM a fixed address, and the router as its gateway. */
export async function setAddress(
	lab: Lab,
	vm: VmName,
	ip: Ipv4,
): Promise<void> {
	await runIp(lab.namespaces[vm], [
		`address add ${ip}/24 dev eth0`,
		`route add default via ${router.ip}`,
	]);
}

/** Takes all addresses from a VM, as before it asks for a lease. */
export async function clearAddress(lab: Lab, vm: VmName): Promise<void> {
	await runIp(lab.namespaces[vm], ["address flush dev eth0"]);
}

/** Echo requests, one each `intervalSeconds`. */
export interface Pings {
	readonly count: number;
	readonly intervalSeconds?: number;
	/** How long an answer to the last one is waited for. */
	readonly waitSeconds?: number;
	readonly ttl?: number;
	/** Of data; more than 1472 take several fragments. */
	readonly bytes?: number;
	/** With ICMP identifier 1, as every Windows guest has it. */
	readonly hasCommonIdentifier?: boolean;
}

/** Pings an address. Returns how many requests were answered. */
export async function tryPing(
	lab: Lab,
	from: HostName,
	to: Ipv4,
	pings: Pings,
): Promise<number> {
	const { count, intervalSeconds = 1, waitSeconds = 1, ttl, bytes } = pings;
	const ping: Command = [
		"busybox",
		...["ping", "-c", `${count}`, "-W", `${waitSeconds}`],
		...(ttl === undefined ? [] : ["-t", `${ttl}`]),
		...(bytes === undefined ? [] : ["-s", `${bytes}`]),
		...["-i", `${intervalSeconds}`, to],
	];
	// busybox's identifier is its process id: 1 for the first process of a namespace.
	const command: Command = pings.hasCommonIdentifier
		? ["unshare", "--pid", "--fork", "--kill-child", ...ping]
		: ping;
	const { stdout } = await tryRun(inNamespace(lab.namespaces[from], command));
	return Number(/(\d+) packets received/.exec(stdout)?.[1] ?? 0);
}

/** Pings an address. Throws unless every request is answered. */
export async function ping(
	lab: Lab,
	from: HostName,
	to: Ipv4,
	pings: Pings,
): Promise<void> {
	const answered = await tryPing(lab, from, to, pings);
	if (answered !== pings.count) {
		throw new Error(
			`${from} got ${answered} answers to ${pings.count} pings of ${to}`,
		);
	}
}

/** Pings an address. Throws when a request is answered by an echo reply. */
export async function pingInVain(
	lab: Lab,
	from: HostName,
	to: Ipv4,
	pings: Pings,
): Promise<void> {
	const answered = await tryPing(lab, from, to, pings);
	if (answered !== 0) {
		throw new Error(`${from} got ${answered} answers from ${to}`);
	}
}

/** Sends ARP by busybox's arping, which may go unanswered. */
export async function arping(
	lab: Lab,
	host: HostName,
	card: string,
	options: readonly string[],
): Promise<void> {
	await tryRun(
		inNamespace(lab.namespaces[host], [
			"busybox",
			...["arping", "-I", card, ...options],
		]),
	);
}
