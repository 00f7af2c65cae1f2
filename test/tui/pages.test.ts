import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addNs } from "../../src/model/capture.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { drawDetails } from "../../src/tui/draw-details.js";
import { drawDhcp } from "../../src/tui/draw-dhcp.js";
import { drawFindings } from "../../src/tui/draw-findings.js";
import { drawHealth } from "../../src/tui/draw-health.js";
import { drawLadder } from "../../src/tui/draw-ladder.js";
import { drawTopology } from "../../src/tui/draw-topology.js";
import { drawHandshake } from "../../src/tui/handshake.js";
import { createLook, plainLook } from "../../src/tui/theme.js";
import { createView, type View } from "../../src/tui/view.js";
import { exchange } from "../show/exchanges.js";
import { hop, journey, lostOffer, start } from "../show/journeys.js";
import { makeDomain, makePort, makeTopology } from "./topologies.js";
import {
	detailsOf,
	exchangeRow,
	halfOpen,
	handshakes,
	journeyRow,
	lostOffers,
	path,
	port,
	vm,
	world,
} from "./worlds.js";

const zone = process.env.TZ;
before(() => {
	process.env.TZ = "UTC";
});
after(() => {
	process.env.TZ = zone;
});

const codes = new RegExp(`${"\u001b"}\\[[0-9;]*m`, "g");

function openAt(key: string, hopIndex = 0): View {
	const overlay = { kind: "details", key, scroll: 0, hop: hopIndex } as const;
	return { ...createView(null), overlay };
}

const messages = (...names: readonly string[]) =>
	names.map((name, id) => {
		const [message = "", outcome = "delivered"] = name.split(" ");
		return {
			message,
			journey: id,
			outcome: outcome as "delivered" | "lost" | "inconclusive",
		};
	});

const shakes = [
	[
		"D● O● R● A●",
		exchange({ messages: messages("discover", "offer", "request", "ack") }),
	],
	[
		"D● O✗ R· A·",
		exchange({
			outcome: "lost",
			message: "offer",
			messages: messages("discover", "offer lost", "discover", "offer lost"),
		}),
	],
	[
		"D○ O· R· A·",
		exchange({
			outcome: "unanswered",
			message: "discover",
			messages: messages("discover", "discover"),
		}),
	],
	["      R● A●", exchange({ messages: messages("request", "ack") })],
	[
		"      R● N⊘",
		exchange({
			outcome: "refused",
			message: "nak",
			messages: messages("request", "nak"),
		}),
	],
	[
		"D? O· R· A·",
		exchange({
			outcome: "inconclusive",
			messages: messages("discover inconclusive"),
		}),
	],
	["I●       A●", exchange({ messages: messages("inform", "ack") })],
	["      L●   ", exchange({ messages: messages("release") })],
] as const;

for (const [text, one] of shakes) {
	test(`drawHandshake() draws ${text}`, () => {
		assert.equal(drawHandshake(one, plainLook), text);
	});
}

function leaseOf(seconds: number | null, nowSeconds: number): string {
	const lease = { ...exchange().lease, seconds, since: start };
	const dhcp = exchange({
		lease: { ...lease, address: "10.0.0.2", server: null, routers: [] },
	});
	const [, row = ""] = drawDhcp(
		world({ now: addNs(start, nowSeconds * 1e9), vms: [vm("VM1", { dhcp })] }),
		120,
		plainLook,
	);
	return /10\.0\.0\.2 {2,}(.*?) {2,}/.exec(row)?.[1] ?? row;
}

test("drawDhcp() says how long a lease lasts at the moment that is shown", () => {
	assert.equal(leaseOf(3_600, 60), "59 min of 1 h");
	assert.equal(leaseOf(3_600, 3_570), "30 s of 1 h");
	assert.equal(leaseOf(604_800, 90_000), "5 d 23 h of 7 d");
	assert.equal(leaseOf(3_600, 3_600), "expired");
	assert.equal(leaseOf(0xffffffff, 60), "for ever");
	assert.equal(leaseOf(null, 60), "not told");
});

test("drawDhcp() says of VMs that were not seen to ask what is known of them", () => {
	const rows = drawDhcp(
		world({
			vms: [
				vm("VM1", { dhcp: null, outcome: null, addressSource: "arp" }),
				vm("VM2", { dhcp: null, outcome: null, address: null }),
				vm("VM3", {
					dhcp: null,
					outcome: null,
					address: null,
					taps: [],
					state: makeSafe("shut off"),
				}),
			],
		}),
		80,
		plainLook,
	);
	assert.deepEqual(rows.slice(1), [
		" · VM1   no DHCP seen, has 192.168.100.57, as its ARP says",
		" · VM2   no DHCP seen, no address is known",
		" · VM3   no DHCP seen, shut off",
	]);
});

test("drawDhcp() tells the cause below a problem", () => {
	const dhcp = lostOffers(2);
	const rows = drawDhcp(world({ vms: [vm("VM1", { dhcp })] }), 200, plainLook);
	assert.match(
		rows[1] ?? "",
		/^ ✗ VM1 .*D● O✗ R· A·.*offer lost between br0 and vnet0/,
	);
	assert.match(
		rows[2] ?? "",
		/◪ bridge-netfilter-half-open \(likely\): bridged/,
	);
});

test("drawLadder() marks the selected message and its hop, and where it stopped", () => {
	const offer = lostOffer();
	const [heading = "", row = ""] = drawLadder(
		{
			journeys: [offer],
			mac: null,
			selected: { journey: 2, hop: offer.hops[1] ?? hop(null, null, 0) },
		},
		80,
		plainLook,
	);
	assert.match(heading, /vnet0 +br0 +ens3$/);
	assert.match(row, /^ ▸✗ 13:44:02\.124 {2}OFFER +✗·+\[●\]←─+●$/);
});

test("drawLadder() keeps the selected one of very many messages", () => {
	const journeys = Array.from({ length: 1_000 }, (_, id) => journey({ id }));
	const chosen = journeys[500];
	const rows = drawLadder(
		{
			journeys,
			mac: null,
			selected: { journey: 500, hop: chosen?.hops[0] ?? hop(null, null, 0) },
		},
		100,
		plainLook,
	);
	assert.equal(rows.length, 44);
	assert.equal(rows.filter((row) => row.startsWith(" ▸")).length, 1);
	assert.equal(rows[21], "   … 480 more messages");
	assert.equal(rows[23], "   … 479 more messages");
});

test("drawLadder() says how many ports it has no room for", () => {
	const names = Array.from({ length: 30 }, (_, index) => `port${index}`);
	const one = journey({
		hops: names.map((name, at) => hop(name, "in", at)),
		expected: [],
	});
	const rows = drawLadder(
		{ journeys: [one], mac: null, selected: null },
		80,
		plainLook,
	);
	assert.match(rows.at(-1) ?? "", /no room for 2\d ports more/);
});

test("drawDetails() tells the hops, what changed at each, and copies", () => {
	const one = journey({
		hops: [
			hop("vnet1", "in", 0),
			hop("br0", "out", 31_200, [
				{ field: "ipv4.source", from: "192.168.122.5", to: "192.168.100.2" },
				{ field: "ipv4.ttl", from: 64, to: 63 },
			]),
		],
		expected: [],
		copies: [hop("vnet2", "out", 9_000)],
	});
	const all = world({ rows: [journeyRow(one)] });
	const rows = drawDetails(
		all,
		openAt("j1", 1),
		detailsOf(all),
		120,
		plainLook,
	);
	assert.ok(
		rows.includes(
			" ▸ 2 br0    out  13:44:02.123487989  +31.2 µs      ipv4.source 192.168.122.5 → 192.168.100.2, ipv4.ttl 64 → 63",
		),
		rows.join("\n"),
	);
	assert.ok(
		rows.includes("     vnet2  out  13:44:02.123465789  a copy, off the path"),
	);
	assert.ok(
		rows.some((row) =>
			row.startsWith("─ hop 2 of 2: echo request 0 at br0 out"),
		),
	);
});

test("drawDetails() says that a frame is not kept any more", () => {
	const all = world({ rows: handshakes(1, true) });
	const rows = drawDetails(
		all,
		openAt("j11", 7),
		detailsOf(all),
		80,
		plainLook,
	);
	assert.match(rows.join(" "), /bytes are not kept any more/);
	assert.match(rows.join("\n"), /✗ vnet0 {2}never came here/);
});

test("drawDetails() of an exchange tells its lease, causes, and messages that are gone", () => {
	const healthy = world({
		rows: [...handshakes(1, false), exchangeRow(exchange())],
	});
	const rows = drawDetails(
		healthy,
		openAt("x3"),
		detailsOf(healthy),
		120,
		plainLook,
	);
	const text = rows.join("\n");
	assert.match(
		text,
		/lease {7}192\.168\.100\.57 for 3600 s \(1 h\), from 192\.168\.100\.1, router/,
	);
	assert.match(text, /… and 2 not kept any more/);
	const lost = world({
		rows: [...handshakes(2, true), exchangeRow(lostOffers(2))],
	});
	const told = drawDetails(
		lost,
		openAt("x3", 3),
		detailsOf(lost),
		120,
		plainLook,
	).join("\n");
	assert.match(told, /◪ bridge-netfilter-half-open, likely/);
	assert.match(told, /fix: sysctl -w net\.bridge/);
});

test("drawDetails() of nothing says so", () => {
	const all = world();
	assert.deepEqual(
		drawDetails(all, openAt("x"), detailsOf(all), 80, plainLook),
		[" nothing is selected"],
	);
});

test("drawTopology() marks the VM whose path is drawn, and its ports", () => {
	const topology = makeTopology({
		ports: [
			makePort("ens3", {
				role: "uplink",
				master: makeSafe("br0"),
				hasCarrier: false,
			}),
			makePort("br0", { role: "bridge", isUp: false }),
			makePort("vnet0", {
				role: "tap",
				master: makeSafe("br0"),
				bridgePort: {
					state: makeSafe("blocking"),
					isIsolated: null,
					floods: null,
					floodsMulticast: null,
					floodsBroadcast: null,
					learns: null,
					isHairpin: null,
					suppressesNeighbours: null,
				},
			}),
			makePort("lo"),
		],
		domains: [
			makeDomain("VM1", [["52:54:00:cd:76:3a", "vnet0"]]),
			makeDomain("VM10", [["52:54:00:1f:0b:92", "vnet1"]]),
		],
	});
	for (const look of [plainLook, createLook(true, true)]) {
		const rows = drawTopology(
			world({
				topology,
				path: path([port("vnet0", "tap"), port("br0", "bridge")]),
			}),
			100,
			look,
		).rows.map((row) => row.replaceAll(codes, ""));
		assert.deepEqual(
			rows
				.filter((row) => row.startsWith(" ◆├"))
				.map((row) => row.slice(0, 13)),
			[" ◆├─ ● VM1   "],
		);
		const states = rows.flatMap(
			(row) =>
				/^ [◆ ] (\w+) .*(no carrier|down|blocking)/.exec(row)?.slice(1, 3) ??
				[],
		);
		assert.deepEqual(states, [
			"ens3",
			"no carrier",
			"br0",
			"down",
			"vnet0",
			"blocking",
		]);
		assert.ok(!rows.some((row) => row.includes("lo ")));
	}
});

test("drawTopology() without a word of the host shows the path that was seen", () => {
	const { rows } = drawTopology(
		world({
			path: path([port("vnet0", "tap"), port("ens3", "uplink")]),
			vms: [vm("VM1")],
		}),
		120,
		plainLook,
	);
	assert.match(rows[0] ?? "", /the log says nothing of the host/);
	assert.ok(
		rows.includes(
			" as frames passed: VM1 → vnet0 → ens3; gateway 192.168.100.1",
		),
	);
});

test("drawFindings() has problems first, then what went wrong, then notes and gaps", () => {
	const finding = {
		id: "duplicate-mac",
		message: makeSafe("VM1 and VM2 have one MAC address"),
		isProblem: true,
		evidence: makeSafe("virsh dumpxml VM1"),
		fix: null,
		concerns: [],
	};
	const note = {
		...finding,
		id: "odd",
		message: makeSafe("odd"),
		isProblem: false,
	};
	const { rows } = drawFindings(
		world({
			findings: [finding, note],
			troubles: [{ exchange: lostOffers(3), count: 4 }],
			topology: makeTopology({
				gaps: [
					{
						source: makeSafe("nft"),
						reason: makeSafe("not root"),
						fix: makeSafe("sudo"),
					},
				],
			}),
		}),
		100,
		plainLook,
	);
	const order = rows.flatMap((row) => /^─ (.*?) ─/.exec(row)?.[1] ?? []);
	assert.deepEqual(order, [
		"1 problem",
		"what went wrong, what still holds first",
		"worth knowing",
		"could not be read",
	]);
	assert.ok(
		rows.some((row) =>
			row.includes("offer lost between br0 and vnet0, 4 times"),
		),
	);
	assert.ok(rows.some((row) => row.includes(halfOpen.fix.slice(0, 40))));
	assert.ok(rows.includes(" ? nft: not root"));
});

test("drawFindings() says of a cause that later ones went well that it was so then", () => {
	const then = "   why, as the host was then:";
	for (const isOver of [true, false]) {
		const trouble = { exchange: lostOffers(2), count: 1, isOver };
		const { rows } = drawFindings(
			world({ troubles: [trouble] }),
			80,
			plainLook,
		);
		assert.equal(rows.includes(then), isOver);
	}
});

test("drawFindings() says that nothing is wrong as far as is known, and how far that is", () => {
	assert.deepEqual(drawFindings(world(), 80, plainLook).rows, [
		" ● nothing is wrong as far as is known",
		"   the log says nothing of the host: only frames were judged",
	]);
});

test("drawHealth() tells drops, blind bridges, what was forgotten and notices", () => {
	const rows = drawHealth(
		world({
			begin: start,
			end: addNs(start, 61_000_000_000),
			now: addNs(start, 1_000_000_000),
			health: {
				engine: "packet",
				framesRead: 51_234,
				framesRelevant: 4_561,
				dropped: 12,
				interfaces: [
					{
						name: makeSafe("br0"),
						role: "bridge",
						frames: 4_000,
						drops: 12,
						isPromiscuous: false,
					},
					{
						name: makeSafe("vnet0"),
						role: "tap",
						frames: 561,
						drops: null,
						isPromiscuous: null,
					},
				],
				forgotten: 7,
				notices: [
					{ time: start, message: "first" },
					{ time: null, message: "a \u001b[2J notice" },
				],
			},
		}),
		80,
		plainLook,
	);
	assert.deepEqual(rows, [
		" ! 12 frames lost by the capture: verdicts of that time are inconclusive",
		" ! 13:44:02.123  first",
		" ! a \\x1b[2J notice",
		"",
		" engine       packet, capturing",
		" frames       51,234 read, 4,561 of interest (ARP, DHCP, ICMP)",
		" lost         12 by the capture itself",
		" forgotten    7 frames, journeys and exchanges, the oldest first, as there are",
		"              too many for memory",
		" log          2026-11-22 13:44:02.123 to 13:45:03.123, 61 s so far",
		" shown until  2026-11-22 13:44:03.123",
		"",
		"─ interfaces ───────────────────────────────────────────────────────────────────",
		"   NAME   ROLE          FRAMES       LOST  PROMISCUOUS",
		"   br0    bridge         4,000         12  no",
		"   vnet0  tap              561   not told  not told",
		"   unicast that only passes through br0 is not seen there: ip link set br0",
		"   promisc on",
	]);
});
