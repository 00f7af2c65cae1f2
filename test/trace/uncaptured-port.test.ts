import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EventLogScript } from "./event-log.js";
import { bridged, ipLink } from "./host.js";

/** Who sent a frame of which a log has only the ports named, and whom it is of. */
async function sourcesOf(
	ports: readonly string[],
	frames: string,
): Promise<(readonly [string, string | null])[]> {
	const log = new EventLogScript()
		.capture(ports.map((name) => ({ name })))
		.document("host-links", -5_000, "ip -d -j link show", ipLink(bridged))
		.frames(frames)
		.ticks(1_000, 2_500);
	const { journeys } = await log.play();
	return journeys.map(({ source, mac }) => [source, mac] as const);
}

describe("a frame that a bridge sees first, as it comes in", () => {
	test("is another VM's where it leaves by the uplink", async () => {
		const sources = await sourcesOf(
			["vnet1", "br0", "ens3"],
			"discover: br0<0 ens3>37 vnet1>40",
		);
		assert.deepEqual(sources, [["other-vm", null]]);
	});

	test("is of the LAN where the uplink was not captured", async () => {
		const sources = await sourcesOf(
			["vnet1", "br0"],
			"who-has(from=gw,to=vm2): br0<0 vnet1>40",
		);
		assert.deepEqual(sources, [["lan", null]]);
	});

	test("is the host's where the bridge sends it", async () => {
		const sources = await sourcesOf(
			["vnet1", "br0", "ens3"],
			"who-has(from=host,to=gw): br0>0 ens3>37 vnet1>40",
		);
		assert.deepEqual(sources, [["host", null]]);
	});

	test("is the VM's where its tap was captured", async () => {
		const [[source] = []] = await sourcesOf(
			["vnet0", "vnet1", "br0", "ens3"],
			"who-has(from=vm1,to=gw): vnet0<0 br0<0 ens3>37 vnet1>40",
		);
		assert.equal(source, "vm");
	});
});
