import { addNs } from "../../src/model/capture.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { createView, type View } from "../../src/tui/view.js";
import type { PathPort, World } from "../../src/tui/world.js";
import { exchange } from "../show/exchanges.js";
import { start } from "../show/journeys.js";
import { makeDomain, makePath, makePort, makeTopology } from "./topologies.js";
import {
	exchangeRow,
	halfOpen,
	handshakes,
	lostOffers,
	path,
	pings,
	port,
	vm,
	world,
} from "./worlds.js";

/** What is on a screen. */
export interface Scene {
	readonly world: World;
	readonly view: View;
}

const end = addNs(start, 12_000_000_000);
const timed = { now: end, begin: start, end };
const live = createView(null);
const chosen: View = { ...live, vm: "VM1" };

const health: World["health"] = {
	engine: "packet",
	framesRead: 51_234,
	framesRelevant: 4_561,
	dropped: 0,
	interfaces: ["vnet0", "br0", "ens3"].map((name) => ({
		name: makeSafe(name),
		role: "tap",
		frames: 1_520,
		drops: 0,
		isPromiscuous: true,
	})),
	forgotten: 0,
	notices: [],
};

const bridged = [
	port("vnet0", "tap", { toNextNs: 0 }),
	port("br0", "bridge", { toNextNs: 24_100 }),
	port("ens3", "uplink"),
];

function scene(changes: Partial<World>, view: View = chosen): Scene {
	return { world: world({ ...timed, health, ...changes }), view };
}

function withLostOffer(): Scene {
	const ports: PathPort[] = [
		port("vnet0", "tap", {
			counts: { dhcp: 3, arp: 2, icmp: 40 },
			toNextNs: 0,
			lostFromNext: 3,
			causes: [halfOpen],
		}),
		port("br0", "bridge", {
			counts: { dhcp: 6, arp: 2, icmp: 40 },
			toNextNs: 47_400,
		}),
		port("ens3", "uplink", { counts: { dhcp: 6, arp: 2, icmp: 40 } }),
	];
	const dhcp = lostOffers(3);
	const state = vm("VM1", {
		outcome: "lost",
		dhcp,
		causes: [halfOpen],
		lost: 3,
		address: null,
		addressSource: null,
	});
	const rows = [...pings(20), ...handshakes(3, true), exchangeRow(dhcp)];
	return scene({
		vms: [state, vm("VM2"), vm("web", { state: makeSafe("paused") })],
		path: path(ports),
		rows,
		lanBroadcasts: 321,
		troubles: [{ exchange: dhcp, count: 1 }],
	});
}

function withSilentServer(): Scene {
	const silent = exchange({
		id: 9,
		vm: makeSafe("VM1"),
		messages: [10, 12, 14].map((id) => ({
			message: "discover",
			journey: id,
			outcome: "delivered",
		})),
		outcome: "unanswered",
		message: "discover",
		lastSeen: makeSafe("ens3"),
		lease: null,
		server: null,
		causes: [
			{
				id: "dhcp-server-silent",
				certainty: "possible",
				evidence: ["DISCOVER left by ens3 and nothing answered"],
				fix: "look at the DHCP server of that network",
			},
		],
		summary: makeSafe("DHCP DISCOVER ×3"),
	});
	const rows = handshakes(3, false).filter((_, index) => index % 2 === 0);
	return scene({
		vms: [
			vm("VM1", {
				outcome: "unanswered",
				dhcp: silent,
				causes: silent.causes,
				address: null,
				addressSource: null,
			}),
		],
		path: path(bridged, { gateway: null }),
		rows: [...rows, exchangeRow(silent)],
		troubles: [{ exchange: silent, count: 4 }],
	});
}

function makeHost() {
	const master = makeSafe("br0");
	return makeTopology({
		ports: [
			makePort("ens3", { role: "uplink", index: 2, master }),
			makePort("br0", { role: "bridge", index: 3 }),
			makePort("vnet0", { role: "tap", index: 4, master }),
			makePort("vnet1", { role: "tap", index: 5, master, isUp: false }),
		],
		domains: [
			makeDomain("VM1", [["52:54:00:cd:76:3a", "vnet0"]]),
			makeDomain("VM2", [["52:54:00:1f:0b:92", "vnet1"]]),
		],
		paths: [
			makePath("VM1", "52:54:00:cd:76:3a", ["vnet0", "br0", "ens3"]),
			makePath("VM2", "52:54:00:1f:0b:92", ["vnet1", "br0", "ens3"]),
		],
	});
}

const long = [
	["tap100i0", "tap"],
	["fwbr100i0", "bridge"],
	["fwln100i0", "veth"],
	["fwpr100p0", "veth"],
	["vmbr0", "bridge"],
	["bond0.100", "vlan"],
	["bond0", "bond"],
	["enp65s0f0np0", "uplink"],
] as const;

/** One of every kind, by name. */
export const scenes: Readonly<Record<string, Scene>> = {
	"healthy-bridged": scene({
		vms: [vm("VM1")],
		path: path(bridged),
		rows: [
			...handshakes(1, false),
			exchangeRow(exchange({ vm: makeSafe("VM1") })),
			...pings(60),
		],
	}),
	"offer-lost": withLostOffer(),
	nat: scene({
		vms: [vm("VM3")],
		path: path(
			[
				port("vnet1", "tap", { toNextNs: 0 }),
				port("virbr0", "bridge", {
					toNextNs: 31_200,
					lostToNext: 2,
					party: {
						address: makeSafe("192.168.122.1"),
						is: "gateway, DHCP server",
					},
				}),
				port("br0", "bridge", { toNextNs: 2_100 }),
				port("ens3", "uplink"),
			],
			{
				vm: makeSafe("VM3"),
				routedAfter: makeSafe("virbr0"),
				isTranslated: true,
				gateway: {
					address: makeSafe("192.168.100.1"),
					is: "the host's gateway",
				},
			},
		),
		rows: pings(6, ["vnet1", "virbr0", "br0", "ens3"]),
	}),
	"vlan-and-bond": scene({
		vms: [vm("VM1")],
		path: path(
			long.map(([name, kind], index) =>
				port(name, kind, {
					counts: { dhcp: 4, arp: 12_345, icmp: 1_234_567 },
					toNextNs: 31_200 * (index + 1),
					state: index === 6 ? "no carrier" : "up",
				}),
			),
		),
		rows: pings(
			40,
			long.map(([name]) => name),
		),
	}),
	"server-silent": withSilentServer(),
	"replay-midway": scene(
		{
			isOpen: false,
			source: makeSafe("offer-lost-at-bridge.pcapng"),
			vms: [vm("VM1")],
			path: path(bridged),
			rows: pings(30).slice(0, 17),
		},
		{
			...createView({ isPlaying: true, speed: 0.5, positionNs: 4_000_000_000 }),
			vm: "VM1",
		},
	),
	"empty-log": { world: world({ isOpen: false }), view: live },
	"details-open": {
		...withLostOffer(),
		view: {
			...chosen,
			overlay: { kind: "details", key: "x3", scroll: 0, hop: 0 },
		},
	},
	"vms-open": {
		...withLostOffer(),
		view: { ...chosen, overlay: { kind: "vms", index: 2 } },
	},
	help: {
		...withLostOffer(),
		view: { ...chosen, overlay: { kind: "help", scroll: 0 } },
	},
	"bad-filter": {
		...withLostOffer(),
		view: {
			...chosen,
			prompt: {
				kind: "filter",
				text: "proto:dhpc",
				problem: "proto: is arp, dhcp or icmp",
			},
		},
	},
	"refused-time": {
		...withLostOffer(),
		view: {
			...createView({ isPlaying: false, speed: 1, positionNs: null }),
			prompt: {
				kind: "seek",
				text: "25:00",
				problem: "a time like 13:48:57.9, +3.5s, -200ms or 50%",
				isSelected: true,
			},
		},
	},
	"damaged-file": {
		world: {
			...withLostOffer().world,
			isOpen: false,
			source: makeSafe("offer-lost-on-2026-11-22-at-kvm1.pcap"),
			health: {
				...health,
				engine: null,
				dropped: 12,
				notices: [
					{
						time: end,
						message:
							"offer-lost-on-2026-11-22-at-kvm1.pcap: byte 123456: the file ends inside record 4561: 12 bytes of it are there",
					},
				],
				said: 1,
			},
		},
		view: createView({ isPlaying: false, speed: 1, positionNs: null }),
	},
	"recorder-gone": {
		world: {
			...withLostOffer().world,
			isOpen: false,
			health: { ...health, ending: "the recorder was ended by SIGKILL" },
		},
		view: { ...chosen, page: "health" },
	},
	"findings-chosen": {
		...withLostOffer(),
		view: {
			...chosen,
			page: "findings",
			entries: {
				findings: { keys: ["trouble bridge-netfilter-half-open"], index: 0 },
			},
		},
	},
	"topology-chosen": {
		world: { ...withLostOffer().world, topology: makeHost() },
		view: {
			...chosen,
			page: "topology",
			entries: { topology: { keys: ["port vnet1"], index: 0, above: 6 } },
		},
	},
	frozen: {
		world: { ...withLostOffer().world, newer: 42 },
		view: { ...chosen, frozen: { rows: 27 } },
	},
};
