import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EventLogScript, type RecordedPort } from "./event-log.js";
import { healthyTraffic } from "./notation.js";

const always: readonly RecordedPort[] = [
	{ name: "vnet0" },
	{ name: "br0", isPromiscuous: true },
	{ name: "ens3" },
];

function known(
	ports = always,
	more: { countsDrops?: boolean; filter?: string } = {},
): EventLogScript {
	return new EventLogScript()
		.capture([...ports, { name: "vnet1" }], more)
		.frames(healthyTraffic)
		.ticks(-49_000, -100);
}

const lost = "echo-request vnet0< br0< lost br0..ens3";
const missing = "echo: vnet0<0 br0<0";

describe("drops that a log tells the time of", () => {
	test("make a loss inconclusive while they may be of its frame", async () => {
		const log = known()
			.frames(missing)
			.ticks(0, 400)
			.drops("ens3", 500, 12)
			.ticks(500, 1_500);
		assert.deepEqual(await log.trace(), [
			"echo-request vnet0< br0< inconclusive: the capture lost 12 frames at ens3 between 400 ms after and 600 ms after it",
		]);
	});

	for (const [what, atMs] of [
		["before", -400],
		["after", 1_500],
	] as const) {
		test(`and none that is told ${what}`, async () => {
			const log = new EventLogScript()
				.capture([...always, { name: "vnet1" }])
				.frames(healthyTraffic)
				.ticks(-49_000, -500);
			const steps = Array.from({ length: 30 }, (_, step) => -400 + step * 100);
			for (const ms of steps) {
				if (ms === 0) {
					log.frames(missing);
				}
				if (ms === atMs) {
					log.drops("ens3", ms, 12);
				}
				log.tick(ms);
			}
			assert.deepEqual(await log.trace(), [lost]);
		});
	}

	test("elsewhere change nothing", async () => {
		const log = known()
			.frames(missing)
			.ticks(0, 400)
			.drops("vnet1", 500, 12)
			.ticks(500, 1_500);
		assert.deepEqual(await log.trace(), [lost]);
	});

	test("nobody says where make a loss inconclusive, too", async () => {
		const log = known().frames(missing).ticks(0, 400);
		log.countAnywhere(3).ticks(500, 1_500);
		assert.deepEqual(await log.trace(), [
			"echo-request vnet0< br0< inconclusive: the capture lost 3 frames at some interface between 400 ms after and 700 ms after it",
		]);
	});

	test("are still counted as a whole", async () => {
		const log = known().ticks(0, 400).drops("ens3", 500, 12).tick(500);
		const { ports } = await log.play();
		assert.equal(ports.find(({ name }) => name === "ens3")?.drops, 12);
	});

	test("of a port that loses frames all the time are bounded", async () => {
		const log = known();
		for (let step = 0; step < 2_000; step += 1) {
			log.drops("ens3", step * 100, step + 1).tick(step * 100);
		}
		log.frames("echo: vnet0<200s br0<200s").ticks(200_000, 201_500);
		const [journey] = await log.trace();
		assert.match(journey ?? "", /the capture lost \d+ frames? at ens3/);
	});
});

describe("a capture that does not count its losses", () => {
	test("is believed as long as little passes", async () => {
		const log = known(always, { countsDrops: false });
		log.frames(missing).ticks(0, 1_500);
		assert.deepEqual(await log.trace(), [lost]);
	});

	test("is not believed under load", async () => {
		const log = known(always, { countsDrops: false }).frames(missing);
		const flood = Array.from(
			{ length: 300 },
			(_, at) => `who-has(from=vm2,to=lan): vnet1<${500 + at}ms`,
		);
		const { journeys } = await log
			.frames(flood.join("\n"))
			.ticks(0, 1_500)
			.play();
		const journey = journeys.find(({ message }) => message === "echo-request");
		assert.equal(
			journey?.reason,
			"the capture does not count the frames it loses, and 302 frames came in one second",
		);
	});
});

describe("a capture with a filter", () => {
	test("of addresses shows a frame at every port of a bridge", async () => {
		const log = known(always, { filter: "host 192.168.1.11" });
		log.frames(missing).ticks(0, 1_500);
		assert.deepEqual(await log.trace(), [lost]);
	});

	test("of directions need not", async () => {
		const log = known(always, { filter: "inbound and icmp" });
		log.frames(missing).ticks(0, 1_500);
		assert.deepEqual(await log.trace(), [
			"echo-request vnet0< br0< inconclusive: the capture has a filter, by which it may not be seen there: inbound and icmp",
		]);
	});
});

describe("ports that are captured for a time", () => {
	const till = (ens3: Omit<RecordedPort, "name">): RecordedPort[] => [
		{ name: "vnet0" },
		{ name: "br0" },
		{ name: "ens3", ...ens3 },
	];

	for (const [what, ports, reason] of [
		[
			"only later",
			till({ sinceMs: 300 }),
			"ens3 was captured only from 300 ms later on",
		],
		[
			"until shortly after",
			till({ untilMs: 300 }),
			"the capture of ens3 ended 300 ms later",
		],
		[
			"until before",
			till({ untilMs: -300 }),
			"the capture of ens3 had ended 300 ms before",
		],
		[
			"before and after",
			[...till({ untilMs: -300 }), { name: "ens3", sinceMs: 200 }],
			"ens3 was captured only from 200 ms later on",
		],
	] as const) {
		test(`${what}: no frame is lost there`, async () => {
			const log = known(ports).frames(missing).ticks(0, 1_500);
			assert.deepEqual(await log.trace(), [
				`echo-request vnet0< br0< inconclusive: ${reason}`,
			]);
		});
	}

	test("a tap that comes up in the middle loses nothing, and then is judged", async () => {
		const vnet5 = { name: "vnet5", sinceMs: 900 };
		const log = known()
			.frames("who-has(from=lan,to=vm3): ens3<0 br0<0 vnet0>4 vnet1>4")
			.ticks(0, 900)
			.capture([...always, { name: "vnet1" }, vnet5])
			.frames("discover(from=vm3): vnet5<1s br0<1s ens3>1.00004s")
			.frames("offer(from=gw,to=vm3): ens3<1.2s br0<1.2s vnet5>1.20001s")
			.frames("offer(from=gw,to=vm3): ens3<3.2s br0<3.2s")
			.ticks(1_000, 4_500);
		assert.deepEqual(await log.trace(), [
			"request ens3< br0< + vnet0> vnet1> delivered",
			"discover vnet5< br0< ens3> delivered",
			"offer ens3< br0< vnet5> delivered",
			"offer ens3< br0< lost br0..vnet5",
		]);
	});

	test("the recorder's word tells whether a port is promiscuous", async () => {
		const { ports } = await known().play();
		assert.deepEqual(
			ports.map(({ name, isPromiscuous }) => [`${name}`, isPromiscuous]),
			[
				["vnet0", false],
				["br0", true],
				["ens3", false],
				["vnet1", false],
			],
		);
	});
});
