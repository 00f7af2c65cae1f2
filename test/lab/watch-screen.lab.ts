import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import {
	noTmux,
	openPane,
	type Pane,
	type PaneOptions,
} from "../terminal/pane.js";
import { run } from "./command.js";
import { type Lab, withLab } from "./lab.js";
import { isRunning } from "./live-process.js";
import { settle, startPings } from "./live-traffic.js";
import { findRecorder } from "./live-watch.js";
import { findObstacle } from "./requirements.js";
import { waitFor } from "./wait.js";

const obstacle = (await findObstacle()) ?? (noTmux || null);
const deadlineMs = 10_000;
/** The last row, which has keys, while the screen is open. */
const open = /\? help/;
const echoReply = /ICMP echo reply .* seq \d+/;

/** `vmpath watch` on the KVM host of a lab, in a terminal; journeys of pings are there. */
async function openWatch(
	context: TestContext,
	lab: Lab,
	{ args = "", before = "", ...options }: PaneOptions & { args?: string } = {},
): Promise<Pane> {
	const inHost = `ip netns exec '${lab.namespaces.kvmhost}'`;
	const pane = await openPane(context, `watch ${args}`, {
		...options,
		before: `${before} ${inHost}`,
	});
	lab.teardown.add(() =>
		pane.tmux("kill-server").then(
			() => {},
			() => {},
		),
	);
	if (!args.includes("--lines")) {
		await pane.showing(open);
	}
	await pane.showing(echoReply);
	return pane;
}

async function recorderOf(pane: Pane): Promise<number> {
	return findRecorder({ pid: await pane.pid() });
}

async function checkGone(...pids: readonly number[]): Promise<void> {
	await waitFor("the processes to be gone", deadlineMs, async () => {
		const running = await Promise.all(pids.map(isRunning));
		return running.includes(true) ? undefined : true;
	});
}

/** Sequence numbers of the echo replies a recording has at the VM's tap. */
async function readReplies(log: string): Promise<readonly number[]> {
	const fields = await run([
		...(["tshark", "-n", "-r", log] as const),
		...["-Y", 'icmp.type == 0 && frame.interface_name == "vnet0"'],
		...["-T", "fields", "-e", "icmp.seq"],
	]);
	return fields.split("\n").filter(Boolean).map(Number);
}

describe("vmpath watch on a screen", { skip: obstacle ?? false }, () => {
	test("stays when its recorder is killed, and says so until q", async (context) => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const pinging = startPings(lab, "vm1", { intervalSeconds: 0.1 });
			const pane = await openWatch(context, lab);
			process.kill(await recorderOf(pane), "SIGKILL");
			await pane.showing(
				/the recorder was ended by SIGKILL: nothing new is captured; q quits/,
			);
			await pane.showing(/ ended \d\d:\d\d:\d\d /);
			await pinging.stop();
			await pane.press("/");
			await pane.press("-l", "proto:icmp");
			await pane.press("Enter", "?");
			await pane.showing(/quit, wherever one is/);
			await pane.press("Escape");
			await pane.showing(/\[journeys\]/);
			await pane.press("5");
			await pane.showing(/^ engine +packet/m);
			await pane.press("q");
			assert.equal(await pane.ended(), 3);
			assert.equal(
				await pane.tmux("list-panes", "-F", "#{alternate_on} #{cursor_flag}"),
				"0 1",
			);
			const lines = await pane.scrollback();
			assert.deepEqual(
				lines.filter((line) => /^vmpath:/.test(line)),
				["vmpath: the recorder was ended by SIGKILL"],
			);
			const [totals = ""] = lines.filter((line) =>
				/^\d+ journeys: /.test(line),
			);
			assert.match(totals, /delivered/);
			assert.match(totals, /✗ 0 lost/);
		});
	});

	test("opens no screen when its recorder cannot begin", async (context) => {
		await withLab(async (lab) => {
			const inHost = `ip netns exec '${lab.namespaces.kvmhost}'`;
			const noRight = `${inHost} setpriv --bounding-set=-net_raw --inh-caps=-net_raw`;
			for (const [before, args] of [
				[inHost, "--interface no-such"],
				[noRight, ""],
			]) {
				const pane = await openPane(context, `watch ${args}`, {
					before: before ?? "",
				});
				assert.equal(await pane.ended(), 3);
				assert.match((await pane.screen()).join("\n"), /^vmpath: .+/m);
				assert.doesNotMatch(await pane.written(), /1049/);
			}
		});
	});

	for (const option of ["", "--lines "]) {
		test(`${option}ends with its terminal, and its recorder with it; what it kept is whole`, async (context) => {
			await withLab(async (lab) => {
				await settle(lab, "vm1");
				const pinging = startPings(lab, "vm1", { intervalSeconds: 0.02 });
				const log = join(lab.directory, "kept.pcapng");
				const args = `${option}-w '${log}'`;
				const pane = await openWatch(context, lab, { args });
				const pids = [await pane.pid(), await recorderOf(pane)];
				await pinging.more(20);
				const answered = pinging.answered();
				await pane.tmux("kill-window");
				await checkGone(...pids);
				await pinging.stop();
				const replies = await readReplies(log);
				const [first = 0] = replies;
				const missing = answered
					.filter((sequence) => sequence > first)
					.filter((sequence) => !replies.includes(sequence));
				assert.deepEqual(missing, []);
				// A file that was cut short would be an error.
				await run(["capinfos", log]);
			});
		});
	}

	test("goes on capturing while ctrl-Z has stopped it", async (context) => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const pinging = startPings(lab, "vm1", { intervalSeconds: 0.05 });
			const log = join(lab.directory, "kept.pcapng");
			const pane = await openWatch(context, lab, {
				args: `-w '${log}'`,
				before: "set -m;",
				behind: "|| { echo stopped $?; read again; fg; }",
			});
			await pane.press("C-z");
			await pane.showing(/^stopped 148$/m);
			const before = pinging.answered().length;
			await pinging.more(60);
			const during = pinging.answered().slice(before);
			await pinging.stop();
			await pane.press("Enter");
			await pane.showing(
				new RegExp(`ICMP echo reply .* seq ${during.at(-1)} `),
			);
			assert.doesNotMatch(
				(await pane.screen()).join("\n"),
				/nothing comes from the recorder/,
			);
			await pane.press("q");
			assert.equal(await pane.ended(), 0);
			const totals = (await pane.scrollback()).filter((line) =>
				/^\d+ journeys: /.test(line),
			);
			assert.match(totals.join(), /✗ 0 lost/);
			const replies = await readReplies(log);
			assert.deepEqual(
				during.filter((sequence) => !replies.includes(sequence)),
				[],
			);
		});
	});

	test("tells its engine, and that nothing was lost", async (context) => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const pinging = startPings(lab, "vm1", { intervalSeconds: 0.1 });
			const pane = await openWatch(context, lab);
			await pane.press("5");
			await pane.showing(/^ engine +packet.*, capturing/m);
			await pane.showing(/^ lost +0 by the capture itself/m);
			await pane.press("q");
			assert.equal(await pane.ended(), 0);
			await pinging.stop();
		});
	});

	test("says that the disk is full, and leaves no part of a file on it", async (context) => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const pinging = startPings(lab, "vm1", { intervalSeconds: 0 });
			const small = join(lab.directory, "small");
			await run(["mkdir", small]);
			const mount = `mount -t tmpfs -o size=8k none '${small}'`;
			const pane = await openWatch(context, lab, {
				before: `unshare -m sh -c '${mount.replaceAll("'", "'\\''")} && exec "$@"' sh`,
			});
			await pinging.more(300);
			await pane.press("w", "C-u");
			await pane.press("-l", `${small}/a.pcapng`);
			await pane.press("Enter");
			await pane.showing(/a\.pcapng: the disk is\s+full: nothing written/);
			const seen = `/proc/${await pane.pid()}/root${small}`;
			assert.deepEqual(await readdir(seen), []);
			await pinging.stop();
			await pane.press("q");
			assert.equal(await pane.ended(), 0);
		});
	});
});
