import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ipv4 } from "../../src/model/address.js";
import { tryRun } from "./command.js";
import type { Lab } from "./lab.js";
import { inNamespace, runIp } from "./namespaces.js";
import { type HostName, router, type VmName } from "./plan.js";

/** What udhcpc calls when something happens; only a new lease matters here. */
const leaseScript = `#!/bin/sh
[ "$1" = bound ] || exit 0
ip address add "$ip/$mask" dev "$interface" && ip route add default via "$router"
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
	const script = join(lab.directory, `${vm}.udhcpc`);
	await writeFile(script, leaseScript);
	await chmod(script, 0o755);
	const { stdout, stderr } = await tryRun(
		inNamespace(lab.namespaces[vm], [
			"busybox",
			...["udhcpc", "-f", "-q", "-n", "-i", "eth0", "-s", script],
			...["-t", `${discovers}`, "-T", "1", "-x", `hostname:${vm}`],
		]),
	);
	return /lease of ([\d.]+) obtained/.exec(stdout + stderr)?.[1] ?? null;
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
}

/** Pings an address; a second after the last unanswered request it ends. Returns how many were answered. */
export async function tryPing(
	lab: Lab,
	from: HostName,
	to: Ipv4,
	{ count, intervalSeconds = 1 }: Pings,
): Promise<number> {
	const { stdout } = await tryRun(
		inNamespace(lab.namespaces[from], [
			"busybox",
			...["ping", "-c", `${count}`, "-W", "1"],
			...["-i", `${intervalSeconds}`, to],
		]),
	);
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
