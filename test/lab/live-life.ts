import assert from "node:assert/strict";
import { type Lab, withLab } from "./lab.js";
import {
	type JsonJourney,
	type JsonTopology,
	pathOf,
	readTopologies,
} from "./live-objects.js";
import { readCpuSeconds } from "./live-process.js";
import {
	fixedIps,
	type Pinging,
	settle,
	startPings,
	startPingsIn,
} from "./live-traffic.js";
import {
	answeredButLost,
	findRecorder,
	startWatch,
	type Watching,
} from "./live-watch.js";
import { addNamespace, deleteNamespace, runIp } from "./namespaces.js";
import { router } from "./plan.js";

const pings = { intervalSeconds: 0.05 };

/** A host that is being watched while vm1 and vm2 ping the router. */
export interface Life {
	readonly lab: Lab;
	readonly watching: Watching;
	/** Of vm1, to which things happen. */
	readonly pinging: Pinging;
	/** Of vm2, whose path stays as it is. */
	readonly healthy: Pinging;
	/** Runs lines of iproute2 on the host. */
	change(...lines: readonly string[]): Promise<void>;
	/** Waits for a delivered ping of vm1 on this path that was sent from now on. */
	traced(what: string, path: string): Promise<void>;
}

/** What is left to look at when it is over. */
export interface Lived {
	readonly stderr: string;
	/** What was printed of the host each time it changed. */
	readonly topologies: readonly JsonTopology[];
	/** Of a processor, watch and recorder together. */
	readonly cpuShare: number;
}

/**
 * Watches a host while `happen` changes it. Whatever that is: the watch goes on to its
 * end, calls no ping lost that was answered, and uses little of the processor.
 *
 * @param hit whether it happens to vm2, too; else each of its pings is delivered
 */
export async function live(
	happen: (life: Life) => Promise<void>,
	hit: "vm1" | "both" = "vm1",
): Promise<Lived> {
	return withLab(async (lab) => {
		await settle(lab, "vm1");
		await settle(lab, "vm2");
		const watching = await startWatch(lab);
		const healthy = startPings(lab, "vm2", pings);
		const pinging = startPings(lab, "vm1", pings);
		const pids = [watching.pid, await findRecorder(watching)];
		const life = makeLife(lab, watching, pinging, healthy);
		await life.traced("the first pings", "vnet0 in, br0 in, ens3 out");
		const [start, used] = [performance.now(), await sumCpu(pids)];
		await happen(life);
		await healthy.more(5);
		const seconds = (performance.now() - start) / 1000;
		const cpuShare = ((await sumCpu(pids)) - used) / seconds;
		await pinging.stop();
		await healthy.stop();
		const { exitCode, stderr } = await watching.stop();
		assert.equal(exitCode, 0, stderr);
		const { vm1, vm2 } = fixedIps;
		assert.deepEqual(answeredButLost(watching, pinging.answered(), vm1), []);
		assert.deepEqual(answeredButLost(watching, healthy.answered(), vm2), []);
		if (hit === "vm1") {
			assert.deepEqual(describeLost(watching), []);
			assert.deepEqual(notDelivered(watching, healthy.answered()), []);
		}
		assert.ok(cpuShare < 0.8, `${cpuShare} of a core`);
		const topologies = readTopologies(watching.objects());
		return { stderr, topologies, cpuShare };
	});
}

function makeLife(
	lab: Lab,
	watching: Watching,
	pinging: Pinging,
	healthy: Pinging,
): Life {
	return {
		lab,
		watching,
		pinging,
		healthy,
		change: (...lines) => runIp(lab.namespaces.kvmhost, lines),
		traced: async (what, path) => {
			const sinceMs = Date.now();
			await watching.journey(
				what,
				(one) =>
					one.addresses?.source === fixedIps.vm1 &&
					one.outcome === "delivered" &&
					enteredMs(one) > sinceMs &&
					pathOf(one) === path,
			);
		},
	};
}

/**
 * What is called lost though nothing happened to its sender: a bridge does drop what comes
 * in by a port that is only just up, so that a ping of vm1 may be lost.
 */
function describeLost(watching: Watching): readonly string[] {
	const { vm1 } = fixedIps;
	return watching
		.journeys()
		.filter(
			({ outcome, addresses }) =>
				outcome === "lost" && addresses?.source !== vm1,
		)
		.map((one) => `${one.message} ${one.sequence}: ${pathOf(one)}`);
}

/** When a journey began, in milliseconds since the epoch. */
function enteredMs({ hops }: JsonJourney): number {
	return Number(hops[0]?.tsNs ?? 0) / 1e6;
}

async function sumCpu(pids: readonly number[]): Promise<number> {
	const seconds = await Promise.all(pids.map(readCpuSeconds));
	return seconds.reduce((sum, each) => sum + each, 0);
}

/** Answered pings of vm2 that are not said to be delivered, both ways. */
function notDelivered(
	watching: Watching,
	answered: readonly number[],
): readonly string[] {
	const { vm2 } = fixedIps;
	const delivered = new Set(
		watching
			.journeys()
			.flatMap(({ addresses, sequence, outcome, message }) =>
				[addresses?.source, addresses?.destination].includes(vm2) &&
				outcome === "delivered"
					? [`${message} ${sequence}`]
					: [],
			),
	);
	return answered
		.flatMap((one) => [`echo-request ${one}`, `echo-reply ${one}`])
		.filter((one) => !delivered.has(one));
}

const newVm = { mac: "52:54:00:99:00:01", ip: "192.168.100.69" } as const;

/**
 * Starts another VM, which pings the router, and waits until it is traced.
 *
 * @returns how long after its tap came up the first traced ping came by, in milliseconds
 */
export async function plugIn(
	{ lab, watching, change }: Life,
	tap: string,
): Promise<number> {
	const guest = `${lab.namespaces.vm1}-new`;
	await addNamespace(guest);
	lab.teardown.add(() => deleteNamespace(guest));
	await change(
		`link add ${tap} type veth peer name eth0 address ${newVm.mac} netns ${guest}`,
	);
	await runIp(guest, [
		"link set eth0 up",
		`address add ${newVm.ip}/24 dev eth0`,
		`neighbour add ${router.ip} lladdr ${router.mac} dev eth0 nud permanent`,
	]);
	const pinging = startPingsIn(lab, guest, pings);
	const upMs = Date.now();
	await change(`link set ${tap} master br0 up`);
	const first = await watching.journey(
		`a ping by ${tap}`,
		(one) =>
			one.addresses?.source === newVm.ip &&
			one.hops.some((hop) => hop.interface === tap),
	);
	await pinging.more(5);
	await pinging.stop();
	const lost = answeredButLost(watching, pinging.answered(), newVm.ip);
	assert.deepEqual(lost, []);
	return enteredMs(first) - upMs;
}
