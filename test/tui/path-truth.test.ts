import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, test } from "node:test";
import type { Topology } from "../../src/model/topology.js";
import { toAscii } from "../../src/tui/ascii.js";
import { drawScreen } from "../../src/tui/draw-screen.js";
import { Store } from "../../src/tui/store.js";
import { plainLook } from "../../src/tui/theme.js";
import { createView } from "../../src/tui/view.js";
import type { PathPicture, VmState } from "../../src/tui/world.js";
import { Evidence } from "../../src/verify/evidence.js";
import { verify } from "../../src/verify/verify.js";
import type { FaultTruth } from "../lab/fault-truth.js";
import { kvmHost, natNetwork, router } from "../lab/plan.js";
import { type Filled, fillStore } from "./fill-store.js";
import { made, makeExchange, makeJourney } from "./made.js";
import { makePort, makeTopology, text } from "./topologies.js";

const live = createView(null);
const faults = new Map<string, Filled & { readonly truth: FaultTruth }>();

before(async () => {
	for (const name of readdirSync("fixtures/faults")) {
		const path = `fixtures/faults/${name}`;
		const truth = JSON.parse(readFileSync(`${path}/truth.json`, "utf8"));
		faults.set(name, {
			...(await fillStore(`${path}/log.pcapng.gz`)),
			truth,
		});
	}
});

function sufferer({ store, truth }: Filled & { readonly truth: FaultTruth }): {
	readonly vm: VmState;
	readonly path: PathPicture;
} {
	const vm = store
		.look(live)
		.vms.find(({ macs }) => macs.some((mac) => `${mac}` === truth.mac));
	assert.ok(vm, truth.name);
	const { path } = store.look({ ...live, vm: vm.key });
	assert.ok(path, truth.name);
	return { vm, path };
}

function draw({ store }: Filled, vm: string, columns: number): string[] {
	const view = { ...live, vm };
	const size = { columns, rows: 40 };
	return drawScreen(store.look(view), view, store.details, size, plainLook);
}

test("drawPath() has of every fault the lab's own path: tap, bridge, uplink", () => {
	for (const [name, fault] of faults) {
		const { path } = sufferer(fault);
		const { tap, mode } = fault.truth;
		const plan =
			mode === "nat" ? [tap, "virbr0", "br0", "ens3"] : [tap, "br0", "ens3"];
		assert.deepEqual(
			path.ports.map((port) => `${port.name}`),
			plan,
			name,
		);
		assert.equal(path.routedAfter, mode === "nat" ? "virbr0" : null, name);
		assert.equal(path.isInferred, false, name);
	}
});

test("drawPath() has the gateway where it is: at virbr0 behind NAT, else at the end", () => {
	for (const [name, fault] of faults) {
		const { path } = sufferer(fault);
		const parties = path.ports.flatMap((port) =>
			port.party?.is.includes("gateway")
				? [`${port.name} ${port.party.address}`]
				: [],
		);
		const isNat = fault.truth.mode === "nat";
		const own = isNat ? [`virbr0 ${natNetwork.ip}`] : [];
		assert.deepEqual(parties, own, name);
		assert.equal(path.gateway?.address, router.ip, name);
		const is = path.gateway?.is ?? "";
		assert.equal(is.includes("the host's"), isNat, `${name}: ${is}`);
	}
});

test("drawPath() calls virbr0 a DHCP server where its dnsmasq answers, and not where it is down", () => {
	const partyOf = (name: string) => {
		const fault = faults.get(name);
		assert.ok(fault);
		return sufferer(fault).path.ports[1]?.party?.is;
	};
	assert.equal(partyOf("healthy-nat-dhcp"), "gateway, DHCP server");
	assert.equal(partyOf("nat-forward-drop"), "gateway, DHCP server");
	assert.equal(partyOf("dhcp-server-down"), "gateway");
	assert.equal(partyOf("libvirt-dhcp-server-down"), "gateway");
});

test("drawPath() goes by the uplink for every VM, whatever passed between VMs", () => {
	for (const [name, { store }] of faults) {
		for (const { key } of store.look(live).vms) {
			const { path } = store.look({ ...live, vm: key });
			const [, ...further] = path?.ports ?? [];
			assert.ok(
				further.every(({ kind }) => kind !== "tap"),
				`${name} ${key}`,
			);
			if (path !== null) {
				assert.equal(path.ports.at(-1)?.name, "ens3", `${name} ${key}`);
			}
		}
	}
});

test("drawScreen() has the NAT picture: virbr0 with its address, then the uplink and the router", () => {
	const fault = faults.get("healthy-nat-dhcp");
	assert.ok(fault);
	const [, names = "", states = ""] = draw(fault, sufferer(fault).vm.key, 140);
	assert.match(
		names,
		/vnet2 ─+ virbr0 \(192\.168\.122\.1\) ─+NAT─+ br0 ─+ ens3 ─+ 192\.168\.100\.1$/,
	);
	assert.match(states, /gateway, DHCP server .* the host's gateway$/);
	const [, narrow = "", below = ""] = draw(fault, sufferer(fault).vm.key, 80);
	assert.match(narrow, /virbr0 .*NAT.* br0/);
	assert.match(narrow + below, /192\.168\.122\.1\D/);
});

test("drawPath() shows a tap that left its bridge, and an uplink, as out of it, with the loss there", () => {
	for (const [name, at] of [
		["tap-not-in-bridge", 0],
		["libvirt-tap-not-in-bridge", 0],
		["uplink-not-in-bridge", 1],
	] as const) {
		const fault = faults.get(name);
		assert.ok(fault);
		const { path, vm } = sufferer(fault);
		assert.deepEqual(
			path.ports.map(({ isApart = false }) => isApart),
			path.ports.map((_, index) => index === at),
			name,
		);
		const loose = path.ports.find(({ state }) => state === "no bridge");
		assert.equal(loose?.name, at === 0 ? fault.truth.tap : "ens3", name);
		assert.ok((path.ports[at]?.lostToNext ?? 0) > 0, name);
		const [, names = "", states = ""] = draw(fault, vm.key, 120);
		assert.match(names, /╌.*✗\d+→.*╌ /);
		assert.match(states, /no bridge/);
		assert.match(toAscii(names), /\..*x\d+>.*\. /);
		const { findings } = fault.store.look(live);
		assert.ok(findings.some(({ id }) => id === name.replace("libvirt-", "")));
	}
});

test("drawPath() of a tap in a bridge has no break, and the same tap had none before it left", () => {
	for (const [name, fault] of faults) {
		const isOut = name.includes("not-in-bridge");
		const { path } = sufferer(fault);
		const apart = path.ports.some((port) => port.isApart);
		assert.equal(apart, isOut, name);
		const view = createView({ isPlaying: false, speed: 1, positionNs: 0 });
		const key = sufferer(fault).vm.key;
		const first = fault.store.look({ ...view, vm: key }).path;
		assert.ok(first?.ports.every((port) => !port.isApart) ?? true, name);
	}
});

test("drawPath() counts what cannot be told of where it cannot", () => {
	const fault = faults.get("tap-not-in-bridge");
	assert.ok(fault);
	const unsure = [...fault.journeys.values()].filter(
		({ outcome, firstMissing, lastSeen, mac }) =>
			outcome === "inconclusive" &&
			firstMissing !== null &&
			lastSeen !== null &&
			mac === fault.truth.mac,
	);
	const { ports } = sufferer(fault).path;
	const counted = ports.reduce(
		(sum, { unsureToNext = 0, unsureFromNext = 0 }) =>
			sum + unsureToNext + unsureFromNext,
		0,
	);
	assert.ok(counted > 0);
	assert.equal(counted, unsure.length);
});

const wired = (tap: string, index: number, master: string | null): Topology =>
	makeTopology({
		ports: [
			makePort(tap, {
				role: "tap",
				index,
				master: master === null ? null : text(master),
			}),
			makePort("br0", { role: "bridge", index: 2, kind: text("bridge") }),
			makePort("ens3", { role: "uplink", index: 3, master: text("br0") }),
		],
	});

test("drawPath() has a renamed tap under its new name, with what was counted before", () => {
	const store = new Store();
	store.addTopology(wired("vnet0", 7, "br0"), made);
	store.addJourney(makeJourney({ id: 1 }));
	store.addTopology(wired("web-lan", 7, "br0"), made);
	const { path } = store.look(live);
	assert.deepEqual(
		path?.ports.map(({ name, state, counts }) => [
			`${name}`,
			state,
			counts.icmp,
		]),
		[
			["web-lan", "up", 1],
			["br0", "up", 1],
			["ens3", "up", 1],
		],
	);
});

test("listFindings() tells of a tap of no domain that has left its bridge, with what mends it", () => {
	const store = new Store();
	store.addTopology(wired("vnet0", 7, "br0"), made);
	assert.deepEqual(store.look(live).findings, []);
	store.addTopology(wired("vnet0", 7, null), made);
	const [finding] = store.look(live).findings;
	assert.equal(finding?.id, "tap-not-in-bridge");
	assert.equal(finding?.fix, "ip link set vnet0 master br0");
	store.addTopology(wired("vnet0", 7, "br0"), made);
	assert.deepEqual(store.look(live).findings, []);
});

const rank = {
	delivered: 0,
	degraded: 1,
	inconclusive: 2,
	unanswered: 3,
	refused: 4,
	lost: 5,
} as const;

test("listVms() gives no better verdict than is true by construction, and none worse on healthy logs", () => {
	for (const [name, fault] of faults) {
		const { vm } = sufferer(fault);
		const { effect } = fault.truth;
		if (effect === null) {
			assert.ok(
				vm.outcome === "delivered" || vm.outcome === "degraded",
				`${name}: ${vm.outcome}`,
			);
		} else {
			assert.ok(vm.outcome !== null && vm.outcome !== "delivered", name);
			assert.ok(
				rank[vm.outcome] >= rank[effect.outcome],
				`${name}: ${vm.outcome}`,
			);
		}
	}
});

test("listVms() gives no better verdict than verify does", () => {
	for (const [name, { store, journeys, exchanges }] of faults) {
		const { vms, topology, end } = store.look(live);
		const evidence = new Evidence();
		for (const journey of journeys.values()) {
			evidence.noteJourney(journey);
		}
		for (const exchange of exchanges.values()) {
			evidence.noteExchange(exchange);
		}
		const state = { topology, toldAt: end, ports: [], addresses: [], end };
		for (const vm of vms) {
			const cards = vm.macs.map((mac, at) => ({
				mac: `${mac}`,
				tap: vm.taps[at] ?? null,
			}));
			const subject = { name: vm.name, domain: null, cards };
			for (const kind of ["dhcp", "gateway"] as const) {
				const verdict = verify(kind, subject, evidence, state, {
					servers: [],
					gateway: null,
				});
				if (verdict.outcome !== "inconclusive") {
					const own = vm.outcome ?? "delivered";
					const said = `${name} ${vm.name} ${kind}: ${own}, verify ${verdict.outcome}`;
					assert.ok(rank[own] >= rank[verdict.outcome], said);
				}
			}
		}
	}
});

test("Troubles have the worst first: a late silence does not cover what was lost before", () => {
	const store = new Store();
	const vm = "VM1";
	const tell = (id: number, changes: object) =>
		store.addExchange(makeExchange({ id, vm, ...changes }));
	tell(1, {
		protocol: "dhcp",
		outcome: "lost",
		causes: ["lost-there"],
		atNs: 1,
	});
	tell(2, {
		protocol: "arp",
		outcome: "unanswered",
		causes: ["guest-silent"],
		atNs: 9,
	});
	const ids = () =>
		store
			.look(live)
			.troubles.map(({ exchange, isOver = false }) => [exchange.id, isOver]);
	assert.deepEqual(ids(), [
		[1, false],
		[2, false],
	]);
	tell(3, { protocol: "dhcp", outcome: "delivered", atNs: 12 });
	assert.deepEqual(ids(), [
		[2, false],
		[1, true],
	]);
});

test("the lab's host is at br0", () => {
	const fault = faults.get("healthy-renewal");
	const { topology } = fault?.store.look(live) ?? {};
	const br0 = topology?.ports.find(({ name }) => `${name}` === "br0");
	assert.deepEqual(
		br0?.addresses.map(({ address }) => `${address}`),
		[kvmHost.ip],
	);
});
