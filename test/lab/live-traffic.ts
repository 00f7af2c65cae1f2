import { ping, setAddress } from "./clients.js";
import type { Command } from "./command.js";
import type { Lab } from "./lab.js";
import { startOnHost } from "./live-program.js";
import { inNamespace, runIp } from "./namespaces.js";
import { router, type VmName, vms } from "./plan.js";
import { waitFor } from "./wait.js";

/** Fixed addresses of the VMs on the bridge. */
export const fixedIps = {
	vm1: "192.168.100.61",
	vm2: "192.168.100.62",
} as const;

/**
 * Gives a VM its fixed address, tells it and the router of each other for good, and lets
 * the bridge learn where they are: then its pings are all there is.
 */
export async function settle(lab: Lab, vm: "vm1" | "vm2"): Promise<void> {
	await setAddress(lab, vm, fixedIps[vm]);
	const { namespaces } = lab;
	await runIp(namespaces[vm], [
		`neighbour replace ${router.ip} lladdr ${router.mac} dev eth0 nud permanent`,
	]);
	await runIp(namespaces.router, [
		`neighbour replace ${fixedIps[vm]} lladdr ${vms[vm].mac} dev ${router.lan} nud permanent`,
	]);
	await ping(lab, vm, router.ip, { count: 1 });
}

/** Pings that go on until they are stopped. */
export interface Pinging {
	/** Sequence numbers that were answered so far. */
	answered(): readonly number[];
	/** Waits until so many more are answered. */
	more(count: number): Promise<void>;
	/** Waits until all of `count` were sent and answered, or not. */
	finished(): Promise<void>;
	stop(): Promise<void>;
}

/** Options of busybox's ping, without its address. */
export interface PingOptions {
	/** 0: each as soon as the one before is answered. */
	readonly intervalSeconds: number;
	/** Of data. */
	readonly bytes?: number;
	/** Ends by itself after so many. */
	readonly count?: number;
	/** The byte all data but a time stamp is made of, in hexadecimal. */
	readonly pattern?: string;
	readonly to?: string;
}

/** Starts pings of the router, or of another. */
export function startPings(
	lab: Lab,
	from: VmName,
	options: PingOptions,
): Pinging {
	return startPingsIn(lab, lab.namespaces[from], options);
}

/** Starts pings in a namespace that is no machine of the plan. */
export function startPingsIn(
	lab: Lab,
	namespace: string,
	{ intervalSeconds, bytes, count, pattern, to = router.ip }: PingOptions,
): Pinging {
	const command: Command = [
		"busybox",
		...["ping", "-W", "1"],
		...(intervalSeconds === 0 ? ["-A"] : ["-i", `${intervalSeconds}`]),
		...(bytes === undefined ? [] : ["-s", `${bytes}`]),
		...(count === undefined ? [] : ["-c", `${count}`]),
		...(pattern === undefined ? [] : ["-p", pattern]),
		to,
	];
	const child = startOnHost(lab, inNamespace(namespace, command));
	const answered = () =>
		Array.from(
			child
				.read()
				.toString()
				.matchAll(/ seq=(\d+) /g),
			(match) => Number(match[1]),
		);
	return {
		answered,
		more: async (count) => {
			const wanted = answered().length + count;
			await waitFor(`${count} more pings to be answered`, 10_000, async () =>
				answered().length >= wanted ? true : undefined,
			);
		},
		finished: async () => {
			await child.end(30_000);
		},
		stop: async () => {
			await child.stop("SIGINT");
		},
	};
}
