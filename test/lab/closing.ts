import { join } from "node:path";
import type { Ipv4 } from "../../src/model/address.js";
import { countPackets, type Recordings } from "./capture.js";
import { arping, tryPing } from "./clients.js";
import { run } from "./command.js";
import type { Lab } from "./lab.js";
import { kvmHost, router } from "./plan.js";
import { waitFor } from "./wait.js";

const flushedMs = 10_000;

/**
 * Ends the traffic of a scenario: the host pings its router twice, `quietSeconds`
 * apart, so that the time of the log moves past whatever must settle; then a who-has
 * passes each captured port.
 *
 * @param natVmIp a VM of the NAT network, where there is one
 * @returns when those last frames began, in seconds since the epoch
 */
export async function closeTraffic(
	lab: Lab,
	natVmIp: Ipv4 | undefined,
	quietSeconds: number,
): Promise<number> {
	const pings = { count: 2, intervalSeconds: quietSeconds };
	await tryPing(lab, "kvmhost", router.ip, pings);
	const beganAt = Date.now() / 1000;
	const once = ["-f", "-w", "2"];
	await arping(lab, "kvmhost", "br0", [...once, router.ip]);
	await arping(lab, "router", router.lan, [...once, kvmHost.ip]);
	if (natVmIp) {
		await arping(lab, "kvmhost", "virbr0", [...once, natVmIp]);
	}
	return beganAt;
}

/** Waits until every file of a recording has the last frames in it. */
export async function waitUntilWritten(
	directory: string,
	{ perInterface, sll2, sll, pcapng }: Recordings,
	closingAt: number,
): Promise<void> {
	const path = (file: string) => join(directory, file);
	for (const file of [...perInterface, sll2, ...(sll ? [sll] : [])]) {
		await waitFor(`the last frames in ${file}`, flushedMs, async () =>
			(await hasArpSince(path(file), closingAt)) ? true : undefined,
		);
	}
	await waitFor(`as many frames in ${pcapng}`, flushedMs, async () => {
		const [all = 0, ...each] = await Promise.all(
			[pcapng, ...perInterface].map((file) => countPackets(path(file))),
		);
		return all === each.reduce((sum, count) => sum + count, 0)
			? true
			: undefined;
	});
}

async function hasArpSince(path: string, since: number): Promise<boolean> {
	const printed = await run(["tcpdump", "-n", "-tt", "-r", path, "arp"]);
	return printed.split("\n").some((line) => Number.parseFloat(line) >= since);
}
