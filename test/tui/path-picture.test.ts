import assert from "node:assert/strict";
import { test } from "node:test";
import type { BridgePort, Topology } from "../../src/model/topology.js";
import { Store } from "../../src/tui/store.js";
import { createView } from "../../src/tui/view.js";
import { type MadeJourney, made, makeExchange, makeJourney } from "./made.js";
import {
	makeAddress,
	makeDomain,
	makePath,
	makePort,
	makeTopology,
	text,
} from "./topologies.js";

const live = createView(null);
const mac = "52:54:00:cd:76:3a";
const other = "52:54:00:1f:0b:92";

function storeOf(
	topology: Topology | null,
	journeys: readonly MadeJourney[] = [],
): Store {
	const store = new Store();
	if (topology !== null) {
		store.addTopology(topology, made);
	}
	for (const [id, journey] of journeys.entries()) {
		store.addJourney(makeJourney({ ...journey, id }));
	}
	return store;
}

function pathOf(store: Store, vm: string | null = null) {
	return store.look({ ...live, vm }).path;
}

function bridgePort(changes: Partial<BridgePort>): BridgePort {
	return {
		state: text("forwarding"),
		isIsolated: false,
		floods: true,
		floodsMulticast: true,
		floodsBroadcast: true,
		learns: true,
		isHairpin: false,
		suppressesNeighbours: false,
		...changes,
	};
}

const bondPath = [
	"vnet0",
	"fwbr0",
	"fwln0",
	"fwpr0",
	"br0",
	"bond0.100",
	"bond0",
	"eno1",
];
const bond = makeTopology({
	domains: [makeDomain("VM1", [[mac, "vnet0"]])],
	ports: [
		makePort("vnet0", { kind: text("tun"), role: "tap" }),
		makePort("fwbr0", { kind: text("bridge"), role: "bridge" }),
		makePort("fwln0", { kind: text("veth"), peer: text("fwpr0") }),
		makePort("fwpr0", { kind: text("veth"), peer: text("fwln0") }),
		makePort("br0", { kind: text("bridge"), role: "bridge" }),
		makePort("bond0.100", { kind: text("vlan"), role: "uplink" }),
		makePort("bond0", { kind: text("bond"), role: "uplink" }),
		makePort("eno1", { role: "uplink" }),
	],
	paths: [makePath("VM1", mac, bondPath, { gateway: "192.168.100.1" })],
	dhcpServers: [
		{ interface: null, address: "192.168.100.1", source: text("dnsmasq") },
	],
});

test("drawPath() goes through cables, VLAN devices and bonds as the host tells", () => {
	const path = pathOf(storeOf(bond));
	assert.deepEqual(
		path?.ports.map(({ name, kind, state }) => [name, kind, state]),
		[
			["vnet0", "tap", "up"],
			["fwbr0", "bridge", "up"],
			["fwln0", "veth", "up"],
			["fwpr0", "veth", "up"],
			["br0", "bridge", "up"],
			["bond0.100", "vlan", "up"],
			["bond0", "bond", "up"],
			["eno1", "uplink", "up"],
		],
	);
	assert.deepEqual(path?.gateway, {
		address: "192.168.100.1",
		is: "gateway, DHCP server",
	});
	assert.equal(path?.isInferred, false);
});

test("drawPath() counts frames and has the median time to the next port", () => {
	const journeys = [1, 2, 3].map((id) => ({ id, path: bondPath, vm: "VM1" }));
	const path = pathOf(storeOf(bond, journeys));
	assert.deepEqual(
		path?.ports.map(({ counts, toNextNs }) => [counts.icmp, toNextNs]),
		bondPath.map((name) => [3, name === "eno1" ? null : 10_000]),
	);
});

test("drawPath() says how each port is", () => {
	const state = (changes: Parameters<typeof makePort>[1], link?: string) => {
		const [domain] = bond.domains;
		const nics = domain?.nics.map((nic) => ({
			...nic,
			link: link === undefined ? null : text(link),
		}));
		const topology = {
			...bond,
			domains: domain && nics ? [{ ...domain, nics }] : [],
			ports: [makePort("vnet0", { role: "tap", ...changes })],
		};
		return pathOf(storeOf(topology))?.ports.map((port) => port.state)[0];
	};
	assert.equal(state({}), "up");
	assert.equal(state({ isUp: false, hasCarrier: false }), "down");
	assert.equal(state({ hasCarrier: false }), "no carrier");
	assert.equal(state({}, "down"), "no carrier");
	const learning = bridgePort({ state: text("learning") });
	assert.equal(state({ bridgePort: learning }), "blocked");
	const isolated = bridgePort({ isIsolated: true });
	assert.equal(state({ bridgePort: isolated }), "isolated");
	assert.equal(state({ bridgePort: bridgePort({}) }), "up");
});

test("drawPath() says of a port that journeys passed and the host has no more that it is gone", () => {
	const topology = makeTopology({
		domains: [makeDomain("VM1", [[mac, null]], "shut off")],
		ports: [makePort("br0", { role: "bridge" })],
	});
	const path = pathOf(storeOf(topology, [{ id: 1, vm: "VM1" }]));
	assert.deepEqual(
		path?.ports.map(({ name, state }) => [name, state]),
		[
			["vnet0", "gone"],
			["br0", "up"],
			["ens3", "gone"],
		],
	);
	assert.equal(path?.isInferred, true);
	assert.equal(path?.vm, "VM1");
});

test("drawPath() counts losses at the link behind the port that saw the frame last", () => {
	const store = storeOf(null, [
		{ id: 1, outcome: "lost" },
		{ id: 2, outcome: "lost", seen: 1 },
		{
			id: 3,
			path: ["ens3", "br0", "vnet0"],
			source: "router",
			outcome: "lost",
		},
	]);
	store.addExchange(
		makeExchange({
			id: 1,
			journeys: [2],
			outcome: "lost",
			lastSeen: "br0",
			firstMissing: "vnet0",
			causes: ["bridge-filter-drop"],
		}),
	);
	const ports = pathOf(store)?.ports ?? [];
	assert.deepEqual(
		ports.map((port) => [port.lostToNext, port.lostFromNext]),
		[
			[1, 1],
			[1, 0],
			[0, 0],
		],
	);
	assert.deepEqual(
		ports.map(({ causes }) => causes.map(({ id }) => id)),
		[["bridge-filter-drop"], [], []],
	);
});

test("drawPath() takes back what a journey lost that arrived after all", () => {
	const store = storeOf(null, [{ id: 0, outcome: "lost" }]);
	assert.equal(pathOf(store)?.ports[1]?.lostToNext, 1);
	store.addJourney(makeJourney({ id: 0, revision: 1 }));
	assert.equal(pathOf(store)?.ports[1]?.lostToNext, 0);
	assert.equal(pathOf(store)?.ports[2]?.counts.icmp, 1);
	assert.equal(store.look(live).vms[0]?.lost, 0);
});

test("drawPath() shows of several NICs the one with traffic, and of these the one with losses", () => {
	const topology = makeTopology({
		domains: [
			makeDomain("VM1", [
				[mac, "vnet0"],
				[other, "vnet1"],
			]),
		],
		paths: [
			makePath("VM1", mac, ["vnet0", "br0"]),
			makePath("VM1", other, ["vnet1", "br1"]),
		],
	});
	const quiet = { id: 1, mac, path: ["vnet0", "br0"] };
	const busy = { id: 2, mac: other, path: ["vnet1", "br1"] };
	const first = (journeys: readonly MadeJourney[]) =>
		pathOf(storeOf(topology, journeys))?.ports[0]?.name;
	assert.equal(first([]), "vnet0");
	assert.equal(first([busy]), "vnet1");
	assert.equal(first([quiet, busy, busy]), "vnet1");
	assert.equal(first([{ ...quiet, outcome: "lost" }, busy, busy]), "vnet0");
});

test("Headline takes the VM in trouble, else one with traffic, and stays with it", () => {
	const topology = makeTopology({
		domains: [
			makeDomain("VM1", [[mac, "vnet0"]]),
			makeDomain("VM2", [[other, "vnet1"]]),
		],
		paths: [
			makePath("VM1", mac, ["vnet0", "br0"]),
			makePath("VM2", other, ["vnet1", "br0"]),
		],
	});
	const store = storeOf(topology);
	assert.equal(pathOf(store)?.vm, "VM1");
	store.addJourney(makeJourney({ id: 1, mac: other, vm: "VM2" }));
	assert.equal(pathOf(store)?.vm, "VM2");
	store.addJourney(makeJourney({ id: 2, mac, vm: "VM1" }));
	assert.equal(pathOf(store)?.vm, "VM2");
	store.addExchange(makeExchange({ id: 1, mac, outcome: "lost" }));
	assert.equal(pathOf(store)?.vm, "VM1");
	assert.equal(pathOf(store, "VM2")?.vm, "VM2");
	assert.equal(pathOf(store)?.vm, "VM1");
});

test("listVms() has running VMs by name, then those only seen, then the others", () => {
	const topology = makeTopology({
		domains: [
			makeDomain("off", [["52:54:00:00:00:09", null]], "shut off"),
			makeDomain("VM10", [[other, "vnet1"]]),
			makeDomain("VM2", [[mac, "vnet0"]]),
		],
		addresses: [
			makeAddress("192.168.100.7", mac, "arp-table"),
			makeAddress("192.168.100.8", other, "arp-table"),
			makeAddress("192.168.100.9", other, "lease"),
		],
	});
	const store = storeOf(topology, [
		{ id: 1, mac: "52:54:00:00:00:05", vm: "seen" },
		{ id: 2, mac, vm: "VM2", outcome: "lost" },
	]);
	const { vms } = store.look(live);
	assert.deepEqual(
		vms.map(({ key, state, address, addressSource, journeys, lost }) =>
			[key, state, address, addressSource, journeys, lost].join(" "),
		),
		[
			"VM2 running 192.168.100.7 arp-table 1 1",
			"VM10 running 192.168.100.9 lease 0 0",
			"seen    1 0",
			"off shut off   0 0",
		],
	);
});

test("listVms() has the worst of the latest exchange of each protocol, and its causes", () => {
	const store = storeOf(null, [{ id: 1, vm: "VM1" }]);
	const tell = (id: number, changes: object) =>
		store.addExchange(makeExchange({ id, vm: "VM1", ...changes }));
	tell(1, { outcome: "lost", causes: ["a"], atNs: 1 });
	tell(2, { outcome: "degraded", protocol: "dhcp", causes: ["b"], atNs: 2 });
	const [bad] = store.look(live).vms;
	assert.equal(bad?.outcome, "lost");
	assert.deepEqual(
		bad?.causes.map(({ id }) => id),
		["a", "b"],
	);
	tell(3, { outcome: "delivered", atNs: 3 });
	tell(4, { outcome: "lost", causes: ["a"], atNs: 0 });
	const [better] = store.look(live).vms;
	assert.equal(better?.outcome, "degraded");
	assert.equal(better?.dhcp?.id, 2);
});

test("Troubles have each set of causes once, the latest first, and follow what is told again", () => {
	const store = storeOf(null);
	const tell = (id: number, changes: object) =>
		store.addExchange(makeExchange({ id, outcome: "lost", ...changes }));
	tell(1, { causes: ["a", "b"], atNs: 1 });
	tell(2, { causes: ["b", "a"], atNs: 5 });
	tell(3, { causes: ["c"], atNs: 3 });
	tell(4, { outcome: "inconclusive", atNs: 9 });
	const list = () =>
		store
			.look(live)
			.troubles.map(({ exchange, count }) => [exchange.id, count]);
	assert.deepEqual(list(), [
		[2, 2],
		[3, 1],
	]);
	tell(2, { causes: ["c"], atNs: 5, revision: 1 });
	assert.deepEqual(list(), [
		[2, 2],
		[1, 1],
	]);
	tell(1, { outcome: "delivered", revision: 1 });
	assert.deepEqual(list(), [[2, 2]]);
});
