import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { tryRun } from "../lab/command.js";
import { makeBench } from "../lab/fault-bench.js";
import { finishFault } from "../lab/fault-fixture.js";
import { startRecording } from "../lab/fault-recording.js";
import { inNamespace } from "../lab/namespaces.js";
import { router, vms } from "../lab/plan.js";
import type { GuestFault } from "./fault-guest.js";
import { guestFaults } from "./fault-scenarios.js";
import { type LibvirtHost, withLibvirtHost } from "./libvirt-host.js";

// node dist/test/libvirt/record-faults.js [--into DIRECTORY] [NAME...]
const { values, positionals } = parseArgs({
	options: { into: { type: "string", default: "fixtures/faults" } },
	allowPositionals: true,
});

/** The plans of the lab, by what guests are called. */
const plans = { VM1: vms.vm1, VM2: vms.vm2, VM3: vms.vm3 } as const;

await withLibvirtHost(async (host) => {
	const { VM1, VM2, VM3 } = host.guests;
	// One after the other, so that VM1 has vnet0 every time.
	for (const guest of [VM1, VM2, VM3]) {
		await guest.boot();
	}
	const wanted = guestFaults.filter(
		({ name }) => positionals.length === 0 || positionals.includes(name),
	);
	for (const fault of wanted) {
		const { frames } = await record(host, fault);
		console.log(`${fault.name}: ${JSON.stringify(frames)}`);
	}
});

async function record(host: LibvirtHost, fault: GuestFault) {
	const directory = join(host.directory, fault.name);
	await mkdir(directory);
	const { inside, teardown, guests } = host;
	const recording = await startRecording(inside, directory, teardown);
	const bench = makeBench(inside, recording);
	const guest = guests[fault.vm];
	const played = await fault.play({ ...bench, libvirt: host, guest });
	await closeTraffic(host);
	const { mac, tap, bridge } = plans[fault.vm];
	const finished = {
		of: fault,
		vm: { vm: fault.vm, mac, tap, bridge },
		...{ played, bench, recording, directory: host.directory },
	};
	return finishFault(finished, values.into);
}

/** The host pings its router, so that the log's time moves past what must settle. */
async function closeTraffic({ namespaces }: LibvirtHost): Promise<void> {
	const ping = ["busybox", "ping", "-c", "2", "-i", "4", router.ip] as const;
	await tryRun(inNamespace(namespaces.kvmhost, ping));
}
