import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Command, type Ended, run, tryRun } from "./command.js";
import { type Lab, withLab } from "./lab.js";
import { inNamespace } from "./namespaces.js";
import { findObstacle } from "./requirements.js";

const obstacle = await findObstacle();

const doctor = new URL("../../src/commands/doctor.js", import.meta.url).href;
const script = `
	const { runDoctor } = await import(process.argv[1]);
	process.exitCode = await runDoctor({ format: "text", connect: null });`;

/** Runs the doctor on the KVM host, by a command that changes what it may do. */
async function runDoctor(lab: Lab, as: readonly string[] = []): Promise<Ended> {
	const node = [process.execPath, "--input-type=module", "-e", script, doctor];
	const [program = process.execPath, ...args] = [...as, ...node];
	const command: Command = [program, ...args];
	return tryRun(inNamespace(lab.namespaces.kvmhost, command));
}

const nobody = ["setpriv", "--reuid=65534", "--clear-groups"];

describe("runDoctor()", { skip: obstacle ?? false, concurrency: 1 }, () => {
	test("finds the taps of each bridge, and leaves nothing changed", async () => {
		await withLab(async (lab) => {
			const { exitCode, stdout, stderr } = await runDoctor(lab);
			assert.equal(exitCode, 0, stderr);
			assert.match(
				stdout,
				/^✓ VM taps +br0: vnet0, vnet1; virbr0: vnet2, vnet3$/m,
			);
			assert.match(stdout, /^✓ packet socket +can be opened/m);
			assert.match(stdout, /^✓ receive buffer +32 MiB a port/m);
			const loopback = await run([
				...(["ip", "-n", lab.namespaces.kvmhost, "-d", "-j"] as const),
				...["link", "show", "lo"],
			]);
			assert.equal(JSON.parse(loopback)[0].promiscuity, 0);
		});
	});

	test("hints at iptables where bridged frames pass its rules, and can trace all the same", async () => {
		await withLab(async (lab) => {
			const { kvmhost } = lab.namespaces;
			const name = "net.bridge.bridge-nf-call-iptables";
			for (const [value, mark] of [
				["0", "✓"],
				["1", "!"],
			] as const) {
				const set = ["sysctl", "-qw", `${name}=${value}`] as const;
				await run(inNamespace(kvmhost, set));
				const { exitCode, stdout, stderr } = await runDoctor(lab);
				assert.equal(exitCode, 0, stderr);
				assert.match(stdout, new RegExp(`^${mark} bridged frames `, "m"));
			}
		});
	});

	test("says what limits the receive buffer with CAP_NET_RAW alone", async () => {
		await withLab(async (lab) => {
			const { exitCode, stdout, stderr } = await runDoctor(lab, [
				...nobody,
				...["--inh-caps=+net_raw", "--ambient-caps=+net_raw"],
				"--bounding-set=-all,+net_raw",
			]);
			assert.equal(exitCode, 0, stderr);
			const maximum = Number(
				await run(
					inNamespace(lab.namespaces.kvmhost, [
						"cat",
						"/proc/sys/net/core/rmem_max",
					]),
				),
			);
			if (maximum < 2 ** 25) {
				assert.match(
					stdout,
					/^! receive buffer +limited to \d+ [KM]iB a port by net\.core\.rmem_max/m,
				);
				assert.match(stdout, /→ .*sysctl -w net\.core\.rmem_max=33554432/);
			} else {
				assert.match(stdout, /^✓ receive buffer /m);
			}
		});
	});

	test("says without any capability what to do, and ends with 3", async () => {
		await withLab(async (lab) => {
			const { exitCode, stdout, stderr } = await runDoctor(lab, [
				...nobody,
				...["--inh-caps=-all", "--bounding-set=-all"],
			]);
			assert.equal(exitCode, 3);
			assert.match(stdout, /^✗ packet socket +refused: capturing needs root/m);
			assert.match(stdout, /→ (sudo|su -c) .*watch/);
			assert.match(stdout, /setcap cap_net_raw,cap_net_admin\+ep/);
			assert.match(stderr, /^vmpath: this host cannot be traced: [^\n]+$/);
		});
	});
});
