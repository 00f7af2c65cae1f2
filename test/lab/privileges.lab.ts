import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { cli } from "../commands/program.js";
import { tryRun } from "./command.js";
import { type Lab, withLab } from "./lab.js";
import { startStream } from "./live-log.js";
import { readFields } from "./live-oracle.js";
import { runProgram, startProgram } from "./live-program.js";
import { settle, startPings } from "./live-traffic.js";
import { findObstacle } from "./requirements.js";

/** Who is nobody, and may do nothing. */
const asNobody = [
	"setpriv",
	...["--reuid=65534", "--regid=65534", "--clear-groups"],
	...["--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"],
];
/** The same, with the one capability that packet sockets need. */
const withNetRaw = [
	"setpriv",
	...["--reuid=65534", "--regid=65534", "--clear-groups"],
	...["--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw"],
	"--bounding-set=-all,+net_raw",
];

/** A checkout below /root is out of reach for nobody. */
async function findBarrier(): Promise<string | null> {
	const [file = "", ...args] = [...asNobody, process.execPath, cli, "--help"];
	const { exitCode } = await tryRun([file, ...args]);
	return exitCode === 0 ? null : "nobody may not read the built program";
}

const obstacle = (await findObstacle()) ?? (await findBarrier());

describe("vmpath", { skip: obstacle ?? false }, () => {
	test("record captures with CAP_NET_RAW alone, and says what it cannot read", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const recording = await startStream(lab, [], withNetRaw);
			const pings = { intervalSeconds: 0.05, count: 5 };
			await startPings(lab, "vm1", pings).finished();
			const { exitCode, stdout, stderr } = await recording.stop();
			assert.equal(exitCode, 0);
			assert.match(stderr, /^vmpath: [^\n]*rmem_max[^\n]*\n$/);
			const log = join(lab.directory, "log.pcapng");
			await writeFile(log, stdout);
			assert.equal((await readFields(log, ["icmp.seq"])).length, 5 * 6);
			assert.match(stdout.toString("latin1"), /"gap":\{"reason":"[^"]+"/);
		});
	});

	test("watch works with CAP_NET_RAW alone", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const args = ["watch", "--format", "jsonl"];
			const watching = startProgram(lab, args, { wrapper: withNetRaw });
			await watching.saying(/watching /);
			const pings = { intervalSeconds: 0.05, count: 5 };
			await startPings(lab, "vm1", pings).finished();
			const { exitCode, stdout } = await watching.stop();
			assert.equal(exitCode, 0);
			const said = stdout.toString();
			assert.equal(
				[...said.matchAll(/"outcome":"delivered"/g)].length >= 10,
				true,
			);
			assert.doesNotMatch(said, /"outcome":"lost"/);
		});
	});

	test("record and watch say in one line what to run without any privilege", async () => {
		await withLab(async (lab) => {
			const recorded = await runAsNobody(lab, ["record", "-w", "-"]);
			assert.equal(recorded.exitCode, 3);
			assert.equal(recorded.stdout.length, 0);
			assert.match(recorded.stderr, /^vmpath: [^\n]*(root|sudo)[^\n]*\n$/);

			const watched = await runAsNobody(lab, ["watch", "web 1", "--limit=3"]);
			assert.equal(watched.exitCode, 3);
			assert.match(
				watched.stderr,
				/^vmpath: capturing needs root[^\n]*`[^`]*vmpath watch 'web 1' --limit=3[^`]*`[^\n]*\n$/,
			);
		});
	});

	test("watch --sudo captures through sudo, and says why that failed", async () => {
		await withLab(async (lab) => {
			const sudo = join(lab.directory, "sudo");
			await writeFile(sudo, '#!/bin/sh\necho "sudo: no to $*" >&2\nexit 1\n');
			await Promise.all(
				[sudo, lab.directory].map((path) => chmod(path, 0o755)),
			);
			const args = ["watch", "--sudo", "web 1", "--filter", "ether host x"];
			const { exitCode, stdout, stderr } = await startProgram(lab, args, {
				wrapper: asNobody,
				env: { PATH: `${lab.directory}:${process.env.PATH}` },
			}).end();
			assert.equal(exitCode, 3);
			assert.equal(stdout.length, 0);
			const program = `${process.execPath} ${cli}`;
			const asked = `record --restricted -w - --vm=web 1 --snaplen=2048 --buffer=33554432 --filter=ether host x`;
			assert.equal(stderr, `vmpath: sudo: no to -- ${program} ${asked}\n`);
		});
	});

	test("record --restricted writes nowhere but to standard output", async () => {
		await withLab(async (lab) => {
			const file = join(lab.directory, "file.pcapng");
			const refused = [
				["-w", file],
				["-w", "-", "--rotate-size", "1M"],
				["-w", "-", "--connect", "qemu+ssh://elsewhere/system"],
			];
			for (const args of refused) {
				const whole = ["record", "--restricted", ...args];
				const { exitCode, stdout, stderr } = await runProgram(lab, whole);
				assert.equal(exitCode, 3, args.join(" "));
				assert.equal(stdout.length, 0);
				assert.match(stderr, /^vmpath: [^\n]*--restricted[^\n]*\n$/);
			}
			const made = await tryRun(["ls", file]);
			assert.notEqual(made.exitCode, 0);
		});
	});
});

async function runAsNobody(lab: Lab, args: readonly string[]) {
	return startProgram(lab, args, { wrapper: asNobody }).end(30_000);
}
