import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../lab/child.js";
import { type Command, run, tryRun } from "../lab/command.js";
import { type Lab, withLab } from "../lab/lab.js";
import { inNamespace, runIp } from "../lab/namespaces.js";
import { findPorts } from "../lab/packet-engine-run.js";
import { router } from "../lab/plan.js";
import type { ChildCounts, ChildPlan } from "./capture-child.js";

// node dist/test/bench/capture.js [packet|cap] [seconds]: floods a bridge with pings, with
// three ports captured, beside tcpdump, then for a while. Needs root, and ping of iputils.

const engine = process.argv[2] === "cap" ? "cap" : "packet";
const seconds = Number(process.argv[3] ?? 20);
const burst = 20_000;
/** Each ping is two frames at three ports: 100,000 sightings a second, and more. */
const steady = 20;
const filter = "arp or icmp or (udp and (port 67 or port 68))";
const names = ["vnet0", "br0", "ens3"] as const;
const address = "192.168.100.61";

await withLab(async (lab) => {
	await runIp(lab.namespaces.vm1, [`address add ${address}/24 dev eth0`]);
	if ((await tryRun(["ping", "-V"])).exitCode !== 0) {
		throw new Error("ping of iputils is needed: apt install iputils-ping");
	}
	console.log(`${burst} flood pings, ${names.length} ports, beside tcpdump`);
	const tcpdumps = await Promise.all(names.map((name) => watch(lab, name)));
	await measure(lab, 1, ["-f", "-c", String(burst)]);
	for (const [at, name] of names.entries()) {
		const said = await tcpdumps[at]?.stop("SIGINT");
		const counts = said?.match(/^\d+ packets (captured|dropped by kernel)$/gm);
		console.log(`  tcpdump at ${name}: ${counts?.join(", ")}`);
	}
	console.log(`${steady} pings, 1000 a second each, for ${seconds} s`);
	await measure(lab, steady, ["-i", "0.001", "-w", String(seconds)]);
});

async function watch(lab: Lab, name: string): Promise<Child> {
	const command: Command = ["tcpdump", "-i", name, "-w", "/dev/null"];
	const tcpdump = startChild(
		inNamespace(lab.namespaces.kvmhost, [
			...command,
			...["--immediate-mode", "-s", "2048", "-B", "32768", filter],
		]),
	);
	lab.teardown.add(() => tcpdump.stop("SIGTERM"));
	await tcpdump.saying(/listening on/);
	return tcpdump;
}

/** Captures while a VM pings, and prints what came of it. */
async function measure(
	lab: Lab,
	pings: number,
	options: readonly string[],
): Promise<void> {
	const { kvmhost, vm1 } = lab.namespaces;
	const plan: ChildPlan = {
		...{ engine, ports: await findPorts(kvmhost, names) },
		...{ snapLength: 2048, bufferBytes: 32 * 1024 * 1024, filter: null },
		...{ printsFrames: false, atOnce: null },
	};
	const script = fileURLToPath(new URL("capture-child.js", import.meta.url));
	const child = startChild(
		inNamespace(kvmhost, [process.execPath, script, JSON.stringify(plan)]),
	);
	lab.teardown.add(() => child.stop("SIGTERM"));
	await child.saying(/^ready$/m);
	const begun = performance.now();
	const pinged = await Promise.all(
		Array.from({ length: pings }, () =>
			run(inNamespace(vm1, ["ping", "-q", ...options, router.ip]), "", {
				timeout: (seconds + 60) * 1000,
			}),
		),
	);
	const took = (performance.now() - begun) / 1000;
	const said = await child.stop("SIGTERM");
	const counts = pinged.flatMap(
		(text) =>
			/(\d+) packets transmitted, (\d+) received/.exec(text)?.slice(1) ?? [],
	);
	report(said, counts.map(Number).reduce(add, 0), took);
}

/** @param echoes requests and replies that passed every port */
function report(said: string, echoes: number, took: number): void {
	const json = /^counts (.*)$/m.exec(said)?.[1];
	if (json === undefined) {
		throw new Error(`the engine ended: ${said}`);
	}
	const counts = JSON.parse(json) as ChildCounts;
	const sightings = Object.values(counts.frames).reduce(add, 0);
	console.log(`  ${echoes} echo messages at each port, and ARP beside them`);
	for (const name of names) {
		const drops = counts.drops.find(({ port }) => port.name === name);
		const lost = drops === undefined ? "not told" : drops.dropped;
		console.log(
			`  ${engine} at ${name}: ${counts.frames[name]}, lost: ${lost}`,
		);
	}
	const each = ((counts.cpuMs * 1000) / sightings).toFixed(2);
	console.log(
		`  ${Math.round(sightings / took)} sightings a second, ${each} µs of CPU each; second by second:`,
	);
	console.log(`  MB ${counts.megabytes.join(" ")}`);
	console.log(`  % of a core ${counts.cpuPercents.join(" ")}`);
}

function add(a: number, b: number): number {
	return a + b;
}
