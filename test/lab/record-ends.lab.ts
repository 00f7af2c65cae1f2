import assert from "node:assert/strict";
import { copyFile, mkdir, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { cli } from "../commands/program.js";
import { tryRun } from "./command.js";
import { type Lab, withLab } from "./lab.js";
import { readCounters, startRecording } from "./live-log.js";
import { parseObjects, readJourneys } from "./live-objects.js";
import { readFields } from "./live-oracle.js";
import { type Run, runProgram, startOnHost } from "./live-program.js";
import { settle, startPings } from "./live-traffic.js";
import { findObstacle } from "./requirements.js";

const obstacle = await findObstacle();
const node = process.execPath;

/** tshark reads it to its end; it says so by its exit code, and when a block is cut. */
async function checkReadable(log: string): Promise<void> {
	const { exitCode, stderr } = await tryRun(["tshark", "-n", "-r", log]);
	assert.equal(exitCode, 0, stderr);
	assert.doesNotMatch(stderr, /cut short|isn't a capture|corrupt/i);
}

/** Every port has its counters at the end of the file, and they are right. */
async function checkComplete(log: string): Promise<void> {
	await checkReadable(log);
	const counters = readCounters(await readFile(log));
	const ports = ["br0", "ens3", "virbr0", "vnet0", "vnet1", "vnet2", "vnet3"];
	assert.deepEqual([...counters.keys()].sort(), ports);
	const rows = await readFields(log, ["frame.interface_name"]);
	for (const [port, { received, dropped }] of counters) {
		assert.equal(dropped, 0);
		const recorded = rows.filter(([name]) => name === port).length;
		assert.equal(received, recorded, `frames at ${port}`);
	}
	assert.ok(rows.length >= 6);
}

const smallDisk = 512 * 1024;

/**
 * Keeps a log on a disk of half a megabyte. The disk is in the mount namespace that a
 * command in a network namespace has for its own; the file is copied out of it.
 *
 * @param args of the program, without the file
 */
async function keepOnSmallDisk(
	lab: Lab,
	into: string,
	...args: readonly string[]
): Promise<Run> {
	const disk = join(lab.directory, "disk");
	await mkdir(disk);
	const script = `
		mount -t tmpfs -o size=${smallDisk} none "$1" || exit
		disk=$1 into=$2
		shift 2
		"$@" -w "$disk/log.pcapng"
		code=$?
		cp "$disk/log.pcapng" "$into"
		exit $code`;
	const command = [
		...(["sh", "-c", script, "sh", disk, into] as const),
		...[node, cli, ...args],
	] as const;
	return startOnHost(lab, command).end(20_000);
}

describe("vmpath record", { skip: obstacle ?? false }, () => {
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		test(`leaves a complete file on ${signal}`, async () => {
			await withLab(async (lab) => {
				await settle(lab, "vm1");
				const log = join(lab.directory, "log.pcapng");
				const recording = await startRecording(lab, log);
				const pings = { intervalSeconds: 0.02, count: 10 };
				await startPings(lab, "vm1", pings).finished();
				const { exitCode, stderr } = await recording.stop(signal);
				assert.equal(exitCode, 0);
				assert.match(
					stderr,
					/^vmpath: recording [^\n]+\nvmpath: \d+ frames recorded, 0 lost[^\n]*\n$/,
				);
				await checkComplete(log);
			});
		});
	}

	test("leaves a file that is readable up to the cut when it is killed", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const log = join(lab.directory, "log.pcapng");
			const recording = await startRecording(lab, log);
			const pings = { intervalSeconds: 0.02, count: 25 };
			await startPings(lab, "vm1", pings).finished();
			await recording.stop("SIGKILL");
			const whole = await readFields(log, ["icmp.seq"]);
			assert.ok(whole.length >= 24 * 6, `${whole.length} frames were kept`);

			const cut = join(lab.directory, "cut.pcapng");
			await copyFile(log, cut);
			const { length } = await readFile(log);
			await truncate(cut, length - 7);
			const { exitCode, stdout, stderr } = await runProgram(lab, [
				...["replay", "--format", "jsonl", cut],
			]);
			assert.equal(exitCode, 0, stderr);
			const [, byte] = /: byte (\d+): [^\n]*\n/.exec(stderr) ?? [];
			assert.ok(Number(byte) > 0 && Number(byte) < length, stderr);
			const journeys = readJourneys(parseObjects(stdout));
			assert.ok(journeys.length >= 2 * 24);
			assert.ok(journeys.every(({ outcome }) => outcome !== "lost"));
		});
	});

	test("ends with one line when the disk is full, and the file is readable", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const pings = { intervalSeconds: 0.005, bytes: 1400 };
			const pinging = startPings(lab, "vm1", pings);
			const log = join(lab.directory, "log.pcapng");
			const { exitCode, stderr } = await keepOnSmallDisk(lab, log, "record");
			await pinging.stop();
			assert.equal(exitCode, 3);
			assert.match(
				stderr,
				/^vmpath: recording [^\n]+\nvmpath: [^\n]*the disk is full[^\n]*\n$/,
			);
			const { length } = await readFile(log);
			assert.ok(length > 500_000 && length <= smallDisk, `${length} bytes`);
			await checkReadable(log);
			const frames = await readFields(log, ["icmp.seq"]);
			assert.ok(frames.length > 100, `${frames.length} frames were kept`);
		});
	});

	test("watch goes on when the disk is full, and the file is readable", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const pings = { intervalSeconds: 0.005, bytes: 1400 };
			const pinging = startPings(lab, "vm1", pings);
			const log = join(lab.directory, "log.pcapng");
			const { exitCode, stdout, stderr } = await keepOnSmallDisk(
				lab,
				log,
				...["watch", "--format", "jsonl", "--count", "3000"],
			);
			await pinging.stop();
			assert.equal(exitCode, 0, stderr);
			assert.match(stderr, /cannot write [^\n]*: the disk is full\n/);
			const { length } = await readFile(log);
			assert.ok(length > 400_000 && length <= smallDisk, `${length} bytes`);
			await checkReadable(log);
			const frames = await readFields(log, ["icmp.seq"]);
			const shown = readJourneys(parseObjects(stdout));
			assert.ok(frames.length > 100, `${frames.length} frames were kept`);
			assert.ok(shown.length > frames.length / 3, `${shown.length} journeys`);
		});
	});

	test("ends quietly when who reads it has gone", async () => {
		await withLab(async (lab) => {
			const script = `"$0" "$1" record -w - | head -c 1000 > "$2"; exit "\${PIPESTATUS[0]}"`;
			const head = join(lab.directory, "head");
			const pipeline = startOnHost(lab, [
				...(["bash", "-c", script, node, cli, head] as const),
			]);
			const { exitCode, stderr } = await pipeline.end();
			assert.equal(stderr, "");
			assert.equal(exitCode, 0);
			assert.equal((await readFile(head)).length, 1000);
		});
	});
});
