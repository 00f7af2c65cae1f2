import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { type Lived, live, plugIn } from "./live-life.js";
import { kvmHost, router } from "./plan.js";
import { findObstacle } from "./requirements.js";

const obstacle = await findObstacle();
const usualPath = "vnet0 in, br0 in, ens3 out";

/** What was said while it was watched, but for the ports it began with. */
function saidOf({ stderr }: Lived): readonly string[] {
	const lines = stderr.trimEnd().split("\n");
	return lines.filter((line) => !line.startsWith("vmpath: watching "));
}

/** What was printed of a port each time the host had changed; null: there was none. */
function statesOf({ topologies }: Lived, name: string) {
	return topologies.map(({ ports }) => {
		const port = ports.find((each) => each.name === name);
		return port === undefined ? null : { ...port };
	});
}

function tellCpu(context: TestContext, { cpuShare }: Lived): void {
	const percent = (cpuShare * 100).toFixed(0);
	context.diagnostic(`watch and recorder used ${percent} % of a core`);
}

describe("vmpath watch", { skip: obstacle ?? false }, () => {
	test("traces a tap within a second of its coming", async (context) => {
		const lived = await live(async (life) => {
			const ms = await plugIn(life, "vnet9");
			context.diagnostic(
				`the first traced ping came ${ms.toFixed(0)} ms after the tap was up`,
			);
			assert.ok(ms < 1000, `${ms} ms`);
		});
		assert.deepEqual(saidOf(lived), ["vmpath: vnet9 is captured from now on"]);
		tellCpu(context, lived);
	});

	test("goes on when a tap goes", async (context) => {
		const lived = await live(async ({ change, watching, healthy }) => {
			await change("link delete vnet0");
			await watching.saying(/^vmpath: vnet0/m);
			await healthy.more(30);
		});
		// The kernel tells the recorder of it in two ways; one comes first.
		const [said, ...more] = saidOf(lived);
		assert.match(
			said ?? "",
			/^vmpath: vnet0(: the interface is gone| is not captured any more)$/,
		);
		assert.deepEqual(more, []);
		assert.equal(statesOf(lived, "vnet0").at(-1), null);
		tellCpu(context, lived);
	});

	test("follows a tap that is renamed", async (context) => {
		const lived = await live(async ({ change, traced }) => {
			await change(
				"link set vnet0 down",
				"link set vnet0 name vnet7",
				"link set vnet7 up",
			);
			await traced("pings by the new name", "vnet7 in, br0 in, ens3 out");
		});
		assert.deepEqual(saidOf(lived), ["vmpath: vnet0 is now called vnet7"]);
		tellCpu(context, lived);
	});

	test("goes on when a tap leaves its bridge, and comes back", async (context) => {
		const lived = await live(async ({ change, traced, healthy }) => {
			await change("link set vnet0 nomaster");
			await healthy.more(30);
			await change("link set vnet0 master br0");
			await traced("a ping after it came back", usualPath);
		});
		assert.deepEqual(saidOf(lived), []);
		const masters = statesOf(lived, "vnet0").map((port) => port?.master);
		assert.ok(masters.includes(null));
		assert.equal(masters.at(-1), "br0");
		tellCpu(context, lived);
	});

	test("goes on when a tap's link goes down, and up", async (context) => {
		const lived = await live(async ({ change, traced, healthy }) => {
			await change("link set vnet0 down");
			await healthy.more(30);
			await change("link set vnet0 up");
			await traced("a ping after it came up", usualPath);
		});
		const isUp = statesOf(lived, "vnet0").map((port) => port?.isUp);
		assert.ok(isUp.includes(false));
		assert.equal(isUp.at(-1), true);
		tellCpu(context, lived);
	});

	test("goes on when the uplink's link goes down, and up", async (context) => {
		const lived = await live(async ({ change, traced, watching }) => {
			await change("link set ens3 down");
			await watching.topology(
				({ ports }) => !ports.find(({ name }) => name === "ens3")?.isUp,
			);
			await change("link set ens3 up");
			await traced("a ping after it came up", usualPath);
		}, "both");
		assert.equal(statesOf(lived, "ens3").at(-1)?.isUp, true);
		tellCpu(context, lived);
	});

	test("goes on when the bridge is deleted and made again", async (context) => {
		const lived = await live(async ({ change, traced, watching }) => {
			await change("link delete br0");
			await watching.saying(/^vmpath: br0/m);
			await change(
				`link add br0 address ${kvmHost.mac} type bridge stp_state 0 forward_delay 0`,
				"link set br0 up",
				...["ens3", "vnet0", "vnet1"].map(
					(port) => `link set ${port} master br0`,
				),
				`address add ${kvmHost.ip}/24 dev br0`,
				`route add default via ${router.ip}`,
			);
			await traced("pings over the new bridge", usualPath);
		}, "both");
		const said = saidOf(lived).join("\n");
		assert.match(
			said,
			/^vmpath: br0(: the interface is gone| is not captured)/m,
		);
		assert.match(said, /^vmpath: br0 is captured from now on$/m);
		tellCpu(context, lived);
	});
});
