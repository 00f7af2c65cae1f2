import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { askInVain, ping, takeLease } from "./clients.js";
import { type Lab, withLab } from "./lab.js";
import { readCounters, startStream } from "./live-log.js";
import { parseObjects, readJourneys, readSummary } from "./live-objects.js";
import { readFields } from "./live-oracle.js";
import { isRunning, measureCpu } from "./live-process.js";
import type { Program } from "./live-program.js";
import { assertSame, replayPieces, startReplay } from "./live-replay.js";
import { settle, startPings } from "./live-traffic.js";
import { loadRules } from "./namespaces.js";
import { internet, router } from "./plan.js";
import { findObstacle } from "./requirements.js";
import { startNatDhcp, startRouterDhcp } from "./services.js";
import { waitFor } from "./wait.js";

const obstacle = await findObstacle();

/** A lease, pings near and far, and a lease whose OFFERs are dropped in the bridge. */
async function playWithLoss(lab: Lab): Promise<void> {
	await takeLease(lab, "vm1");
	await ping(lab, "vm1", router.ip, { count: 3, intervalSeconds: 0.1 });
	await takeLease(lab, "vm3");
	await ping(lab, "vm3", internet.ip, { count: 2, intervalSeconds: 0.1 });
	await loadRules(lab.namespaces.kvmhost, [
		"table bridge filter {",
		"chain forward {",
		"type filter hook forward priority 0;",
		'oifname "vnet1" udp sport 67 udp dport 68 counter drop',
		"}",
		"}",
	]);
	await askInVain(lab, "vm2");
	await ping(lab, "vm1", router.ip, { count: 2, intervalSeconds: 0.1 });
}

/** When each occurrence of `mark` had come whole, in milliseconds since the epoch. */
function arrivalsOf(mark: Buffer, { pieces }: Program): readonly number[] {
	const arrivals: number[] = [];
	const text = Buffer.concat(pieces.map(({ bytes }) => bytes));
	let [piece, end] = [0, pieces[0]?.bytes.length ?? 0];
	for (let at = text.indexOf(mark); at >= 0; ) {
		while (end < at + mark.length) {
			piece += 1;
			end += pieces[piece]?.bytes.length ?? 0;
		}
		arrivals.push(pieces[piece]?.atMs ?? 0);
		at = text.indexOf(mark, at + 2 * mark.length);
	}
	return arrivals;
}

/** Only ticks come any more. */
async function isQuiet({ pieces }: Program): Promise<true | undefined> {
	const latest = pieces.slice(-3);
	return latest.every(({ bytes }) => bytes.length < 2000) ? true : undefined;
}

/** What was lost is counted, nothing is called lost for it, and what came later is whole. */
async function checkLossIsKnown(log: Buffer): Promise<void> {
	const replayed = await replayPieces(log, log.length);
	const objects = parseObjects(replayed.stdout);
	const counted = [...readCounters(log).values()];
	const dropped = counted.reduce((sum, port) => sum + port.dropped, 0);
	assert.equal(readSummary(objects).frames.dropped, dropped);
	const journeys = readJourneys(objects);
	const outcomes = new Set(journeys.map(({ outcome }) => outcome));
	assert.deepEqual([...outcomes].sort(), ["delivered", "inconclusive"]);
	const identifier = journeys.at(-1)?.identifier;
	const later = journeys.filter((one) => one.identifier === identifier);
	assert.deepEqual(
		later.map(({ outcome }) => outcome),
		Array.from({ length: 20 }, () => "delivered"),
	);
}

const heldUp =
	/^vmpath: standard input: the recorder was held up for [\d.]+ s$/;

describe("vmpath record -w -", { skip: obstacle ?? false }, () => {
	test("has a ping in the pipe within 100 ms, without more traffic", async (context) => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const recording = await startStream(lab);
			const pings = { intervalSeconds: 0.6, count: 6, pattern: "a5" };
			await startPings(lab, "vm1", pings).finished();
			const { stdout } = await recording.stop();
			const log = join(lab.directory, "log.pcapng");
			await writeFile(log, stdout);
			const rows = await readFields(log, ["frame.time_epoch"]);
			const arrivals = arrivalsOf(Buffer.alloc(40, 0xa5), recording);
			assert.equal(rows.length, 6 * 6);
			assert.equal(arrivals.length, rows.length);
			const delays = rows.map(
				([time], index) => (arrivals[index] ?? 0) - Number(time) * 1000,
			);
			delays.sort((a, b) => a - b);
			const [median = 0] = delays.slice(delays.length / 2);
			const most = delays.at(-1) ?? 0;
			context.diagnostic(
				`in the pipe after ${median.toFixed(1)} ms (median), ${most.toFixed(1)} ms (most)`,
			);
			assert.ok(median < 100, `${median} ms`);
			// A busy machine may be late; the next ping comes later still.
			assert.ok(most < 400, `${most} ms`);
		});
	});

	test("is replayed live to the very lines of its replay, however it is cut", async () => {
		await withLab(async (lab) => {
			await startRouterDhcp(lab, "offers-at-once");
			await startNatDhcp(lab);
			const recording = await startStream(lab);
			const live = startReplay();
			live.follow(recording);
			await playWithLoss(lab);
			const { stdout: log } = await recording.stop();
			const shown = await live.ended;
			// A machine that stalls holds the recorder up: it says so, and what it hit is not told.
			const said = shown.stderr.split("\n").filter((line) => line !== "");
			const stalled = said.filter((line) => heldUp.test(line));
			assert.deepEqual(said, stalled);
			const objects = parseObjects(shown.stdout);
			const journeys = readJourneys(objects);
			const lost = journeys.filter(({ outcome }) => outcome === "lost");
			for (const { message, lastSeen, firstMissing } of lost) {
				const place = `${message} ${lastSeen} ${firstMissing}`;
				assert.equal(place, "offer br0 vnet1");
			}
			assert.ok(lost.length === 3 || (lost.length < 3 && stalled.length > 0));
			assert.ok(journeys.length > 30);
			for (const size of [log.length, 4096, 97]) {
				const again = await replayPieces(log, size);
				assertSame(shown, again, `pieces of ${size} bytes`);
			}
		});
	});

	test("waits without work for a reader that takes nothing, and counts what it loses", async (context) => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			await settle(lab, "vm2");
			const recording = await startStream(lab, ["--buffer", "256k"]);
			recording.stdout.pause();
			const steady = { intervalSeconds: 0.001, bytes: 1400 };
			const pinging = startPings(lab, "vm1", steady);
			await recording.saying(/does not keep up/);
			await pinging.stop();
			const flood = { intervalSeconds: 0, bytes: 1400, count: 500 };
			// Two VMs: there is room for more of each at its tap than at the uplink.
			const floods = (["vm1", "vm2"] as const).map((vm) =>
				startPings(lab, vm, flood),
			);
			await Promise.all(floods.map((each) => each.finished()));
			const share = await measureCpu(recording.pid, 2000);
			context.diagnostic(
				`${(share * 100).toFixed(1)} % of a core while the pipe is full`,
			);
			assert.ok(share < 0.2, `${share} of a core`);

			recording.stdout.resume();
			const few = { intervalSeconds: 0.05, count: 10 };
			await waitFor("the pipe to be emptied", 10_000, () => isQuiet(recording));
			await startPings(lab, "vm1", few).finished();
			const { stdout, exitCode } = await recording.stop();
			assert.equal(exitCode, 0);
			assert.ok((readCounters(stdout).get("vnet0")?.dropped ?? 0) > 0);
			await checkLossIsKnown(stdout);
		});
	});

	test("ends on SIGINT though its reader takes nothing", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const recording = await startStream(lab);
			recording.stdout.pause();
			const flood = { intervalSeconds: 0, bytes: 1400, count: 2500 };
			await startPings(lab, "vm1", flood).finished();
			recording.signal("SIGINT");
			await waitFor("its end", 15_000, async () =>
				(await isRunning(recording.pid)) ? undefined : true,
			);
		});
	});
});
