import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Json } from "../../src/model/host-document.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { EventLogScript, playBytes, type RecordedPort } from "./event-log.js";
import {
	bridged,
	type HostPort,
	ipLink,
	virshDomains,
	withPorts,
} from "./host.js";
import { healthyTraffic, writeJourney } from "./notation.js";
import { parties } from "./notation-frames.js";

const ports: readonly RecordedPort[] = [
	{ name: "vnet0" },
	{ name: "vnet1" },
	{ name: "br0" },
	{ name: "ens3" },
];

const mac = (name: string) => (parties[name]?.mac.match(/../g) ?? []).join(":");
const vms = virshDomains([
	["web", mac("vm1"), "vnet0"],
	["db", mac("vm2"), "vnet1"],
]);

const unplugged: HostPort = { name: "vnet0", kind: "tap", master: null };

/** A log whose host said how it is made. */
function told(
	links: readonly HostPort[] = bridged,
	domains: Json = vms,
	captured = ports,
): EventLogScript {
	return new EventLogScript()
		.capture(captured)
		.document("host-links", -5_000, "ip -d -j link show", ipLink(links))
		.document("host-domains", -5_000, "virsh dumpxml", domains)
		.ticks(-4_900, -100);
}

/** The host says something else of its ports. */
function relink(
	log: EventLogScript,
	atMs: number,
	...changed: readonly HostPort[]
): EventLogScript {
	const links = ipLink(withPorts(...changed));
	return log.document("host-links", atMs, "ip -d -j link show", links);
}

describe("what the host says need not be learned from frames", () => {
	test("the first DISCOVER of all is lost, or not, on a path that is known", async () => {
		const log = told().frames("discover: vnet0<0 br0<0").ticks(0, 1_500);
		assert.deepEqual(await log.trace(), [
			"discover vnet0< br0< lost br0..ens3",
		]);
	});

	test("so is the first OFFER", async () => {
		const log = told()
			.frames("offer(from=gw,to=vm1): ens3<0 br0<0")
			.ticks(0, 1_500);
		assert.deepEqual(await log.trace(), ["offer ens3< br0< lost br0..vnet0"]);
	});

	test("ports have their roles, whatever their names", async () => {
		const names: readonly HostPort[] = [
			{ name: "lan", kind: "bridge" },
			{ name: "outside", kind: "card", master: "lan" },
			{ name: "web-lan", kind: "tap", master: "lan" },
		];
		const log = told(
			names,
			virshDomains([["web", mac("vm1"), "web-lan"]]),
			names,
		)
			.frames("discover: web-lan<0 outside>37 lan<0")
			.ticks(0, 1_500);
		const { journeys, ports: found } = await log.play();
		assert.deepEqual(journeys.map(writeJourney), [
			"discover web-lan< lan< outside> delivered",
		]);
		assert.deepEqual(
			found.map(({ role, isInferred }) => [role, isInferred]),
			[
				["bridge", false],
				["uplink", false],
				["tap", false],
			],
		);
	});

	test("isolated VMs may be meant not to reach each other", async () => {
		const log = told(
			withPorts(
				{ name: "vnet0", kind: "tap", master: "br0", isIsolated: true },
				{ name: "vnet1", kind: "tap", master: "br0", isIsolated: true },
			),
		)
			.frames("echo(from=vm1,to=vm2): vnet0<0 br0<0")
			.ticks(0, 1_500);
		const [line] = await log.trace();
		assert.match(line ?? "", /inconclusive: no frame in this capture crosses/);
	});

	test("a VM is not meant to be isolated from the uplink", async () => {
		const log = told(
			withPorts(
				{ name: "ens3", kind: "card", master: "br0", isIsolated: true },
				{ name: "vnet0", kind: "tap", master: "br0", isIsolated: true },
			),
		)
			.frames("discover: vnet0<0 br0<0")
			.ticks(0, 1_500);
		assert.deepEqual(await log.trace(), [
			"discover vnet0< br0< lost br0..ens3",
		]);
	});

	test("a bridge of taps alone is as far as a DISCOVER gets", async () => {
		const log = told(withPorts({ name: "ens3", kind: "card", master: null }))
			.frames("discover: vnet0<0 br0<0")
			.ticks(0, 1_500);
		assert.deepEqual(await log.trace(), ["discover vnet0< br0< delivered"]);
	});

	test("a bridge with a port that is no tap may lead out by that", async () => {
		const log = told([
			{ name: "br0", kind: "bridge" },
			{ name: "vnet0", kind: "tap", master: "br0" },
			{ name: "vxlan7", kind: "vxlan", master: "br0" },
		])
			.frames("discover: vnet0<0 br0<0")
			.ticks(0, 1_500);
		const [line] = await log.trace();
		assert.match(line ?? "", /^discover vnet0< br0< inconclusive: /);
	});

	test("documents may come in any order", async () => {
		const log = new EventLogScript()
			.document("host-domains", -5_000, "virsh dumpxml", vms)
			.document("host-links", -5_000, "ip -d -j link show", ipLink(bridged))
			.capture(ports)
			.frames("discover: vnet0<0 ens3>37 br0<0")
			.ticks(-100, 1_500);
		const { journeys, topologies } = await log.play();
		assert.deepEqual(
			journeys.map(({ vm, outcome }) => [vm, outcome]),
			[["web", "delivered"]],
		);
		assert.equal(topologies.length, 1);
	});
});

describe("a VM is called as the host calls it (rule 8)", () => {
	test("by the tap its frame came in by, whatever address it used", async () => {
		const log = told()
			.frames("who-has(from=vm2,to=lan): vnet0<0 br0<0 ens3>37 vnet1>40")
			.ticks(0, 1_500);
		const { journeys, exchanges } = await log.play();
		assert.equal(journeys[0]?.vm, "web");
		assert.equal(exchanges[0]?.vm, "web");
	});

	test("by the tap it was handed to", async () => {
		const log = told()
			.frames("is-at(from=gw,to=vm2): ens3<0 br0<0 vnet1>30")
			.ticks(0, 1_500);
		const { journeys } = await log.play();
		assert.deepEqual(
			[journeys[0]?.vm, journeys[0]?.mac, journeys[0]?.destination],
			["db", mac("vm2"), "vm"],
		);
	});

	test("by its MAC address where no tap was captured", async () => {
		const log = told(bridged, vms, [{ name: "br0" }, { name: "ens3" }])
			.frames("who-has(from=vm1,to=gw): br0<0 ens3>37")
			.ticks(0, 1_500);
		const { journeys } = await log.play();
		assert.deepEqual(
			journeys.map(({ vm, source }) => [vm, source]),
			[["web", "vm"]],
		);
	});

	test("in words that are safe", async () => {
		const evil = virshDomains([
			["\u001b]0;x\u0007\u202eweb", mac("vm1"), "vnet0"],
		]);
		const log = told(bridged, evil)
			.frames("discover: vnet0<0 ens3>37 br0<0")
			.ticks(0, 1_500);
		const { journeys } = await log.play();
		const vm = journeys[0]?.vm ?? null;
		assert.equal(
			vm === null || vm === makeSafe("\u001b]0;x\u0007\u202eweb"),
			true,
		);
		assert.doesNotMatch(vm ?? "", /[\p{Cc}\p{Cf}]/u);
	});
});

describe("a port that leaves its bridge in mid-log", () => {
	test("the uplink: around that time nothing can be told, then all is lost", async () => {
		const log = told()
			.frames(healthyTraffic)
			.frames("echo: vnet0<0 br0<0")
			.ticks(0, 400);
		relink(log, 500, { name: "ens3", kind: "card", master: null })
			.frames("echo(seq=2): vnet0<1s br0<1s")
			.frames("echo(seq=3): vnet0<4s br0<4s")
			.ticks(500, 6_000);
		const { journeys } = await log.play();
		const lines = journeys
			.filter(({ sequence }) => sequence !== null)
			.map(writeJourney);
		assert.equal(lines.length, 3);
		assert.match(lines[0] ?? "", /inconclusive/);
		assert.match(lines[1] ?? "", /inconclusive/);
		assert.equal(lines[2], "echo-request vnet0< br0< lost br0..ens3");
	});

	test("the tap: around that time nothing can be told, then all is lost", async () => {
		const log = told().frames("discover: vnet0<0").ticks(0, 400);
		relink(log, 500, unplugged)
			.frames("discover(xid=00000002): vnet0<4s")
			.ticks(500, 6_000);
		assert.deepEqual(await log.trace(), [
			"discover vnet0< inconclusive: vnet0 left br0 at about that time",
			"discover vnet0< lost vnet0..ens3",
		]);
	});

	test("and comes back: what is lost in between is not, and after it is", async () => {
		const log = told().ticks(0, 400);
		relink(log, 500, unplugged)
			.ticks(500, 2_400)
			.frames("discover: vnet0<2.5s br0<2.5s")
			.ticks(2_500, 2_900);
		relink(log, 3_000)
			.frames("discover(xid=00000002): vnet0<4.2s br0<4.2s")
			.ticks(3_000, 6_000);
		assert.deepEqual(await log.trace(), [
			"discover vnet0< br0< inconclusive: vnet0 came into br0 at about that time",
			"discover vnet0< br0< lost br0..ens3",
		]);
	});

	test("a VM that starts anew has another tap", async () => {
		const log = told().frames("discover: vnet0<0 br0<0 ens3>37").ticks(0, 900);
		const fresh: HostPort = { name: "vnet3", kind: "tap", master: "br0" };
		const links = ipLink([
			...bridged.filter(({ name }) => name !== "vnet0"),
			fresh,
		]);
		log
			.capture([
				{ name: "vnet0", untilMs: 800 },
				{ name: "br0" },
				{ name: "ens3" },
				{ name: "vnet1" },
				{ name: "vnet3", sinceMs: 950 },
			])
			.document("host-links", 950, "ip -d -j link show", links)
			.document(
				"host-domains",
				1_000,
				"virsh dumpxml",
				virshDomains([
					["web", mac("vm1"), "vnet3"],
					["db", mac("vm2"), "vnet1"],
				]),
			)
			.frames("is-at(from=gw,to=vm1): ens3<1.2s br0<1.2s vnet3>1.20001s")
			.frames("is-at(from=gw,as=lan,to=vm1): ens3<4s br0<4s")
			.ticks(1_000, 6_000);
		const { journeys } = await log.play();
		assert.deepEqual(
			journeys.map((journey) => `${journey.vm}: ${writeJourney(journey)}`),
			[
				"web: discover vnet0< br0< ens3> delivered",
				"web: reply ens3< br0< vnet3> delivered",
				"web: reply ens3< br0< lost br0..vnet3",
			],
		);
	});
});

describe("a tap in no bridge", () => {
	const isInNone =
		/inconclusive: vnet0 is in no bridge: what the host does with its frames/;

	test("loses all that it takes, where libvirt has it in one", async () => {
		const log = told(withPorts(unplugged))
			.frames("discover: vnet0<0")
			.frames("who-has(from=vm1,to=gw): vnet0<1s")
			.frames("echo(from=vm1,to=vm2): vnet0<2s")
			.ticks(0, 6_000);
		assert.deepEqual(await log.trace(), [
			"discover vnet0< lost vnet0..ens3",
			"request vnet0< lost vnet0..ens3",
			"echo-request vnet0< lost vnet0..vnet1",
		]);
	});

	test("is not reached", async () => {
		const log = told(withPorts(unplugged))
			.frames("offer(from=gw,to=vm1): ens3<0 br0<0")
			.ticks(0, 1_500);
		assert.deepEqual(await log.trace(), ["offer ens3< br0< lost br0..vnet0"]);
	});

	test("loses nothing on a path that leads to a port which was not captured", async () => {
		const captured = ports.filter(({ name }) => name !== "ens3");
		const log = told(withPorts(unplugged), vms, captured)
			.frames("discover: vnet0<0")
			.ticks(0, 1_500);
		const [line] = await log.trace();
		assert.match(line ?? "", /^discover vnet0< inconclusive/);
	});

	const elsewhere: readonly (readonly [type: string, source: string])[] = [
		["ethernet", ""],
		["user", ""],
		["direct", "<source dev='ens3' mode='bridge'/>"],
		["network", "<source network='isolated'/>"],
		["bridge", "<source bridge='br7'/>"],
	];
	for (const [type, source] of elsewhere) {
		test(`may be meant to be: ${type} ${source}`, async () => {
			const domains = virshDomains(
				[["web", mac("vm1"), "vnet0"]],
				type,
				source,
			);
			const log = told(withPorts(unplugged), domains)
				.frames("discover: vnet0<0")
				.ticks(0, 1_500);
			const [line] = await log.trace();
			assert.match(line ?? "", isInNone);
		});
	}

	test("may be meant to be, where nobody says of which VM it is", async () => {
		const log = told(withPorts(unplugged), [])
			.frames("discover: vnet0<0")
			.ticks(0, 1_500);
		const [line] = await log.trace();
		assert.match(line ?? "", isInNone);
	});

	test("loses all that it takes, where it has left one and nobody says of which VM it is", async () => {
		const log = told(bridged, []).ticks(0, 400);
		relink(log, 500, unplugged).frames("discover: vnet0<4s").ticks(500, 6_000);
		assert.deepEqual(await log.trace(), ["discover vnet0< lost vnet0..ens3"]);
	});

	test("may just have been made", async () => {
		const log = told(bridged.filter(({ name }) => name !== "vnet0")).ticks(
			0,
			400,
		);
		relink(log, 500, unplugged)
			.frames("discover: vnet0<0.6s")
			.ticks(500, 6_000);
		assert.deepEqual(await log.trace(), [
			"discover vnet0< inconclusive: vnet0 came up at about that time",
		]);
	});

	test("loses nothing to a port that is isolated", async () => {
		const alone: HostPort = {
			name: "vnet1",
			kind: "tap",
			master: "br0",
			isIsolated: true,
		};
		const log = told(withPorts(unplugged, alone))
			.frames("echo(from=vm1,to=vm2): vnet0<0")
			.ticks(0, 1_500);
		const [line] = await log.trace();
		assert.match(line ?? "", /inconclusive: vnet0 and vnet1 are not on one/);
	});
});

describe("a veth that is a tap by its name", () => {
	const veths = (name: string, address = "fe:54:00:00:00:01", index = 2) =>
		bridged.map(
			(port, at): HostPort =>
				at === index ? { ...port, kind: "veth", name, mac: address } : port,
		);
	/** The host says later that it has another name, and then something else. */
	async function rename(
		later: readonly HostPort[],
		domains: Json = [],
	): Promise<readonly (readonly [string | undefined, string | undefined])[]> {
		const links = (atMs: number, ports: readonly HostPort[]) =>
			log.document("host-links", atMs, "ip -d -j link show", ipLink(ports));
		const log = told(veths("vnet0"), domains).ticks(0, 900);
		links(1_000, later).ticks(1_100, 1_900);
		const other = later.map((port) =>
			port.name === "vnet1" ? { ...port, isUp: false } : port,
		);
		links(2_000, other)
			.frames("discover: web-lan<2500 br0<2500 ens3>2510")
			.ticks(2_600, 4_000);
		const { topologies, ports: found } = await log.play();
		const name = makeSafe("web-lan");
		return [
			...topologies.slice(-2).map(({ ports: all }) => {
				const port = all.find((one) => one.name === name);
				return [port?.name, port?.role] as const;
			}),
			[name, found.find((port) => port.name === name)?.role] as const,
		];
	}

	test("stays one when it is renamed, being the same interface", async () => {
		assert.deepEqual(await rename(veths("web-lan")), [
			["web-lan", "tap"],
			["web-lan", "tap"],
			["web-lan", "tap"],
		]);
	});

	test("is none when another interface has its index, or it is in no bridge", async () => {
		const unknown = ["web-lan", "unknown"];
		const another = veths("web-lan", "fe:54:00:00:00:99");
		assert.deepEqual(await rename(another), [unknown, unknown, unknown]);
		const tapOfKind = veths("web-lan").map(
			(port): HostPort =>
				port.name === "web-lan" ? { ...port, kind: "vxlan" } : port,
		);
		const uplink = ["web-lan", "uplink"];
		assert.deepEqual(await rename(tapOfKind), [uplink, uplink, uplink]);
		const out = veths("web-lan").map(
			(port): HostPort =>
				port.name === "web-lan" ? { ...port, master: null } : port,
		);
		assert.deepEqual(await rename(out), [unknown, unknown, unknown]);
	});
});

describe("a topology given beside the log", () => {
	test("names VMs by their MAC addresses, and proves no loss", async () => {
		const topology = buildTopology([
			{
				type: "host-links",
				statements: [
					{ source: "ip -d -j link show", output: ipLink(bridged), gap: null },
				],
			},
			{
				type: "host-domains",
				statements: [{ source: "virsh dumpxml", output: vms, gap: null }],
			},
		]);
		const bytes = new EventLogScript()
			.frames("discover: vnet1<0 br0<0")
			.ticks(-100, 1_500)
			.take();
		const { journeys, ports: found } = await playBytes(
			bytes,
			bytes.length,
			topology,
		);
		assert.deepEqual(
			journeys.map(({ vm, outcome }) => [vm, outcome]),
			[["web", "inconclusive"]],
		);
		assert.ok(found.every(({ isInferred }) => !isInferred));
	});
});
