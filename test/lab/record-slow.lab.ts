import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Lab, withLab } from "./lab.js";
import { startRecording } from "./live-log.js";
import { readFields } from "./live-oracle.js";
import { isRunning } from "./live-process.js";
import { type Program, startProgram } from "./live-program.js";
import { settle, startPings } from "./live-traffic.js";
import { findObstacle } from "./requirements.js";
import { waitFor } from "./wait.js";

const obstacle = await findObstacle();
const others = ["virsh", "nft", "iptables-save", "ebtables-save"];

/** Tools that do not answer, nor end when they are asked to. */
interface Hanging {
	/** Runs a program with them first in its PATH. */
	readonly wrapper: readonly string[];
	/** Process ids of those that were started so far. */
	started(): Promise<readonly number[]>;
}

async function hang(lab: Lab, tools: readonly string[]): Promise<Hanging> {
	const directory = join(lab.directory, "hanging");
	await mkdir(directory);
	const notes = join(directory, "started");
	await writeFile(notes, "");
	const script = `#!/bin/sh\ntrap '' INT TERM HUP\necho $$ >> '${notes}'\nexec sleep 600\n`;
	for (const tool of tools) {
		await writeFile(join(directory, tool), script);
		await chmod(join(directory, tool), 0o755);
	}
	const path = `PATH=${directory}:${process.env.PATH}`;
	return {
		wrapper: ["env", path],
		started: async () =>
			(await readFile(notes, "utf8")).trim().split("\n").map(Number),
	};
}

/** None of them outlives the recording. */
async function checkEnded({ started }: Hanging): Promise<void> {
	const pids = await started();
	assert.ok(pids.length > 0);
	await waitFor("the tools to be ended", 1000, async () => {
		const running = await Promise.all(pids.map(isRunning));
		return running.includes(true) ? undefined : true;
	});
}

function startSlow(
	lab: Lab,
	{ wrapper }: Hanging,
	...args: readonly string[]
): Program {
	const log = join(lab.directory, "log.pcapng");
	return startProgram(lab, ["record", "-w", log, ...args], { wrapper });
}

describe("vmpath record, with tools that do not answer", {
	skip: obstacle ?? false,
}, () => {
	test("captures from the start on, and says what it waits for", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const hanging = await hang(lab, others);
			const log = join(lab.directory, "log.pcapng");
			const pinging = startPings(lab, "vm1", { intervalSeconds: 0.1 });
			await pinging.more(1);
			const startedAt = Date.now() / 1000;
			const { wrapper } = hanging;
			const recording = await startRecording(lab, log, [], { wrapper });
			await pinging.more(5);
			const { exitCode, stderr } = await recording.stop();
			await pinging.stop();
			assert.equal(exitCode, 0);
			const [begun = "", waiting = "", recorded = "", ...more] =
				stderr.split("\n");
			assert.match(begun, /^vmpath: recording [^\n]*vnet0/);
			assert.match(
				waiting,
				/^vmpath: waiting for [^:]*virsh[^:]*: frames are captured/,
			);
			assert.match(recorded, /^vmpath: \d+ frames recorded, 0 lost/);
			assert.deepEqual(more, [""]);
			await checkEnded(hanging);
			const rows = await readFields(
				log,
				["frame.interface_name", "frame.time_epoch"],
				"icmp",
			);
			const names = new Set(rows.map(([name]) => name));
			assert.deepEqual([...names].sort(), ["br0", "ens3", "vnet0"]);
			const first = Math.min(...rows.map(([, time]) => Number(time)));
			assert.ok(first - startedAt < 4, `from ${first - startedAt} s on`);
		});
	});

	test("does without `bridge`", async () => {
		await withLab(async (lab) => {
			const hanging = await hang(lab, ["bridge"]);
			const startedAt = performance.now();
			const args = ["--duration", "100ms"];
			const recording = startSlow(lab, hanging, ...args);
			const { exitCode, stderr } = await recording.end(30_000);
			assert.ok(performance.now() - startedAt < 15_000);
			assert.equal(exitCode, 0);
			assert.match(stderr, /^vmpath: waiting for bridge/m);
			await checkEnded(hanging);
		});
	});

	test("says soon that interfaces cannot be listed when `ip` does not answer either", async () => {
		await withLab(async (lab) => {
			const hanging = await hang(lab, [...others, "bridge", "ip"]);
			const startedAt = performance.now();
			const { exitCode, stderr } = await startSlow(lab, hanging).end(30_000);
			assert.ok(performance.now() - startedAt < 18_000);
			assert.equal(exitCode, 3);
			const [waiting = "", failure = "", ...more] = stderr.split("\n");
			assert.match(waiting, /^vmpath: waiting for ip, [^:]*virsh/);
			assert.match(
				failure,
				/^vmpath: the interfaces of this host cannot be listed: ip .*no answer within 5 s/,
			);
			assert.deepEqual(more, [""]);
			await checkEnded(hanging);
		});
	});

	test("ends at once when it is asked to while it waits", async () => {
		await withLab(async (lab) => {
			const hanging = await hang(lab, others);
			const recording = startSlow(lab, hanging, "--vm", "web");
			await recording.saying(/^vmpath: waiting for [^\n]*what to capture/m);
			const startedAt = performance.now();
			const { exitCode, stderr } = await recording.stop("SIGTERM");
			assert.ok(performance.now() - startedAt < 2000);
			assert.equal(exitCode, 3);
			assert.match(stderr, /\nvmpath: ended before the capture began[^\n]*\n$/);
			await checkEnded(hanging);
		});
	});
});
