import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli as program } from "../commands/program.js";
import { broadcasts, flood, makeLog, mixed, type Traffic } from "./make-log.js";
import { median, type Run, time, timeNode } from "./timing.js";

// node dist/test/bench/trace.js: what a frame costs that is read, decoded, followed and told
// as JSON, side by side with tshark, which decodes and prints it. Each log is written anew.

const runs = 3;
const filter = "arp or icmp or dhcp";

const directory = await mkdtemp(join(tmpdir(), "vmpath-bench-"));
try {
	for (const traffic of [flood, broadcasts, mixed]) {
		await compare(join(directory, "log.pcapng"), traffic);
	}
} finally {
	await rm(directory, { recursive: true });
}

async function compare(path: string, traffic: Traffic): Promise<void> {
	const frames = makeLog(path, traffic);
	console.log(`${traffic.name}: ${frames} frames, median of ${runs}`);
	const own = await median(runs, () =>
		timeNode([program, "replay", "--format", "jsonl", path]),
	);
	const peer = await median(runs, () =>
		time(["tshark", "-r", path, "-Y", filter]),
	);
	print("vmpath replay --format jsonl", own, frames, peer);
	print(`tshark -r -Y "${filter}"`, peer, frames, peer);
}

function print(
	what: string,
	{ seconds, megabytes }: Run,
	frames: number,
	peer: Run,
): void {
	const each = ((seconds / frames) * 1e6).toFixed(1);
	const ratio = (seconds / peer.seconds).toFixed(2);
	const memory = megabytes === null ? "" : `, ${Math.round(megabytes)} MB`;
	console.log(`  ${what}: ${each} µs a frame, ${ratio} x tshark${memory}`);
}
