import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { broadcastMac } from "../../src/model/address.js";
import { compareTimes } from "../../src/tui/item.js";
import { Store } from "../../src/tui/store.js";
import { createView, type View } from "../../src/tui/view.js";
import type { ListRow, World } from "../../src/tui/world.js";
import {
	type MadeExchange,
	type MadeJourney,
	made,
	makeExchange,
	makeJourney,
	stepNs,
} from "./made.js";

const live = createView(null);

function keysOf({ rows }: World): string[] {
	return rows.map(({ key }) => key);
}

function storeOf(journeys: readonly MadeJourney[]): Store {
	const store = new Store();
	for (const journey of journeys) {
		store.addJourney(makeJourney(journey));
	}
	return store;
}

function at(positionNs: number | null): View {
	return createView({ isPlaying: false, speed: 1, positionNs });
}

test("look() puts what comes late where it began", () => {
	const store = storeOf([
		{ id: 1, atNs: 0 },
		{ id: 2, atNs: 5e9 },
	]);
	assert.deepEqual(keysOf(store.look(live)), ["journey 1", "journey 2"]);
	store.addJourney(makeJourney({ id: 3, atNs: 2e9 }));
	assert.deepEqual(keysOf(store.look(live)), [
		"journey 1",
		"journey 3",
		"journey 2",
	]);
});

test("look() shows a journey that is told again once, as it was told last", () => {
	const store = storeOf([{ id: 1, outcome: "inconclusive" }, { id: 2 }]);
	store.look(live);
	store.addJourney(makeJourney({ id: 1, revision: 1 }));
	const world = store.look(live);
	assert.deepEqual(keysOf(world), ["journey 1", "journey 2"]);
	const [first] = world.rows;
	assert.equal(first?.kind === "journey" && first.journey.revision, 1);
	assert.equal(world.vms[0]?.journeys, 2);
});

test("look() gives the same world while neither store nor view changed", () => {
	const store = storeOf([{ id: 1 }]);
	const world = store.look(live);
	assert.equal(store.look({ ...live, page: "health", scroll: 3 }), world);
	assert.equal(store.look({ ...live, filter: "vm:x" }) === world, false);
	store.addJourney(makeJourney({ id: 2 }));
	const next = store.look(live);
	assert.ok(next.version > world.version);
	assert.equal(world.rows.length, 1);
});

test("look() shows exchanges that say more than their journeys", () => {
	const store = storeOf([{ id: 1 }, { id: 2 }]);
	store.addExchange(makeExchange({ id: 1, journeys: [1] }));
	store.addExchange(makeExchange({ id: 2, outcome: "unanswered", atNs: 1e9 }));
	store.addExchange(
		makeExchange({ id: 3, outcome: "lost", causes: ["a"], atNs: 2e9 }),
	);
	store.addExchange(makeExchange({ id: 4, protocol: "dhcp", atNs: 3e9 }));
	assert.deepEqual(keysOf(store.look(live)), [
		"journey 1",
		"journey 2",
		"exchange 2",
		"exchange 3",
		"exchange 4",
	]);
	assert.equal(store.details.exchangeOf(1)?.id, 1);
	assert.equal(store.details.exchangeOf(2), null);
});

test("look() counts what machines of the LAN send each other, and shows none of it", () => {
	const ethernet = { source: "00:0d:b9:4a:1c:77", destination: broadcastMac };
	const lan = {
		mac: null,
		source: "lan",
		destination: "lan",
		protocol: "arp",
		ethernet,
	} as const;
	const store = storeOf([
		{ id: 1, ...lan },
		{ id: 1, ...lan, revision: 1 },
		{ id: 2, ...lan, source: "router" },
		{ id: 3, mac: null, source: "host" },
	]);
	const world = store.look(live);
	assert.deepEqual(keysOf(world), ["journey 3"]);
	assert.equal(world.lanBroadcasts, 2);
	assert.equal(store.look(at(0)).lanBroadcasts, 2);
	const answer = { ...lan, ethernet: { ...ethernet, destination: null } };
	store.addJourney(makeJourney({ id: 4, ...answer }));
	store.addJourney(makeJourney({ id: 5, ...lan, protocol: "dhcp" }));
	assert.deepEqual(keysOf(store.look(live)), [
		"journey 3",
		"journey 4",
		"journey 5",
	]);
});

test("look() keeps so many journeys, the latest, and says how many it forgot", () => {
	const store = new Store({ journeyLimit: 10 });
	for (let id = 1; id <= 25; id += 1) {
		store.addJourney(makeJourney({ id, atNs: id * 1e9 }));
		store.addExchange(
			makeExchange({ id, atNs: id * 1e9, journeys: [id], outcome: "refused" }),
		);
	}
	const world = store.look(live);
	assert.equal(world.rows.length, 20);
	assert.equal(world.rows[0]?.key, "journey 16");
	assert.equal(world.health.forgotten, 30);
	assert.equal(store.details.journey(15), null);
	assert.equal(store.details.exchangeOf(15), null);
	assert.equal(store.details.journey(16)?.id, 16);
});

test("look() holds to the limit although nobody looks", () => {
	const store = new Store({ journeyLimit: 100 });
	for (let id = 1; id <= 5000; id += 1) {
		store.addJourney(makeJourney({ id, atNs: id }));
	}
	assert.equal(store.details.journey(1), null);
	assert.notEqual(store.details.journey(5000), null);
});

test("look() shows the journeys of one VM, those that end at its tap too", () => {
	const vm1 = { vm: "VM1", mac: "52:54:00:00:00:01" };
	const vm2 = { vm: "VM2", mac: "52:54:00:00:00:02" };
	const store = storeOf([
		{ id: 1, ...vm1, path: ["vnet1", "br0", "ens3"] },
		{ id: 2, ...vm2, path: ["vnet2", "br0", "ens3"] },
		{
			id: 3,
			...vm1,
			path: ["vnet1", "br0", "vnet2"],
			destination: "other-vm",
			outcome: "lost",
		},
		{ id: 4, mac: null, source: "host", path: ["br0", "ens3"] },
	]);
	const ports = ["vnet1", "vnet2"].map((name) => makeTap(name));
	store.setCapture({ ...capture, ports });
	const ofVm2 = store.look({ ...live, vm: "VM2" });
	assert.deepEqual(keysOf(ofVm2), ["journey 2", "journey 3"]);
	assert.equal(ofVm2.hidden, 0);
	const lost = store.look({ ...live, vm: "VM2", filter: "outcome:lost" });
	assert.deepEqual(keysOf(lost), ["journey 3"]);
	assert.equal(lost.hidden, 1);
	assert.deepEqual(keysOf(store.look({ ...live, vm: "nobody" })), []);
});

test("look() of a frozen view stands still while the store goes on", () => {
	const store = storeOf([
		{ id: 1, vm: "VM1" },
		{ id: 2, vm: "VM1", atNs: 1e9, outcome: "inconclusive" },
	]);
	const frozen = { ...live, frozen: { rows: 2 } };
	const before = store.look(frozen);
	store.addJourney(makeJourney({ id: 3, vm: "VM1", atNs: 2e9 }));
	store.addJourney(makeJourney({ id: 2, vm: "VM1", atNs: 1e9, revision: 1 }));
	const after = store.look(frozen);
	assert.deepEqual(after.rows, before.rows);
	assert.deepEqual(after.now, before.now);
	assert.deepEqual(after.path, before.path);
	assert.deepEqual(after.vms, before.vms);
	assert.equal(after.newer, 1);
	assert.equal(store.details.journey(2)?.revision, 0);
	assert.equal(store.details.journey(3), null);
	const filtered = store.look({ ...frozen, filter: "outcome:inconclusive" });
	assert.deepEqual(keysOf(filtered), ["journey 2"]);
	const thawed = store.look(live);
	assert.deepEqual(keysOf(thawed), ["journey 1", "journey 2", "journey 3"]);
	assert.equal(thawed.newer, 0);
});

test("look() at a position of the player tells nothing of what comes after", () => {
	const store = storeOf([
		{ id: 1, vm: "VM1" },
		{ id: 2, vm: "VM1", atNs: 1e9 },
		{ id: 3, vm: "VM1", atNs: 2e9 },
	]);
	store.addExchange(
		makeExchange({ id: 1, outcome: "unanswered", journeys: [2], atNs: 1e9 }),
	);
	const world = store.look(at(1e9 + stepNs));
	assert.deepEqual(keysOf(world), ["journey 1", "journey 2", "exchange 1"]);
	const journey = store.details.journey(2);
	assert.deepEqual(
		journey?.hops.map((hop) => hop.interface),
		["vnet0", "br0"],
	);
	assert.equal(journey?.outcome, "inconclusive");
	assert.equal(journey?.reason, "on its way");
	assert.deepEqual(journey?.expected, ["vnet0", "br0", "ens3"]);
	assert.equal(store.details.exchange(1)?.outcome, "inconclusive");
	assert.equal(store.details.journey(3), null);
	assert.deepEqual(
		world.path?.ports.map(({ counts }) => counts.icmp),
		[2, 2, 1],
	);
	assert.deepEqual(world.troubles, []);
	const later = store.look(at(1e9 + 2 * stepNs));
	assert.equal(later.path?.ports[2]?.counts.icmp, 2);
	assert.equal(store.look(at(9e9)).troubles.length, 1);
	assert.equal(store.look(at(null)).rows.length, 4);
});

test("look() at an earlier position of the player is as if played anew", () => {
	const fill = () =>
		storeOf(
			Array.from({ length: 40 }, (_, id) => ({
				id,
				atNs: id * 4000,
				vm: `VM${id % 3}`,
				mac: `52:54:00:00:00:0${id % 3}`,
				outcome: id % 5 === 0 ? ("lost" as const) : ("delivered" as const),
			})),
		);
	const store = fill();
	for (const position of [90_000, 30_000, 31_000, 55_000, 2_000]) {
		const { version: _, timeline: __, ...seen } = store.look(at(position));
		const { version, timeline, ...anew } = fill().look(at(position));
		assert.deepEqual(seen, anew);
	}
});

interface Op {
	readonly kind: "journey" | "exchange" | "look";
	readonly id: number;
	readonly atNs: number;
	readonly vm: number;
	readonly isBad: boolean;
	readonly isDhcp: boolean;
}

const op: fc.Arbitrary<Op> = fc.record({
	kind: fc.constantFrom("journey", "journey", "exchange", "look"),
	id: fc.nat(40),
	atNs: fc.oneof(fc.nat(5), fc.nat(2e9), fc.constant(1e17 + 1e9)),
	vm: fc.nat(3),
	isBad: fc.boolean(),
	isDhcp: fc.boolean(),
});

const filters: readonly (readonly [string, (row: ListRow) => boolean])[] = [
	["", () => true],
	["outcome:bad", (row) => partOf(row).outcome !== "delivered"],
	["proto:dhcp -vm:VM2", (row) => isDhcp(row) && partOf(row).vm !== "VM2"],
];

function partOf(row: ListRow) {
	return row.kind === "journey" ? row.journey : row.exchange;
}

function isDhcp(row: ListRow): boolean {
	return partOf(row).protocol === "dhcp";
}

function beginOf(row: ListRow) {
	return row.kind === "journey"
		? (row.journey.hops[0]?.time ?? made)
		: row.exchange.since;
}

const lanBroadcast = {
	protocol: "arp",
	source: "lan",
	ethernet: { source: "00:0d:b9:4a:1c:77", destination: broadcastMac },
} as const;

function journeyOf({ id, atNs, vm, isBad, isDhcp: dhcp }: Op): MadeJourney {
	return {
		id,
		atNs,
		vm: vm === 0 ? null : `VM${vm}`,
		mac: vm === 0 ? null : `52:54:00:00:00:0${vm}`,
		outcome: isBad ? "lost" : "delivered",
		...(vm === 0 ? lanBroadcast : { protocol: dhcp ? "dhcp" : "icmp" }),
		path: [`vnet${vm}`, "br0", "ens3"],
	};
}

function exchangeOf({ id, atNs, vm, isBad, isDhcp: dhcp }: Op): MadeExchange {
	return {
		id,
		atNs,
		vm: vm === 0 ? null : `VM${vm}`,
		mac: vm === 0 ? null : `52:54:00:00:00:0${vm}`,
		outcome: isBad ? "unanswered" : "delivered",
		protocol: dhcp ? "dhcp" : "icmp",
	};
}

/** All that was told, filtered and sorted anew. */
function expectRows(
	ops: readonly Op[],
	vm: string | null,
	passes: (row: ListRow) => boolean,
): string[] {
	const rows = new Map<string, ListRow>();
	for (const one of ops) {
		if (one.kind === "journey" && one.vm > 0) {
			const key = `journey ${one.id}`;
			const journey = makeJourney(journeyOf(one));
			rows.set(key, { kind: "journey", journey, key });
		} else if (one.kind === "exchange") {
			const key = `exchange ${one.id}`;
			const exchange = makeExchange(exchangeOf(one));
			rows.set(key, { kind: "exchange", exchange, key });
		}
	}
	return [...rows.values()]
		.filter((row) => vm === null || partOf(row).vm === vm)
		.filter(
			(row) =>
				row.kind === "journey" ||
				isDhcp(row) ||
				row.exchange.outcome === "unanswered",
		)
		.filter(passes)
		.sort(
			(a, b) =>
				compareTimes(beginOf(a), beginOf(b)) ||
				(a.kind === b.kind ? 0 : a.kind === "journey" ? -1 : 1) ||
				partOf(a).id - partOf(b).id,
		)
		.map(({ key }) => key);
}

test("look() has the rows that a filter over all of them has, in order", () => {
	fc.assert(
		fc.property(
			fc.array(op, { maxLength: 120 }),
			fc.constantFrom(...filters),
			fc.constantFrom(null, "VM1", "VM2"),
			(told, [filter, passes], vm) => {
				// A journey that was of a VM stays one of a VM.
				const ops = told.map((one) =>
					one.kind === "journey" ? { ...one, vm: one.id % 4 } : one,
				);
				const store = new Store();
				const view = { ...live, filter, vm };
				for (const one of ops) {
					if (one.kind === "look") {
						store.look(one.isBad ? view : live);
					} else if (one.kind === "journey") {
						store.addJourney(makeJourney(journeyOf(one)));
					} else {
						store.addExchange(makeExchange(exchangeOf(one)));
					}
				}
				const world = store.look(view);
				assert.deepEqual(keysOf(world), expectRows(ops, vm, passes));
				const all = expectRows(ops, vm, () => true);
				assert.equal(world.hidden, all.length - world.rows.length);
			},
		),
	);
});

test("look() at any position shows what began until then, and no hop after it", () => {
	fc.assert(
		fc.property(
			fc.array(op, { minLength: 1, maxLength: 60 }),
			fc.array(fc.nat(2e9), { maxLength: 6 }),
			(told, positions) => {
				const ops = told.map((one) => ({ ...one, vm: (one.id % 3) + 1 }));
				const store = new Store();
				for (const one of ops) {
					if (one.kind === "journey") {
						store.addJourney(makeJourney(journeyOf(one)));
					} else if (one.kind === "exchange") {
						store.addExchange(makeExchange(exchangeOf(one)));
					}
				}
				const { begin } = store.look(live);
				const all = store.look(live).rows;
				for (const position of positions) {
					const world = store.look(at(position));
					const now = world.now ?? begin ?? made;
					const begun = all.filter(
						(row) => compareTimes(beginOf(row), now) <= 0,
					);
					assert.deepEqual(
						keysOf(world),
						begun.map(({ key }) => key),
					);
					const hops = world.rows.flatMap((row) =>
						row.kind === "journey" ? row.journey.hops : [],
					);
					assert.ok(hops.every(({ time }) => compareTimes(time, now) <= 0));
				}
			},
		),
	);
});

test("look() of a player says the same however it came there, while the log grows", () => {
	fc.assert(
		fc.property(fc.array(op, { minLength: 1, maxLength: 50 }), (ops) => {
			const walked = new Store({ journeyLimit: 16, milestoneStride: 3 });
			for (const [index, one] of ops.entries()) {
				tell(walked, one);
				const told = ops.slice(0, index + 1);
				if (one.kind === "look") {
					const view = { ...at(one.atNs), vm: "VM1" };
					const anew = new Store({ journeyLimit: 16 });
					for (const earlier of told) {
						tell(anew, earlier);
						// What is forgotten depends on when it is looked.
						if (earlier.kind === "look") {
							anew.look(live);
						}
					}
					const { version: _, timeline: __, ...seen } = walked.look(view);
					const { version, timeline, ...expected } = anew.look(view);
					assert.deepEqual(seen, expected);
				}
			}
		}),
		{ numRuns: 300 },
	);
});

function tell(store: Store, one: Op): void {
	if (one.kind === "journey") {
		store.addJourney(makeJourney(journeyOf(one)));
	} else if (one.kind === "exchange") {
		store.addExchange(makeExchange(exchangeOf(one)));
	}
}

const capture = {
	engine: "packet",
	framesRead: 4,
	framesRelevant: 4,
	ports: [],
	end: null,
	isOpen: true,
};

function makeTap(name: string) {
	return {
		name: name as never,
		role: "tap" as const,
		isInferred: false,
		isPromiscuous: null,
		drops: null,
		isContinuous: true,
		snapLength: 0,
		sources: new Set([0]),
	};
}
