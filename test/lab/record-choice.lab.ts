import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import { ping } from "./clients.js";
import { run } from "./command.js";
import { type Lab, withLab } from "./lab.js";
import { findFiles, readInterfaceNames, startRecording } from "./live-log.js";
import { type MetaPort, parseObjects, readJourneys } from "./live-objects.js";
import { readFields } from "./live-oracle.js";
import { runProgram } from "./live-program.js";
import { nameOf, startQemu } from "./live-qemu.js";
import { fixedIps, settle, startPings } from "./live-traffic.js";
import { runIp } from "./namespaces.js";
import { router, vms } from "./plan.js";
import { findObstacle } from "./requirements.js";

const obstacle = await findObstacle();

/** What `vmpath record` captures at when it is asked so. */
async function chosenPorts(
	lab: Lab,
	options: string,
): Promise<readonly string[]> {
	const path = join(lab.directory, `${options}.pcapng`);
	const { exitCode, stderr } = await runProgram(lab, [
		...["record", "-w", path, "--duration", "100ms", ...options.split(" ")],
	]);
	assert.equal(exitCode, 0, stderr);
	const names = readInterfaceNames(await readFile(path));
	return names.filter((name) => name !== "vmpath:host").sort();
}

/** The file says by itself which ports there are, and what they are. */
async function checkAlone(lab: Lab, log: string): Promise<void> {
	const args = ["replay", "--format", "jsonl", log];
	const { exitCode, stdout, stderr } = await runProgram(lab, args);
	assert.equal(exitCode, 0);
	assert.equal(stderr, "");
	const objects = parseObjects(stdout);
	const meta = objects.findLast(({ type }) => type === "meta");
	const ports = meta?.interfaces as MetaPort[];
	assert.deepEqual(
		ports.map((port) => [port.name, port.role, port.inferred]).sort(),
		[
			["br0", "bridge", false],
			["ens3", "uplink", false],
			["virbr0", "bridge", false],
			...["vnet0", "vnet1", "vnet2", "vnet3"].map((tap) => [tap, "tap", false]),
		],
	);
	const journeys = readJourneys(objects);
	const isLost = journeys.some(({ outcome }) => outcome === "lost");
	assert.ok(!isLost, "a frame is called lost at the edge of a file");
	const delivered = journeys.filter(({ outcome }) => outcome === "delivered");
	assert.ok(delivered.length >= journeys.length - 2);
}

describe("vmpath record", { skip: obstacle ?? false }, () => {
	test("captures at what it is asked to", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			const path = ["br0", "ens3", "vnet0"];
			const choices: readonly (readonly [string, readonly string[]])[] = [
				["--vm=vnet0", path],
				[`--vm=${vms.vm1.mac}`, path],
				[`--vm=${nameOf("vm1")}`, path],
				["--bridge=br0", [...path, "vnet1"]],
				["--interface=vnet3", ["vnet3"]],
				["--vm=vnet0 --interface=vnet3", [...path, "vnet3"]],
			];
			const chosen = choices.map(([options]) => chosenPorts(lab, options));
			for (const [index, [options, ports]] of choices.entries()) {
				assert.deepEqual(await chosen[index], ports, options);
			}
		});
	});

	test("finds the tap of a MAC address that no domain tells of", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm2");
			const path = ["br0", "ens3"];
			assert.deepEqual(await chosenPorts(lab, `--vm=${vms.vm1.mac}`), [
				...path,
				"vnet0",
			]);
			await runIp(lab.namespaces.kvmhost, [
				"link set vnet1 address 02:00:00:00:00:99",
			]);
			await ping(lab, "vm2", router.ip, { count: 1 });
			assert.deepEqual(await chosenPorts(lab, `--vm=${vms.vm2.mac}`), [
				...path,
				"vnet1",
			]);
		});
	});

	test("gives ports the names that the kernel has", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const names = ["vnet0\\x1b", "vnet1é", "vnet3\u001b[1m"];
			const { kvmhost } = lab.namespaces;
			for (const [index, name] of names.entries()) {
				const tap = ["vnet0", "vnet1", "vnet3"][index] ?? "";
				for (const change of [["down"], ["name", name], ["up"]]) {
					const dev = change[0] === "up" ? name : tap;
					await run(["ip", "-n", kvmhost, "link", "set", dev, ...change]);
				}
			}
			const log = join(lab.directory, "names.pcapng");
			const recording = await startRecording(lab, log);
			const pings = { intervalSeconds: 0.1, count: 30 };
			await startPings(lab, "vm1", pings).finished();
			const { stderr } = await recording.stop();
			assert.match(
				stderr,
				/^vmpath: recording [^\n]+\nvmpath: \d+ frames recorded, 0 lost[^\n]*\n$/,
			);
			const recorded = readInterfaceNames(await readFile(log));
			assert.deepEqual(
				[...recorded].sort(),
				[...["br0", "ens3", "virbr0", "vmpath:host", "vnet2"], ...names].sort(),
			);
			const args = ["replay", "--format", "jsonl", log];
			const { stdout } = await runProgram(lab, args);
			const objects = parseObjects(stdout);
			const meta = objects.findLast(({ type }) => type === "meta");
			const ports = meta?.interfaces as MetaPort[];
			const safe = ["vnet0\\\\x1b", "vnet1é", "vnet3\\x1b[1m"];
			for (const name of safe) {
				const port = ports.find((each) => each.name === name);
				assert.deepEqual([port?.role, port?.inferred], ["tap", false], name);
			}
			const paths = readJourneys(objects).map(({ hops }) =>
				hops.map((hop) => hop.interface).join(" "),
			);
			assert.ok(paths.includes(`${safe[0]} br0 ens3`), paths.join(", "));
		});
	});

	test("says in one line what there is when a name is wrong", async () => {
		await withLab(async (lab) => {
			const wrong: readonly (readonly [string, string, RegExp])[] = [
				["--vm", "nobody", /nobody/],
				["--vm", "52:54:00:00:00:01", /52:54:00:00:00:01: there are .*vnet0/],
				["--bridge", "br7", /br7.*br0, virbr0/],
				["--interface", "eth9", /eth9.*ens3/],
				["--bridge", "vnet0", /vnet0.*br0, virbr0/],
			];
			const runs = wrong.map(([option, name]) =>
				runProgram(lab, ["record", "-w", "-", option, name]),
			);
			for (const [index, run] of runs.entries()) {
				const { exitCode, stdout, stderr } = await run;
				const [option, name, said] = wrong[index] ?? ["", "", /^$/];
				assert.equal(exitCode, 3, `${option} ${name}`);
				assert.equal(stdout.length, 0);
				assert.match(stderr, /^vmpath: [^\n]+\n$/);
				assert.match(stderr, said);
			}
		});
	});

	test("ends after --duration and --count, and cuts at --snaplen", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const pinging = startPings(lab, "vm1", { intervalSeconds: 0.05 });
			const counted = join(lab.directory, "counted.pcapng");
			const length = ["--count", "7", "--snaplen", "60"];
			const run = await runProgram(lab, ["record", "-w", counted, ...length]);
			assert.equal(run.exitCode, 0);
			assert.match(
				run.stderr,
				/^vmpath: [^\n]*DHCP[^\n]*\nvmpath: recording [^\n]+\nvmpath: 7 frames recorded, 0 lost/,
			);
			const fields = ["frame.cap_len", "frame.len"];
			assert.deepEqual(
				await readFields(counted, fields),
				Array.from({ length: 7 }, () => ["60", "98"]),
			);

			const timed = join(lab.directory, "timed.pcapng");
			const before = performance.now();
			const spare = ["--duration", "700ms", "--count", "100000"];
			const other = await runProgram(lab, ["record", "-w", timed, ...spare]);
			const tookMs = performance.now() - before;
			assert.equal(other.exitCode, 0);
			assert.ok(tookMs >= 700, `${tookMs} ms`);
			const rows = await readFields(timed, ["frame.time_epoch"]);
			const times = rows.map(([time]) => Number(time));
			const span = Math.max(...times) - Math.min(...times);
			assert.ok(span > 0.5 && span < tookMs / 1000, `${span} s were recorded`);
			await pinging.stop();
		});
	});

	test("captures only what passes --filter", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			await settle(lab, "vm2");
			const log = join(lab.directory, "filtered.pcapng");
			const filter = ["--filter", `ether host ${vms.vm2.mac}`];
			const recording = await startRecording(lab, log, filter);
			const counted = { intervalSeconds: 0.02, count: 5 };
			await startPings(lab, "vm1", counted).finished();
			await startPings(lab, "vm2", counted).finished();
			await recording.stop();
			const rows = await readFields(log, ["ip.src", "ip.dst"]);
			assert.equal(rows.length, 5 * 2 * 3);
			assert.ok(rows.every((row) => row.includes(fixedIps.vm2)));

			const args = ["record", "-w", "-", "--filter", "ether hots x"];
			const { exitCode, stderr } = await runProgram(lab, args);
			assert.equal(exitCode, 3);
			assert.match(stderr, /^vmpath: [^\n]*filter[^\n]*\n$/);
		});
	});

	test("begins a new file in time, keeps the latest, and each can be replayed alone", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const path = join(lab.directory, "turns.pcapng");
			const rotation = ["--rotate-size", "128k", "--files", "3"];
			const recording = await startRecording(lab, path, rotation);
			const pings = { intervalSeconds: 0.004, count: 300, bytes: 1400 };
			await startPings(lab, "vm1", pings).finished();
			const { exitCode, stderr } = await recording.stop();
			assert.equal(exitCode, 0, stderr);

			const files = await findFiles(path);
			assert.equal(files.length, 3);
			assert.match(basename(files[0] ?? ""), /^turns_\d{5}_\d{14}\.pcapng$/);
			assert.ok(!files[0]?.includes("turns_00001"));
			let echoes = 0;
			for (const log of files) {
				echoes += (await readFields(log, ["icmp.seq"])).length;
				await checkAlone(lab, log);
			}
			assert.ok(echoes > 100, `${echoes} frames were kept`);
		});
	});
});
