import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	EventLogScript,
	playBytes,
	playFiles,
	type RecordedPort,
} from "./event-log.js";
import { bridged, ipLink, withPorts } from "./host.js";
import { healthyTraffic, writeJourney } from "./notation.js";

const ports: readonly RecordedPort[] = [
	{ name: "vnet0" },
	{ name: "vnet1" },
	{ name: "br0", isPromiscuous: true },
	{ name: "ens3" },
];

/** A log whose traffic so far told where everyone is. */
function known(): EventLogScript {
	return new EventLogScript()
		.capture(ports)
		.frames(healthyTraffic)
		.tick(-49_000)
		.ticks(-48_900, -100);
}

describe("ticks are the clock of a log", () => {
	test("frames wait for them, whatever the order in which ports are read", async () => {
		const log = known()
			.frames("echo: ens3>37 br0<0 vnet0<0")
			.frames("reply(from=gw,to=vm1): vnet0>204 br0<200 ens3<200")
			.ticks(100, 1_500);
		assert.deepEqual(await log.trace(), [
			"echo-request vnet0< br0< ens3> delivered",
			"reply ens3< br0< vnet0> delivered".replace("reply", "echo-reply"),
		]);
	});

	test("what did not arrive is lost with the tick that is a second later", async () => {
		const log = known().frames("echo: vnet0<0 br0<0").ticks(100, 1_000);
		const [before] = await log.trace();
		assert.match(before ?? "", /inconclusive: the capture ended 1000 ms later/);
		const later = known().frames("echo: vnet0<0 br0<0").ticks(100, 1_100);
		assert.deepEqual(await later.trace(), [
			"echo-request vnet0< br0< lost br0..ens3",
		]);
	});

	test("a frame behind the tick that it belongs before is followed, and counted", async () => {
		const log = known()
			.frames("echo: vnet0<0 br0<0")
			.ticks(100, 1_500)
			.frames("echo: ens3>37")
			.tick(1_600);
		const { journeys, letGo } = await log.play();
		const last = journeys.at(-1);
		assert.deepEqual(
			[last?.outcome, last?.revision, letGo.unordered],
			["delivered", 1, 1],
		);
	});

	test("an ingress that comes behind its tick is never called lost", async () => {
		const log = known()
			.frames("echo: br0<0 ens3>37")
			.ticks(100, 600)
			.frames("echo: vnet0<0")
			.frames("echo(seq=2): vnet0<-30ms")
			.ticks(700, 3_000);
		const { journeys, letGo } = await log.play();
		assert.deepEqual(
			journeys.filter(({ outcome }) => outcome === "lost").map(writeJourney),
			[],
		);
		assert.equal(letGo.unordered, 2);
	});
});

test("what a session tells is the same however the bytes come in pieces", async () => {
	const bytes = known()
		.document("host-links", -10, "ip -d -j link show", ipLink(bridged))
		.frames("discover: vnet0<0 ens3>37 br0<0 vnet1>40")
		.tick(100)
		.frames("offer(from=gw,to=vm1): ens3<150ms br0<150ms")
		.drops("vnet0", 190, 7)
		.tick(200)
		.frames("echo: vnet0<250ms br0<250ms")
		.document(
			"host-links",
			1_700,
			"ip -d -j link show",
			ipLink(withPorts({ name: "vnet1", kind: "tap", master: null })),
		)
		.ticks(300, 1_800)
		.jump(3_600_000)
		.frames("echo(seq=2): vnet0<3602s br0<3602s")
		.ticks(3_601_900, 3_603_900)
		.frames("who-has(from=vm1,to=gw): vnet0<3605s br0<3605s ens3>3605.01s")
		.take();
	const whole = await playBytes(bytes);
	assert.ok(whole.journeys.length > 5);
	assert.equal(whole.topologies.length, 2);
	const text = JSON.stringify(whole.events);
	for (const length of [1, 7, 64, 333, 1_000, 4_096, 10_007, 65_536]) {
		const played = await playBytes(bytes, length);
		assert.equal(JSON.stringify(played.events), text, `${length} bytes`);
	}
});

describe("several files", () => {
	test("of one recording, rotated, are one log", async () => {
		const log = known().frames("echo: vnet0<0 br0<0 ens3>37").ticks(100, 1_500);
		const first = log.take();
		log.rotate();
		const second = log
			.frames("echo(seq=2): vnet0<2s br0<2s ens3>2.00004s")
			.frames("echo(seq=3): vnet0<3s br0<3s")
			.ticks(1_600, 4_500)
			.take();
		for (const length of [100, 1_000, 1_000_000]) {
			const { journeys } = await playFiles([first, second], length);
			assert.deepEqual(journeys.slice(-3).map(writeJourney), [
				"echo-request vnet0< br0< ens3> delivered",
				"echo-request vnet0< br0< ens3> delivered",
				"echo-request vnet0< br0< lost br0..ens3",
			]);
		}
	});

	test("what the host says in a later file holds from then on", async () => {
		const log = known()
			.document("host-links", -10, "ip -d -j link show", ipLink(bridged))
			.frames("echo: vnet0<0 br0<0 ens3>37")
			.ticks(100, 1_500);
		const first = log.take();
		const links = withPorts({ name: "ens3", kind: "card", master: null });
		const second = log
			.rotate()
			.document("host-links", 2_000, "ip -d -j link show", ipLink(links))
			.ticks(2_000, 4_500)
			.take();
		const { journeys, topologies } = await playFiles([first, second], 1e6);
		assert.equal(journeys.at(-1)?.outcome, "delivered");
		const masters = topologies.map(
			({ ports: found }) =>
				found.find(({ name }) => `${name}` === "ens3")?.master ?? null,
		);
		assert.deepEqual(masters, ["br0", null]);
	});

	test("with ticks and without lose nothing together", async () => {
		const log = known().frames("echo: vnet0<0 br0<0").ticks(100, 3_000);
		const other = new EventLogScript()
			.frames("echo: ens3>37")
			.frames("who-has(from=host,to=lan): ens3>3s");
		const files = [log.take(), other.take()];
		for (const length of [50, 1_000, 1_000_000]) {
			const { journeys } = await playFiles(files, length);
			for (const { outcome } of journeys) {
				assert.notEqual(outcome, "lost");
			}
		}
	});
});

describe("a clock that is set in mid-flight", () => {
	for (const [what, jump, word] of [
		["an hour forward", 3_600_000, "forward by 3600.0 s"],
		["an hour back", -3_600_000, "back by 3600.0 s"],
		["80 ms forward", 80, "forward by 0.080 s"],
		["200 ms back", -200, "back by 0.200 s"],
	] as const) {
		test(`${what}: nothing is lost across it, and all after it is judged`, async () => {
			const reason = `the clock of the capture went ${word}`;
			const at = (ms: number) => 400 + jump + ms;
			const log = known()
				.ticks(0, 100)
				.frames("echo(seq=1): vnet0<150ms br0<150ms")
				.frames("echo(seq=2): vnet0<350ms br0<350ms")
				.ticks(200, 300)
				.jump(jump)
				.frames(`echo(seq=2): ens3>${at(0)}ms`)
				.ticks(at(0), at(2_000))
				.frames(
					`echo(seq=3): vnet0<${at(2_050)}ms br0<${at(2_050)}ms ens3>${at(2_050.04)}ms`,
				)
				.frames(`echo(seq=4): vnet0<${at(2_060)}ms br0<${at(2_060)}ms`)
				.ticks(at(2_100), at(4_000));
			const { journeys, notices, exchanges } = await log.play();
			assert.deepEqual(notices, [reason]);
			const told = [1, 2, 3, 4].map((sequence) => {
				const journey = journeys.find((each) => each.sequence === sequence);
				return [journey?.outcome, journey?.reason];
			});
			assert.deepEqual(told[0], ["inconclusive", reason]);
			assert.notEqual(told[1]?.[0], "lost");
			assert.deepEqual(told[2], ["delivered", null]);
			assert.deepEqual(told[3], ["lost", null]);
			const [cut] = exchanges.filter(({ messages }) =>
				messages.some(({ outcome }) => outcome === "inconclusive"),
			);
			assert.deepEqual([cut?.outcome, cut?.reason], ["inconclusive", reason]);
		});
	}

	test("a recording put behind another one follows nothing into it", async () => {
		const first = known().frames("echo: vnet0<0 br0<0").ticks(100, 200);
		const second = new EventLogScript()
			.jump(4_900_000)
			.capture(ports.map((port) => ({ ...port, sinceMs: 60_000 })))
			.ticks(60_000, 62_000);
		const bytes = Buffer.concat([first.take(), second.take()]);
		const { journeys, notices } = await playBytes(bytes);
		assert.deepEqual(notices, ["another recording begins here"]);
		assert.equal(journeys.at(-1)?.reason, "another recording begins here");
	});
});

test("a recorder that was stopped loses nothing by that alone", async () => {
	const log = known()
		.ticks(0, 200)
		.frames("echo: vnet0<5s br0<5s")
		.frames("echo(seq=2): ens3>6.00004s br0<6s vnet0<6s")
		.ticks(10_000, 11_500);
	const { notices } = await playBytes(
		known().ticks(0, 200).ticks(10_000, 10_100).take(),
	);
	assert.deepEqual(notices, ["the recorder was held up for 9.8 s"]);
	assert.deepEqual(await log.trace(), [
		"echo-request vnet0< br0< lost br0..ens3",
		"echo-request vnet0< br0< ens3> delivered",
	]);
});
