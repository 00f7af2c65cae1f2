import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { anonymizeLog, forgetNames } from "./fault-anonymous.js";
import type { NotingBench } from "./fault-bench.js";
import { checkLog } from "./fault-check.js";
import type { Recording } from "./fault-recording.js";
import type { FaultPlayed } from "./fault-scenario.js";
import type { FaultTruth } from "./fault-truth.js";

/** What is to become a fixture. */
export interface FinishedFault {
	readonly of: Pick<FaultTruth, "name" | "what" | "cause">;
	readonly vm: Pick<FaultTruth, "vm" | "mac" | "tap" | "bridge">;
	readonly played: FaultPlayed;
	readonly bench: NotingBench;
	/** It still runs. */
	readonly recording: Recording;
	/** Of the lab: stands for a directory of the host. */
	readonly directory: string;
}

/**
 * Ends a recording, checks that it shows the fault and that the fix mends it, and writes
 * `<into>/<name>/`. What does not hold is not written.
 */
export async function finishFault(
	fault: FinishedFault,
	into: string,
): Promise<FaultTruth> {
	const { played, recording, bench, directory } = fault;
	await recording.stop();
	for (const command of played.fix?.commands ?? []) {
		await bench.host(...command);
	}
	await played.fix?.check();
	await anonymizeLog(recording.path, directory);
	const truth = await describeFault(fault);
	const text = forgetNames(JSON.stringify(truth, null, "\t"), directory);
	await writeFault(recording.path, join(into, truth.name), text);
	return JSON.parse(text) as FaultTruth;
}

async function describeFault({
	of: { name, what, cause },
	vm,
	played,
	bench,
	recording,
}: FinishedFault): Promise<FaultTruth> {
	const { effect, ips, details = {}, fix } = played;
	const { sinceNs, evidence } = bench.notes();
	return {
		...{ name, what, cause },
		mode: vm.bridge === "br0" ? "bridged" : "nat",
		...vm,
		...{ ips, effect, sinceNs, evidence, details },
		fix: fix?.commands.map((command) => command.join(" ")) ?? null,
		frames: await checkLog(recording.path, { ...played, sinceNs }),
	};
}

async function writeFault(
	log: string,
	to: string,
	truth: string,
): Promise<void> {
	await rm(to, { recursive: true, force: true });
	await mkdir(to, { recursive: true });
	const bytes = gzipSync(await readFile(log), { level: 9 });
	await writeFile(join(to, "log.pcapng.gz"), bytes);
	await writeFile(join(to, "truth.json"), `${truth}\n`);
}
