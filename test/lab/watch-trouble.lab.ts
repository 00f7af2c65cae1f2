import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cli } from "../commands/program.js";
import { withLab } from "./lab.js";
import { readSummary } from "./live-objects.js";
import { isRunning, measureCpu } from "./live-process.js";
import { startOnHost } from "./live-program.js";
import { settle, startPings } from "./live-traffic.js";
import { answeredButLost, findRecorder, startWatch } from "./live-watch.js";
import { findObstacle } from "./requirements.js";
import { waitFor } from "./wait.js";

const obstacle = await findObstacle();

describe("vmpath watch", { skip: obstacle ?? false }, () => {
	test("says in one line that its recorder was killed, and judges what there is", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const watching = await startWatch(lab);
			const pinging = startPings(lab, "vm1", { intervalSeconds: 0.05 });
			await watching.journey(
				"the third reply",
				({ message, sequence }) => message === "echo-reply" && sequence === 2,
			);
			process.kill(await findRecorder(watching), "SIGKILL");
			const { exitCode, stderr } = await watching.end(3000);
			await pinging.stop();
			assert.equal(exitCode, 3);
			const said = stderr.split("\n").filter((line) => !/watching/.test(line));
			assert.deepEqual(said, ["vmpath: the recorder was ended by SIGKILL", ""]);
			const journeys = watching.journeys();
			assert.ok(journeys.length >= 6);
			assert.ok(journeys.every(({ outcome }) => outcome !== "lost"));
			assert.equal(readSummary(watching.objects()).reason, "end of capture");
		});
	});

	test("leaves no recorder behind when it is killed itself", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const watching = await startWatch(lab);
			const recorder = await findRecorder(watching);
			await watching.stop("SIGKILL");
			await waitFor("the recorder to end", 3000, async () =>
				(await isRunning(recorder)) ? undefined : true,
			);
		});
	});

	test("ends quietly, and its recorder with it, when who reads it has gone", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const pinging = startPings(lab, "vm1", { intervalSeconds: 0.05 });
			const script = `"$0" "$1" watch | head -n 3; exit "\${PIPESTATUS[0]}"`;
			const pipeline = startOnHost(lab, [
				...(["bash", "-c", script, process.execPath, cli] as const),
			]);
			const { exitCode, stdout, stderr } = await pipeline.end();
			await pinging.stop();
			assert.equal(exitCode, 0);
			assert.match(stderr, /^(vmpath: watching [^\n]*\n)?$/);
			assert.equal(stdout.toString().split("\n").length, 4);
		});
	});

	test("says that nothing comes from a stopped recorder, and goes on with it", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const watching = await startWatch(lab);
			const pinging = startPings(lab, "vm1", { intervalSeconds: 0.05 });
			await watching.journey("a ping", () => true);
			const recorder = await findRecorder(watching);
			process.kill(recorder, "SIGSTOP");
			const before = pinging.answered().length;
			const share = await measureCpu(watching.pid, 3000);
			assert.ok(share < 0.2, `${share} of a core while nothing comes`);
			assert.match(
				watching.stderr,
				/^vmpath: nothing comes from the recorder/m,
			);
			const during = pinging.answered().at(-1) ?? 0;
			assert.ok(during > before + 10);
			process.kill(recorder, "SIGCONT");
			await watching.saying(/^vmpath: the recorder goes on after \d+\.\d s$/m);
			await watching.journey(
				"a ping after it",
				({ message, sequence }) =>
					message === "echo-reply" && (sequence ?? 0) > during + 10,
			);
			await pinging.stop();
			const { exitCode } = await watching.stop();
			assert.equal(exitCode, 0);
			assert.deepEqual(answeredButLost(watching, pinging.answered()), []);
			const seen = new Set(watching.journeys().map(({ sequence }) => sequence));
			const missing = pinging
				.answered()
				.filter((sequence) => sequence > 3 && !seen.has(sequence));
			assert.deepEqual(missing.slice(0, -2), []);
		});
	});
});
