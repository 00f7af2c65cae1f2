import assert from "node:assert/strict";
import {
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type Command, run } from "./command.js";
import { dhcp } from "./expectation.js";
import { findFaults } from "./fault-scenarios.js";
import { recordFault } from "./fault-stage.js";
import type { FaultTruth } from "./fault-truth.js";
import { vms } from "./plan.js";
import { findObstacle } from "./requirements.js";

const obstacle = await findObstacle();
const fixtures = fileURLToPath(
	new URL("../../../fixtures/faults/", import.meta.url),
);

describe("recordFault()", { skip: obstacle ?? false }, () => {
	let into = "";
	before(async () => {
		into = await mkdtemp(join(tmpdir(), "vmpath-faults-test-"));
	});
	after(() => rm(into, { recursive: true, force: true }));

	for (const name of ["uplink-not-in-bridge", "dhcp-nak", "healthy-floods"]) {
		test(`records ${name} as the fixture has it`, async () => {
			const [scenario] = findFaults(name);
			assert.ok(scenario);
			const recorded = await recordFault(scenario, into);
			const kept = await readTruth(fixtures, name);
			assert.deepEqual(await readTruth(into, name), recorded);
			assert.deepEqual(lasting(recorded), lasting(kept));
			await agrees(into, recorded);
		});
	}

	test("shows with tcpdump that DISCOVERs end at br0", async () => {
		const log = await unpack(into, "uplink-not-in-bridge");
		const { mac, sinceNs } = await readTruth(into, "uplink-not-in-bridge");
		const print = ["tcpdump", "-n", "-e", "-tt", "-v"] as const;
		const said = await run([
			...print,
			...["-r", log, `ether src ${mac} and udp port 67`],
		]);
		const times = Array.from(said.matchAll(/^(\d+\.\d+) /gm), Number);
		assert.ok(times.length > 0, said);
		// Before: DISCOVER and REQUEST at vnet0, vnet1, br0 and ens3. Since: at vnet0,
		// vnet1 and br0, three times.
		const since = [...said.matchAll(/^(\d+\.\d+) /gm)].filter(
			([, time]) => Number(time) >= Number(sinceNs) / 1e9,
		);
		assert.equal(since.length, 9, said);
		assert.equal(times.length - since.length, 8, said);
	});

	test("writes nothing that does not show what it should", async () => {
		const [healthy] = findFaults("healthy-floods");
		assert.ok(healthy);
		const untrue = {
			...healthy,
			name: "untrue",
			play: async (stage: Parameters<typeof healthy.play>[0]) => ({
				...(await healthy.play(stage)),
				since: [dhcp("nak", vms.vm1, { vnet0: "some" })],
			}),
		};
		await assert.rejects(
			recordFault(untrue, into),
			/^Error: dhcp nak .*: 0 at vnet0 since the fault, not some/,
		);
		await assert.rejects(stat(join(into, "untrue")));
	});

	test("leaves no namespace behind", async () => {
		const namespaces = await run(["ip", "netns", "list"]);
		assert.doesNotMatch(namespaces, new RegExp(`^vmpath-${process.pid}-`, "m"));
	});

	test("has left fixtures that tshark reads as their truth says", async () => {
		for (const name of await readdir(fixtures)) {
			await agrees(fixtures, await readTruth(fixtures, name));
		}
	});

	/** Frames of a log, at each port, as tshark counts them. */
	async function agrees(
		from: string,
		{ name, frames }: FaultTruth,
	): Promise<void> {
		const tshark: Command = [
			...(["tshark", "-n", "-r", join(from, name, "log.pcapng.gz")] as const),
			...["-T", "fields", "-e", "frame.interface_name"],
		];
		const counts: Record<string, number> = {};
		for (const port of (await run(tshark)).split("\n")) {
			counts[port] = (counts[port] ?? 0) + 1;
		}
		delete counts["vmpath:host"];
		assert.deepEqual(counts, frames, name);
	}

	/** The log of a recording for programs that do not unpack it themselves. */
	async function unpack(from: string, name: string): Promise<string> {
		const path = join(into, `${name}.pcapng`);
		const packed = await readFile(join(from, name, "log.pcapng.gz"));
		await writeFile(path, gunzipSync(packed));
		return path;
	}
});

async function readTruth(from: string, name: string): Promise<FaultTruth> {
	const text = await readFile(join(from, name, "truth.json"), "utf8");
	return JSON.parse(text);
}

/** What of a truth is the same each time it is recorded. */
function lasting(truth: FaultTruth) {
	const { name, what, cause, mode, vm, mac, tap, bridge, effect, fix } = truth;
	return { name, what, cause, mode, vm, mac, tap, bridge, effect, fix };
}
