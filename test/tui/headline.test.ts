import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, test } from "node:test";
import type { Exchange } from "../../src/model/exchange.js";
import { drawScreen } from "../../src/tui/draw-screen.js";
import { findCursor, placeCursor } from "../../src/tui/list-cursor.js";
import { reduce } from "../../src/tui/reduce.js";
import { Store } from "../../src/tui/store.js";
import { plainLook } from "../../src/tui/theme.js";
import { Troubles } from "../../src/tui/troubles.js";
import { createView, type View } from "../../src/tui/view.js";
import type { FaultTruth } from "../lab/fault-truth.js";
import { type Filled, fillStore } from "./fill-store.js";
import { type MadeExchange, makeExchange, makeJourney } from "./made.js";
import { makeDomain, makePath, makeTopology } from "./topologies.js";

const live = createView(null);
const size = { columns: 120, rows: 40 };
const mac = "52:54:00:cd:76:3a";
const other = "52:54:00:1f:0b:92";
const faults = new Map<string, Filled & { readonly truth: FaultTruth }>();

before(async () => {
	for (const name of readdirSync("fixtures/faults")) {
		const path = `fixtures/faults/${name}`;
		const truth = JSON.parse(readFileSync(`${path}/truth.json`, "utf8"));
		faults.set(name, { ...(await fillStore(`${path}/log.pcapng.gz`)), truth });
	}
});

function storeOf(name: string): Store {
	const fault = faults.get(name);
	assert.ok(fault, name);
	return fault.store;
}

/** The rows above the tabs. */
function drawTop(store: Store, view: View): string {
	const rows = drawScreen(
		store.look(view),
		view,
		store.details,
		size,
		plainLook,
	);
	const tabs = rows.findIndex((row) => row.includes("findings"));
	assert.ok(tabs > 0);
	return rows.slice(0, tabs).join("\n");
}

test("the first trouble of every fault has the true cause, and so has the picture of who suffers", () => {
	for (const [name, { store, truth }] of faults) {
		if (truth.cause === null) {
			continue;
		}
		const { troubles, vms } = store.look(live);
		const [first] = troubles;
		assert.equal(first?.isOver, undefined, name);
		const ids = first?.exchange.causes.map(({ id }) => id) ?? [];
		assert.ok(ids.includes(truth.cause), `${name}: ${ids}`);
		const vm = vms.find(({ macs }) => macs.some((own) => own === truth.mac));
		assert.ok(vm, name);
		assert.ok(vm.causes[0]?.id === truth.cause || ids.length > 1, name);
		const top = drawTop(store, { ...live, vm: vm.key });
		assert.ok(top.includes(truth.cause), `${name}\n${top}`);
	}
});

test("the path that nobody chose is of who suffers, in every fault", () => {
	for (const [name, { store, truth }] of faults) {
		if (truth.cause !== null) {
			assert.equal(store.look(live).path?.mac, truth.mac, name);
		}
	}
});

/** Of certainty `likely` where it has causes. */
function list(
	told: readonly (MadeExchange & { readonly isOwn?: boolean })[],
	holds: (exchange: Exchange) => boolean = () => true,
) {
	const troubles = new Troubles();
	for (const one of told) {
		troubles.add(makeExchange(one), null, one.isOwn ?? false);
	}
	return troubles.list(holds);
}

test("Troubles.list() goes by the cause, then the outcome, then who asked, then the time", () => {
	const [unanswered, lost] = ["unanswered", "lost"] as const;
	const troubles = list(
		[
			{ id: 1, outcome: unanswered, causes: ["a"], isOwn: true, atNs: 1 },
			{ id: 2, outcome: unanswered, causes: ["b"], isOwn: true, atNs: 2 },
			{ id: 3, outcome: unanswered, causes: ["c"], atNs: 3 },
			{ id: 4, outcome: lost, causes: ["d"], atNs: 0 },
			{ id: 5, outcome: lost, isOwn: true, atNs: 9 },
			{ id: 6, outcome: lost, causes: ["over"], isOwn: true, atNs: 9 },
		],
		({ id }) => id !== 6,
	);
	assert.deepEqual(
		troubles.map(({ exchange }) => exchange.id),
		[4, 2, 1, 3, 5, 6],
	);
});

test("Troubles.list() has of one kind what the VM itself asked, and the worst of each other VM", () => {
	const causes = ["a"];
	const outcome = "unanswered";
	const [trouble, ...rest] = list([
		{ id: 1, mac, causes, outcome, isOwn: true, atNs: 1 },
		{ id: 2, mac: other, causes, outcome, atNs: 2 },
		{ id: 3, mac: other, causes, outcome, atNs: 3 },
		{ id: 4, mac: null, causes, outcome, atNs: 4 },
	]);
	assert.deepEqual(rest, []);
	assert.equal(trouble?.exchange.id, 1);
	assert.deepEqual(
		trouble.others?.map(({ id }) => id),
		[3],
	);
});

const two = makeTopology({
	domains: [
		makeDomain("VM1", [[mac, "vnet0"]]),
		makeDomain("VM2", [[other, "vnet1"]]),
	],
	paths: [
		makePath("VM1", mac, ["vnet0", "br0", "ens3"]),
		makePath("VM2", other, ["vnet1", "br0", "ens3"]),
	],
});

/** Two VMs, each of which pinged well. */
function makeTwo(): Store {
	const store = new Store();
	store.addTopology(two, null);
	store.addJourney(makeJourney({ id: 1, mac, vm: "VM1" }));
	const path = ["vnet1", "br0", "ens3"];
	store.addJourney(
		makeJourney({ id: 2, mac: other, vm: "VM2", path, atNs: 1 }),
	);
	return store;
}

test("look() stays with the VM whose path it showed until another one is worse off", () => {
	const store = makeTwo();
	const shown = (view = live) => store.look(view).path?.vm;
	const tell = (wanted: MadeExchange) =>
		store.addExchange(makeExchange({ protocol: "dhcp", ...wanted }));
	assert.equal(shown(), "VM1");
	tell({ id: 1, mac: other, outcome: "unanswered", causes: ["a"], atNs: 1 });
	assert.equal(shown(), "VM2");
	tell({ id: 2, mac, outcome: "unanswered", causes: ["a"], atNs: 2 });
	assert.equal(shown(), "VM2");
	tell({ id: 3, mac: other, atNs: 3 });
	assert.equal(shown(), "VM1");
	tell({ id: 4, mac, atNs: 4 });
	assert.equal(shown(), "VM1");
	assert.equal(shown({ ...live, vm: "VM2" }), "VM2");
	tell({ id: 5, mac: other, outcome: "unanswered", causes: ["a"], atNs: 5 });
	tell({ id: 6, mac, outcome: "lost", causes: ["b"], atNs: 6 });
	assert.equal(shown(), "VM1");
});

test("look() chooses anew when a log has been read: how fast it was does not show", () => {
	const outcome = "unanswered";
	const view = createView({ isPlaying: false, speed: 1, positionNs: null });
	const health = { engine: null, framesRead: 0, framesRelevant: 0 };
	const tellEnd = (store: Store, isOpen: boolean) =>
		store.setCapture({ ...health, ports: [], end: null, isOpen });
	const read = (isLookedAt: boolean) => {
		const store = makeTwo();
		tellEnd(store, true);
		store.addExchange(makeExchange({ id: 1, mac: other, outcome, atNs: 1 }));
		if (isLookedAt) {
			assert.equal(store.look(view).path?.vm, "VM2");
		}
		store.addExchange(
			makeExchange({ id: 2, mac, outcome, lastSeen: "vnet0", atNs: 2 }),
		);
		tellEnd(store, false);
		return store.look(view).path?.vm;
	};
	assert.equal(read(false), "VM1");
	assert.equal(read(true), "VM1");
});

test("look() has the path of the row that one went to, and the own one while it follows", () => {
	const store = makeTwo();
	const { rows, path } = store.look(live);
	assert.equal(path?.vm, "VM1");
	const onFirst = { ...live, cursor: placeCursor(rows, 0, 0) };
	const onSecond = { ...live, cursor: placeCursor(rows, 1, 0) };
	const first = store.look(onFirst);
	const second = store.look(onSecond);
	assert.equal(first.path?.vm, "VM1");
	assert.equal(second.path?.vm, "VM2");
	assert.equal(second.rows, first.rows);
	assert.notEqual(second.version, first.version);
	assert.equal(store.look(onSecond), second);
	const opened = reduce(
		live,
		{ kind: "open" },
		first,
		size,
		store.details,
	).view;
	assert.equal(store.look(opened).path?.vm, "VM2");
	assert.equal(store.look({ ...onSecond, vm: "VM1" }).path?.vm, "VM1");
	assert.equal(store.look(live).path?.vm, "VM1");
});

test("look() has each row of two VMs on its own VM's path", () => {
	const store = storeOf("duplicate-ip");
	const { rows } = store.look(live);
	for (const [index, row] of rows.entries()) {
		const told = row.kind === "journey" ? row.journey : row.exchange;
		const cursor = placeCursor(rows, index, 0);
		const { path } = store.look({ ...live, cursor });
		if (told.mac !== null) {
			assert.equal(path?.mac, told.mac, row.key);
		}
	}
});

test("n says where a replay has no further problem, and e goes on from the begin", () => {
	for (const name of ["bridge-filter-drop", "duplicate-ip", "dhcp-nak"]) {
		const store = storeOf(name);
		const press = (view: View, kind: "problem" | "to loss", by: -1 | 1) =>
			reduce(view, { kind, by }, store.look(view), size, store.details).view;
		const begin = createView({ isPlaying: false, speed: 1, positionNs: 0 });
		for (const by of [1, -1] as const) {
			const { message, cursor } = press(begin, "problem", by);
			const none = "no problem up to here; e goes to the next loss in the log";
			assert.equal(message, none, name);
			assert.equal(cursor.key, null);
		}
		const at = press(begin, "to loss", 1);
		assert.ok((at.player?.positionNs ?? 0) > 0, name);
		const found = press(at, "problem", -1);
		const { rows } = store.look(found);
		const row = rows[findCursor(rows, found.cursor)];
		const told = row?.kind === "journey" ? row.journey : row?.exchange;
		assert.ok(told !== undefined && told.outcome !== "delivered", name);
		const end = press(live, "problem", 1);
		assert.doesNotMatch(end.message ?? "", / e /, name);
	}
});
