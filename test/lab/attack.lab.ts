import assert from "node:assert/strict";
import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Command, run } from "./command.js";
import { type Lab, withLab } from "./lab.js";
import { findChildren, isRunning, readCommandLine } from "./live-process.js";
import { runProgram, startProgram } from "./live-program.js";
import { inNamespace, runIp } from "./namespaces.js";
import { findObstacle } from "./requirements.js";
import { waitFor } from "./wait.js";

const obstacle = await findObstacle();

/** What a user takes for a hang, in milliseconds. */
const soonMs = 5000;

/** A PATH on which a tool is a script of these lines; `$REAL` is the tool itself. */
async function replaceTool(
	{ directory }: Lab,
	tool: string,
	body: string,
): Promise<{ readonly PATH: string; readonly notes: string }> {
	const bin = join(directory, `bin-${tool}`);
	await mkdir(bin);
	const real = (await run(["sh", "-c", `command -v ${tool}`])).trim();
	const lines = ["#!/bin/sh", `NOTES='${bin}'`, `REAL='${real}'`, body, ""];
	await writeFile(join(bin, tool), lines.join("\n"));
	await chmod(join(bin, tool), 0o755);
	return { PATH: `${bin}:${process.env.PATH}`, notes: bin };
}

function exists(path: string): Promise<true | undefined> {
	return stat(path).then(
		() => true,
		() => undefined,
	);
}

describe("odd circumstances", { skip: obstacle ?? false }, () => {
	test("record under sudo leaves devices and files of others whose they are", () =>
		withLab(async (lab) => {
			const [device, old, fresh] = ["device", "old", "fresh"].map((name) =>
				join(lab.directory, name),
			) as [string, string, string];
			await run(["mknod", device, "c", "1", "3"]);
			await writeFile(old, "");
			const env = { SUDO_UID: "65534", SUDO_GID: "65534" };
			for (const path of [device, old, fresh]) {
				const args = ["--interface", "vnet0", "--duration", "100ms"];
				await runProgram(lab, ["record", "-w", path, ...args], { env });
			}
			assert.equal((await stat(device)).uid, 0);
			assert.equal((await stat(old)).uid, 0);
			assert.equal((await stat(fresh)).uid, 65534);
		}));

	test("record ends soon when it is asked to while a tool hangs", () =>
		withLab(async (lab) => {
			const hung = 'echo > "$NOTES/hung"; exec sleep 60';
			const { PATH, notes } = await replaceTool(lab, "virsh", hung);
			const path = join(lab.directory, "log.pcapng");
			const program = startProgram(lab, ["record", "-w", path], {
				env: { PATH },
			});
			await waitFor("virsh to hang", 10_000, () => exists(join(notes, "hung")));
			await program.saying(/^vmpath: recording .*vnet0/m);
			program.signal("SIGTERM");
			const { exitCode, stderr } = await program.end(soonMs);
			assert.equal(exitCode, 0, stderr);
			await run(["tshark", "-r", path, "-T", "fields", "-e", "frame.number"]);
		}));

	test("record goes on, and says so, when interfaces cannot be listed any more", () =>
		withLab(async (lab) => {
			const fails =
				'if [ -e "$NOTES/fail" ]; then printf "no\\033[31m\\n" >&2; exit 1; fi; exec "$REAL" "$@"';
			const { PATH, notes } = await replaceTool(lab, "ip", fails);
			const path = join(lab.directory, "log.pcapng");
			const args = ["record", "-w", path, "--count", "2"];
			const program = startProgram(lab, args, { env: { PATH } });
			await waitFor("a log", 10_000, () => exists(path));
			await runIp(lab.namespaces.kvmhost, [
				"tuntap add tap9 mode tap",
				"link set tap9 master br0 up",
			]);
			await program.saying(/tap9 is captured from now on/);
			await writeFile(join(notes, "fail"), "");
			await runIp(lab.namespaces.kvmhost, ["link add dev9 type bridge"]);
			await program.saying(/are not captured: ip -j -d link show: no\\x1b/);
			const ping: Command = ["ping", "-c", "3", "-W", "1", "192.168.100.1"];
			await run(inNamespace(lab.namespaces.kvmhost, ping));
			const { exitCode, stderr } = await program.end();
			assert.equal(exitCode, 0);
			assert.match(stderr, /2 frames recorded/);
			assert.doesNotMatch(stderr, /any more/);
		}));

	test("one interface with an escape in its name hides no other", () =>
		withLab(async (lab) => {
			const name = '\u001b[31m"\u0001';
			const add: Command = [
				"ip",
				"link",
				"add",
				"name",
				name,
				"type",
				"bridge",
			];
			await run(inNamespace(lab.namespaces.kvmhost, add));
			const { exitCode, stdout, stderr } = await runProgram(lab, ["topology"]);
			assert.equal(exitCode, 0, stderr);
			assert.match(stdout.toString(), /\bens3\b/);
			assert.doesNotMatch(`${stdout}${stderr}`.replaceAll("\n", ""), /\p{Cc}/u);
			const path = join(lab.directory, "log.pcapng");
			const args = ["--duration", "100ms", `--interface=${name}`];
			const recorded = await runProgram(lab, ["record", "-w", path, ...args]);
			assert.equal(recorded.exitCode, 0, recorded.stderr);
		}));

	test("record captures what it can where few files may be open", () =>
		withLab(async (lab) => {
			const taps = Array.from({ length: 60 }, (_, index) => `tap${index}`);
			await runIp(
				lab.namespaces.kvmhost,
				taps.flatMap((tap) => [
					`tuntap add ${tap} mode tap`,
					`link set ${tap} master br0 up`,
				]),
			);
			const wrapper = ["sh", "-c", 'ulimit -n 100; exec "$@"', "sh"];
			const path = join(lab.directory, "log.pcapng");
			const args = ["record", "-w", path, "--duration", "500ms"];
			const { exitCode, stderr } = await runProgram(lab, args, { wrapper });
			assert.equal(exitCode, 0, stderr);
			assert.match(stderr, /tap59 cannot be captured: too many files are open/);
			assert.match(stderr, /0 frames recorded, 0 lost/);
			assert.ok((await readFile(path)).includes("tap0"));
		}));

	test("watch ends though nobody reads what it shows", () =>
		withLab(async (lab) => {
			const args = ["watch", "--frames", "--format", "jsonl"];
			const program = startProgram(lab, args);
			await program.saying(/watching/);
			program.stdout.pause();
			const flood: Command = [
				"ping",
				"-f",
				"-c",
				"3000",
				"-s",
				"8",
				"192.168.100.1",
			];
			await run(inNamespace(lab.namespaces.kvmhost, flood));
			const { exitCode } = await program.stop();
			assert.ok(exitCode === 0 || exitCode === 3);
		}));

	test("watch ends a recorder that is stopped", () =>
		withLab(async (lab) => {
			const program = startProgram(lab, ["watch"]);
			await program.saying(/watching/);
			const [recorder = 0] = await findChildren(program.pid);
			assert.match(await readCommandLine(recorder), /record --restricted/);
			process.kill(recorder, "SIGSTOP");
			const { exitCode } = await program.stop();
			assert.equal(exitCode, 0);
			assert.equal(await isRunning(recorder), false);
		}));
});
