import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ping, takeLease } from "./clients.js";
import { withLab } from "./lab.js";
import {
	parseObjects,
	pathOf,
	readJourneys,
	readSummary,
} from "./live-objects.js";
import { measureCpu } from "./live-process.js";
import { runProgram, startProgram } from "./live-program.js";
import { nameOf, startQemu } from "./live-qemu.js";
import { replayPieces } from "./live-replay.js";
import { checkSchema } from "./live-schema.js";
import { fixedIps, settle, startPings } from "./live-traffic.js";
import { findRecorder, startWatch } from "./live-watch.js";
import { router } from "./plan.js";
import { findObstacle } from "./requirements.js";
import { startRouterDhcp } from "./services.js";

const obstacle = await findObstacle();

describe("vmpath watch", { skip: obstacle ?? false }, () => {
	test("prints the journeys of a ping while it runs", async (context) => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const watching = await startWatch(lab);
			const sentAt = performance.now();
			await ping(lab, "vm1", router.ip, { count: 1 });
			const request = await watching.journey(
				"the echo request",
				({ message }) => message === "echo-request",
			);
			const reply = await watching.journey(
				"the echo reply",
				({ message }) => message === "echo-reply",
			);
			const afterMs = performance.now() - sentAt;
			context.diagnostic(`printed ${afterMs.toFixed(0)} ms after it was sent`);
			assert.ok(afterMs < 1500, `${afterMs} ms`);
			assert.equal(pathOf(request), "vnet0 in, br0 in, ens3 out");
			assert.equal(request.outcome, "delivered");
			assert.equal(pathOf(reply), "ens3 in, br0 in, vnet0 out");
			assert.equal(reply.outcome, "delivered");

			const { exitCode, stderr } = await watching.stop();
			assert.equal(exitCode, 0);
			assert.match(stderr, /^vmpath: watching [^\n]*vnet0[^\n]*\n$/);
			const objects = watching.objects();
			assert.equal(readSummary(objects).reason, "interrupted");
			await checkSchema(objects);
		});
	});

	test("keeps with -w a log whose replay says the same", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			await startRouterDhcp(lab, "offers-at-once");
			const log = join(lab.directory, "kept.pcapng");
			const watching = await startWatch(lab, ["-w", log]);
			await takeLease(lab, "vm1");
			await ping(lab, "vm1", router.ip, { count: 3, intervalSeconds: 0.1 });
			await watching.journey(
				"the last ping",
				({ message, sequence }) => message === "echo-reply" && sequence === 2,
			);
			await watching.stop("SIGTERM");
			const bytes = await readFile(log);
			const replayed = await replayPieces(bytes, bytes.length);
			const results = (stdout: Buffer) =>
				parseObjects(stdout).filter(
					({ type }) => type === "journey" || type === "exchange",
				);
			const live = results(watching.read());
			assert.deepEqual(results(replayed.stdout), live);
			assert.ok(live.some(({ protocol }) => protocol === "dhcp"));
			assert.ok(live.some(({ vm }) => vm === nameOf("vm1")));
		});
	});

	test("ends after --duration, --count and --limit", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const pinging = startPings(lab, "vm1", { intervalSeconds: 0.1 });
			const ends: readonly (readonly [string, string, string])[] = [
				["--duration", "600ms", "end of capture"],
				["--count", "12", "end of capture"],
				["--limit", "3", "limit reached"],
			];
			const runs = ends.map(([option, value]) =>
				runProgram(lab, ["watch", "--format", "jsonl", option, value]),
			);
			for (const [index, run] of runs.entries()) {
				const { exitCode, stdout, stderr } = await run;
				const [option, , reason] = ends[index] ?? ["", "", ""];
				assert.equal(exitCode, 0, `${option}: ${stderr}`);
				const objects = parseObjects(stdout);
				assert.equal(readSummary(objects).reason, reason, option);
				const count = readJourneys(objects).length;
				assert.ok(count > 0, `${option} printed nothing`);
				assert.ok(option !== "--limit" || count <= 3);
			}
			await pinging.stop();
		});
	});

	test("shows only the VMs that it is asked for", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			await settle(lab, "vm1");
			await settle(lab, "vm2");
			const watching = await startWatch(lab, [nameOf("vm1")]);
			const pings = { intervalSeconds: 0.05, count: 5 };
			await startPings(lab, "vm2", pings).finished();
			await startPings(lab, "vm1", pings).finished();
			await watching.journey(
				"the last reply",
				({ message, sequence }) => message === "echo-reply" && sequence === 4,
			);
			await watching.stop();
			const journeys = watching.journeys();
			const ends = journeys.map(({ addresses }) =>
				[addresses?.source, addresses?.destination].sort().join(" "),
			);
			assert.deepEqual([...new Set(ends)], [`${router.ip} ${fixedIps.vm1}`]);
		});
	});

	test("prints rows for people, with the totals at the end", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const watching = startProgram(lab, [
				"watch",
				"--interface=vnet0",
				"--bridge=br0",
			]);
			await watching.saying(/watching /);
			await ping(lab, "vm1", router.ip, { count: 2, intervalSeconds: 0.1 });
			const { exitCode, stdout, stderr } = await watching.stop();
			assert.equal(exitCode, 0, stderr);
			assert.match(
				stdout.toString(),
				/^● \d\d:\d\d:\d\d\.\d{3} .*ICMP echo request .* vnet0 → br0 → ens3/m,
			);
			assert.match(stdout.toString(), /delivered[^\n]*\n?$/m);
		});
	});

	test("costs little while nothing passes", async (context) => {
		await withLab(async (lab) => {
			const watching = await startWatch(lab);
			const recorder = await findRecorder(watching);
			const pids = [watching.pid, recorder];
			const shares = await Promise.all(
				pids.map((pid) => measureCpu(pid, 3000)),
			);
			const [watch = 0, record = 0] = shares.map((share) => share * 100);
			context.diagnostic(
				`idle: watch ${watch.toFixed(1)} %, recorder ${record.toFixed(1)} % of a core`,
			);
			assert.ok(watch + record < 20, `${watch} % and ${record} %`);
		});
	});
});
