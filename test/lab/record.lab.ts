import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "./command.js";
import { readFrames } from "./reader.js";
import { recordScenario } from "./recording.js";
import { findObstacle } from "./requirements.js";
import { findScenario } from "./scenarios.js";
import type { Truth } from "./truth.js";

const obstacle = await findObstacle();

describe("recordScenario()", { skip: obstacle ?? false }, () => {
	let into = "";
	before(async () => {
		into = await mkdtemp(join(tmpdir(), "vmpath-lab-test-"));
	});
	after(() => rm(into, { recursive: true, force: true }));

	test("shows a whole lease at every port of a healthy bridge", async () => {
		const truth = await recordAndRead("healthy-bridged", into);
		assert.equal(truth.fault, null);
		for (const port of ["vnet0", "br0", "ens3"]) {
			assert.deepEqual(await readDhcp(into, truth, port), [
				"dhcp discover 52:54:00:cd:76:3a",
				"dhcp offer 52:54:00:cd:76:3a",
				"dhcp request 52:54:00:cd:76:3a",
				"dhcp ack 52:54:00:cd:76:3a",
			]);
		}
	});

	test("shows OFFERs at ens3 and br0 that never reach vnet0", async () => {
		const truth = await recordAndRead("offer-lost-at-bridge", into);
		assert.equal(truth.fault?.cause, "bridge-filter-drop");
		const offers = async (port: string) =>
			(await readDhcp(into, truth, port)).filter((line) =>
				line.startsWith("dhcp offer"),
			).length;
		assert.equal(await offers("ens3"), 3);
		assert.equal(await offers("br0"), 3);
		assert.equal(await offers("vnet0"), 0);
	});

	test("leaves no namespace behind", async () => {
		const namespaces = await run(["ip", "netns", "list"]);
		assert.doesNotMatch(namespaces, new RegExp(`^vmpath-${process.pid}-`, "m"));
	});
});

/** Records afresh, and checks that every file holds as many packets as it should. */
async function recordAndRead(name: string, into: string): Promise<Truth> {
	const recorded = await recordScenario(findScenario(name), into);
	const directory = join(into, name);
	const text = await readFile(join(directory, "truth.json"), "utf8");
	assert.deepEqual(JSON.parse(text), recorded);
	for (const [file, count] of Object.entries(recorded.counts)) {
		const frames = await readFrames(join(directory, file));
		assert.equal(frames.length, count, file);
	}
	assert.deepEqual(
		(await readdir(directory)).sort(),
		[...Object.keys(recorded.counts), "links.txt", "truth.json"].sort(),
	);
	return recorded;
}

async function readDhcp(
	into: string,
	{ name }: Truth,
	port: string,
): Promise<readonly string[]> {
	const frames = await readFrames(join(into, name, `${port}.pcap`));
	return frames
		.map(({ line }) => line)
		.filter((line) => line.startsWith("dhcp "));
}
