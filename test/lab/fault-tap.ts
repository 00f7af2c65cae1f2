import { stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { tryRun } from "./command.js";
import type { Lab } from "./lab.js";
import { inNamespace, runIp } from "./namespaces.js";
import { tapMac, vms } from "./plan.js";
import { waitFor } from "./wait.js";

/** Who holds the tap of vm1 open, by lab: its process id. */
const holders = new WeakMap<Lab, number>();

/** Frames that wait for a guest at most: one that takes none is soon seen by its drops. */
const queueLength = 2;
const madeMs = 5000;

/**
 * Makes vnet0 a real tap: one program holds it open, as QEMU does, another is the card
 * of vm1, and a socket that keeps frames apart is between them.
 */
export async function replaceByTap(lab: Lab): Promise<void> {
	const { kvmhost, vm1 } = lab.namespaces;
	const path = join(lab.directory, "vm1.socket");
	const seqpacket = "type=5";
	await runIp(kvmhost, ["link delete vnet0"]);
	relay(lab, vm1, [`UNIX-LISTEN:${path},${seqpacket}`, tap("eth0")]);
	await waitFor("the guest's end", madeMs, async () =>
		stat(path).then(
			() => true as const,
			() => undefined,
		),
	);
	const held = [tap("vnet0"), `UNIX-CONNECT:${path},${seqpacket}`] as const;
	holders.set(lab, relay(lab, kvmhost, held));
	await waitForLink(kvmhost, "vnet0");
	await waitForLink(vm1, "eth0");
	const { mac } = vms.vm1;
	await runIp(vm1, [`link set eth0 address ${mac}`, "link set eth0 up"]);
	await runIp(kvmhost, [
		`link set vnet0 address ${tapMac(vms.vm1)} txqueuelen ${queueLength}`,
		"link set vnet0 master br0 up",
	]);
}

/** The process that holds the tap of vm1 open. */
export function holderOf(lab: Lab): number {
	const pid = holders.get(lab);
	if (pid === undefined) {
		throw new Error("nothing holds the tap of vm1 open");
	}
	return pid;
}

function tap(name: string): string {
	return `TUN,tun-type=tap,tun-name=${name},iff-no-pi`;
}

/** @returns its process id: `ip netns exec` becomes what it starts */
function relay(
	lab: Lab,
	namespace: string,
	ends: readonly [string, string],
): number {
	const [file, ...args] = inNamespace(namespace, ["socat", ...ends]);
	const child = execa(file, args, { stdin: "ignore", reject: false });
	lab.teardown.add(async () => {
		child.kill("SIGKILL");
		await child;
	});
	return child.pid ?? 0;
}

async function waitForLink(namespace: string, name: string): Promise<void> {
	await waitFor(`${name} to be made`, madeMs, async () => {
		const { exitCode } = await tryRun([
			...(["ip", "-n", namespace, "link", "show", name] as const),
		]);
		return exitCode === 0 ? true : undefined;
	});
}
