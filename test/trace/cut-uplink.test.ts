import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EventLogScript } from "./event-log.js";
import { bridged, type HostPort, ipLink, withPorts } from "./host.js";
import { healthyTraffic, writeJourney } from "./notation.js";

const uplink: HostPort = { name: "ens3", kind: "card", master: "br0" };
/** As the bridge has forgotten where the gateway is, it asks all that are left. */
const flooded = "vnet0<4s br0<4s vnet1>4.00003s";

/** A minute of healthy traffic, then an uplink that is otherwise, then pings. */
async function traceEchos(
	changes: readonly (readonly [atMs: number, change: Partial<HostPort>])[],
	echos: readonly string[],
): Promise<string[]> {
	const log = new EventLogScript()
		.capture(["vnet0", "vnet1", "br0", "ens3"].map((name) => ({ name })))
		.document("host-links", -90_000, "ip -d -j link show", ipLink(bridged))
		.frames(healthyTraffic);
	const say = ([atMs, change]: (typeof changes)[number]) => {
		const links = ipLink(withPorts({ ...uplink, ...change }));
		log.document("host-links", atMs, "ip -d -j link show", links);
	};
	changes.filter(([atMs]) => atMs < 4_000).forEach(say);
	for (const echo of echos) {
		log.frames(echo);
	}
	changes.filter(([atMs]) => atMs > 4_000).forEach(say);
	const { journeys } = await log.ticks(8_000, 12_000).play();
	return journeys
		.filter(({ message }) => message === "echo-request")
		.map(writeJourney);
}

describe("a ping that a bridge floods, as its uplink is cut", () => {
	const lost = ["echo-request vnet0< br0< + vnet1> lost br0..ens3"];

	test("is lost where the uplink has no carrier", async () => {
		const told = await traceEchos(
			[[500, { hasCarrier: false }]],
			[`echo: ${flooded}`],
		);
		assert.deepEqual(told, lost);
	});

	test("is lost where the uplink is down", async () => {
		const told = await traceEchos(
			[[500, { isUp: false }]],
			[`echo: ${flooded}`],
		);
		assert.deepEqual(told, lost);
	});

	test("is not lost for sure before the host said so", async () => {
		const [line] = await traceEchos(
			[[7_000, { hasCarrier: false }]],
			[`echo: ${flooded}`],
		);
		assert.match(line ?? "", /inconclusive: it left by vnet1/);
	});

	test("nor where the uplink has come back", async () => {
		const [line] = await traceEchos(
			[
				[500, { hasCarrier: false }],
				[2_000, {}],
			],
			[`echo: ${flooded}`],
		);
		assert.match(line ?? "", /inconclusive: it left by vnet1/);
	});

	test("nor where the gateway answers from another port", async () => {
		const told = await traceEchos(
			[[500, { hasCarrier: false }]],
			[
				`echo: ${flooded}`,
				"reply(from=gw,to=vm1): vnet1<4.001s br0<4.001s vnet0>4.00103s",
				"echo(seq=2): vnet0<5s br0<5s vnet1>5.00003s",
			],
		);
		assert.equal(told.length, 2);
		assert.doesNotMatch(told.join(), /lost/);
	});
});
