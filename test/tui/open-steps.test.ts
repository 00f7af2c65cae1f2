import assert from "node:assert/strict";
import { test } from "node:test";
import type { Exchange } from "../../src/model/exchange.js";
import { makeSafe } from "../../src/model/safe-text.js";
import type { Finding } from "../../src/model/topology.js";
import type { Action } from "../../src/tui/action.js";
import { drawScreen } from "../../src/tui/draw-screen.js";
import { reduce } from "../../src/tui/reduce.js";
import { createLook, plainLook } from "../../src/tui/theme.js";
import { createView, type View } from "../../src/tui/view.js";
import type { World } from "../../src/tui/world.js";
import { exchange } from "../show/exchanges.js";
import { makeDomain, makePath, makePort, makeTopology } from "./topologies.js";
import {
	detailsOf,
	exchangeRow,
	handshakes,
	lostOffers,
	path,
	pings,
	port,
	vm,
	world,
} from "./worlds.js";

const size = { columns: 80, rows: 24 };
const live = createView(null);
const findings: View = { ...live, page: "findings" };
const topology: View = { ...live, page: "topology" };
const up: Action = { kind: "move", by: -1 };
const down: Action = { kind: "move", by: 1 };
const open: Action = { kind: "open" };
const close: Action = { kind: "close" };
const first: Action = { kind: "to first" };
const last: Action = { kind: "to last" };

/** The view after these actions, one after the other. */
function after(view: View, all: World, ...actions: readonly Action[]): View {
	return actions.reduce(
		(before, action) => reduce(before, action, all, size, detailsOf(all)).view,
		view,
	);
}

/** The row that the cursor stands on, as it is drawn. */
function marked(view: View, all: World, at = size, look = plainLook): string {
	const rows = drawScreen(all, view, detailsOf(all), at, look);
	return rows.find((row) => /^[▸>]/.test(row)) ?? "none";
}

/** The key of what details are open of. */
function opened({ overlay }: View): string | null {
	return overlay?.kind === "details" ? overlay.key : null;
}

const silent: Exchange = exchange({
	id: 9,
	vm: makeSafe("VM2"),
	outcome: "unanswered",
	message: "discover",
	lastSeen: makeSafe("ens3"),
	lease: null,
	causes: [
		{ id: "dhcp-server-silent", certainty: "possible", evidence: [], fix: "" },
	],
});

const duplicate: Finding = {
	id: "duplicate-mac",
	message: makeSafe("VM1 and VM2 have one MAC address"),
	isProblem: true,
	evidence: makeSafe("virsh dumpxml VM1"),
	fix: null,
	concerns: [makeSafe("VM1"), makeSafe("VM2")],
};

const lost = lostOffers(2);
const troubled = world({
	rows: [...handshakes(2, true), exchangeRow(lost), exchangeRow(silent)],
	vms: [vm("VM1"), vm("VM2")],
	troubles: [
		{ exchange: lost, count: 1 },
		{ exchange: silent, count: 2 },
	],
	findings: [duplicate],
});

test("reduce() goes through problems, troubles and their causes on the findings page", () => {
	const seen = [0, 1, 2, 3, 4, 5, 6].map((count) =>
		marked(
			after(findings, troubled, ...Array<Action>(count).fill(down)),
			troubled,
		)
			.slice(1)
			.trim(),
	);
	const begins = [
		/^✗ VM1 and VM2 have one MAC/,
		/^✗ .* VM1 {2}DHCP offer lost/,
		/^◪ bridge-netfilter-half-open/,
		/^○ .* VM2 {2}DHCP/,
		/^□ dhcp-server-silent/,
		/^□ dhcp-server-silent/,
		/^□ dhcp-server-silent/,
	];
	for (const [at, begin] of begins.entries()) {
		assert.match(seen[at] ?? "", begin);
	}
	const back = after(findings, troubled, last, up);
	assert.match(marked(back, troubled), /^▸○ .* VM2 {2}DHCP/);
	assert.match(marked(after(back, troubled, first), troubled), /^▸✗ VM1 and/);
});

test("reduce() opens the exchange of the trouble or cause under the cursor, and comes back to it", () => {
	for (const [steps, key] of [
		[1, "x3"],
		[2, "x3"],
		[3, "x9"],
		[4, "x9"],
	] as const) {
		const there = after(findings, troubled, ...Array<Action>(steps).fill(down));
		const details = after(there, troubled, open);
		assert.equal(opened(details), key, `${steps}`);
		const back = after(details, troubled, down, close);
		assert.deepEqual([back.page, back.overlay], ["findings", null]);
		assert.equal(marked(back, troubled), marked(there, troubled));
	}
});

test("reduce() says so where a finding has no exchange", () => {
	const view = after(findings, troubled, open);
	assert.equal(opened(view), null);
	assert.equal(
		view.message,
		"no exchange belongs to this: the host itself says so",
	);
	const gap = { source: makeSafe("nft"), reason: makeSafe("no"), fix: null };
	const unread = world({ topology: makeTopology({ gaps: [gap] }) });
	assert.match(
		after(findings, unread, open).message ?? "",
		/could not be read/,
	);
	assert.match(after(findings, world(), open).message ?? "", /nothing to open/);
	const forgotten = world({ troubles: [{ exchange: lost, count: 1 }] });
	assert.match(after(findings, forgotten, open).message ?? "", /not kept/);
});

test("reduce() opens an exchange that the chosen VM or the filter leaves out of the list", () => {
	const sifted: World = { ...troubled, rows: pings(3) };
	const view: View = { ...findings, vm: "VM1", filter: "proto:icmp" };
	const details = { ...detailsOf(sifted), exchange: () => silent };
	const act = (before: View, action: Action) =>
		reduce(before, action, sifted, size, details).view;
	const there = act(act(act(view, down), down), down);
	const details9 = act(there, open);
	assert.equal(opened(details9), "exchange 9");
	const rows = drawScreen(sifted, details9, details, size, plainLook);
	assert.ok(rows.some((row) => /dhcp-server-silent/.test(row)));
	const back = act(details9, close);
	assert.deepEqual(
		[back.page, back.vm, back.filter],
		["findings", "VM1", "proto:icmp"],
	);
});

test("reduce() opens the exchange of another VM where the worst one is not kept", () => {
	const all = world({
		rows: [exchangeRow(silent)],
		troubles: [{ exchange: lost, others: [silent], count: 2 }],
	});
	assert.equal(opened(after(findings, all, open)), "x9");
});

test("reduce() keeps the cursor on its entry while others come before it", () => {
	const few: World = {
		...troubled,
		findings: [],
		troubles: [{ exchange: silent, count: 1 }],
	};
	const many: World = {
		...troubled,
		troubles: [
			...troubled.troubles.slice(0, 1),
			{ exchange: { ...silent, id: 12 }, count: 5 },
		],
	};
	const seen = after(live, few, { kind: "page", page: "findings" });
	assert.match(marked(seen, few), /^▸○ .* VM2 {2}DHCP/);
	assert.match(marked(seen, many), /^▸○ .* VM2 {2}DHCP.*, 5 /);
	const moved = after(seen, few, down);
	assert.match(marked(moved, many), /^▸ {2}□ dhcp-server-silent/);
	assert.match(marked(after(moved, many, up), many), /^▸○ .* VM2 {2}DHCP/);
});

test("reduce() follows an exchange whose cause became another", () => {
	const before: World = { ...troubled, findings: [] };
	const view = after(findings, before, last);
	const told = { ...silent, causes: lost.causes };
	const mended: World = {
		...before,
		troubles: [
			{ exchange: told, count: 1 },
			{ exchange: { ...lost, causes: [] }, count: 1 },
		],
	};
	assert.match(marked(view, mended), /^▸○ .* VM2 {2}DHCP/);
});

const bridged = makeTopology({
	ports: [
		makePort("ens3", { role: "uplink", index: 2, master: makeSafe("br0") }),
		makePort("br0", { role: "bridge", index: 3 }),
		makePort("vnet0", { role: "tap", index: 4, master: makeSafe("br0") }),
		makePort("vnet1", { role: "tap", index: 5, master: makeSafe("br0") }),
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

const host = world({
	rows: pings(9),
	vms: [vm("VM1"), vm("VM2", { macs: [makeSafe("52:54:00:1f:0b:92")] })],
	topology: bridged,
	path: path([port("vnet0", "tap"), port("br0", "bridge")]),
});

/** Down until the cursor stands on a row like this. */
function goTo(view: View, all: World, row: RegExp): View {
	let there = view;
	for (let steps = 0; !row.test(marked(there, all)); steps += 1) {
		assert.ok(steps < 50, `${row} is not there`);
		there = after(there, all, down);
	}
	return there;
}

test("reduce() goes through bridges, VMs and ports of the topology", () => {
	const seen = Array.from({ length: 7 }, (_, count) =>
		marked(after(topology, host, ...Array<Action>(count).fill(down)), host),
	);
	const named = seen.map((row) => /\b(VM\d|br0|ens3|vnet\d)\b/.exec(row)?.[1]);
	assert.deepEqual(named, [
		"br0",
		"VM1",
		"VM2",
		"ens3",
		"br0",
		"vnet0",
		"vnet1",
	]);
});

test("reduce() chooses the VM of a line of the topology, and goes to its journeys", () => {
	const there = goTo({ ...topology, filter: "icmp" }, host, /VM2/);
	const view = after(there, host, open);
	assert.deepEqual(
		[view.vm, view.page, view.overlay],
		["VM2", "journeys", null],
	);
	assert.deepEqual([view.cursor.key, view.filter], [null, "icmp"]);
	const back = after(view, host, { kind: "page", page: "topology" });
	assert.match(marked(back, host), /VM2/);
});

test("reduce() filters by the port of a line of the topology; esc ends the filter", () => {
	const view = after(goTo(topology, host, /vnet0 +tap/), host, open);
	assert.deepEqual(
		[view.page, view.filter, view.vm, view.message],
		["journeys", "iface:vnet0", null, null],
	);
	assert.equal(after(view, host, close).filter, "");
});

test("reduce() keeps the chosen VM at a port of its path, and gives it up at another's", () => {
	const chosen: View = { ...topology, vm: "VM1" };
	const own = after(goTo(chosen, host, /vnet0 +tap/), host, open);
	assert.deepEqual([own.vm, own.filter], ["VM1", "iface:vnet0"]);
	const other = after(goTo(chosen, host, /vnet1 +tap/), host, open);
	assert.deepEqual([other.vm, other.filter], [null, "iface:vnet1"]);
	assert.match(other.message ?? "", /vnet1 is not on the path of VM1/);
});

test("reduce() says so where nothing was captured at a port, or no filter can name it", () => {
	const port = (name: string) => ({
		name: makeSafe(name),
		role: "tap",
		frames: 0,
		drops: 0,
		isPromiscuous: null,
	});
	const captured: World = {
		...host,
		health: { ...host.health, interfaces: [port("vnet0")] },
	};
	const view = after(goTo(topology, captured, /vnet1 +tap/), captured, open);
	assert.deepEqual(
		[view.page, view.message],
		["topology", "nothing was captured at vnet1"],
	);
	const odd = world({
		topology: makeTopology({ ports: [makePort('a"b', { role: "tap" })] }),
	});
	const named = after(goTo(topology, odd, /a"b +tap/), odd, open);
	assert.deepEqual([named.page, named.filter], ["topology", ""]);
	assert.equal(named.message, 'no filter can name a"b');
});

test("reduce() chooses a VM that was only seen, and keeps the cursor when the host is told", () => {
	const seen = world({ vms: host.vms, rows: host.rows });
	const there = goTo(topology, seen, /VM2/);
	assert.equal(after(there, seen, open).vm, "VM2");
	assert.match(marked(there, host), /VM2/);
});

test("drawScreen() marks the entry in ASCII and without colours as well", () => {
	const view = after(findings, troubled, down);
	const ascii = createLook(false, false);
	const rows = drawScreen(troubled, view, detailsOf(troubled), size, ascii);
	const bare = rows.map((row) => row.replaceAll("\u001b", "^"));
	const at = bare.findIndex((row) => row.includes(">x "));
	assert.match(bare[at] ?? "", /^\^\[7m>x .* VM1 {2}DHCP offer lost/);
	assert.match(bare[at + 1] ?? "", /^\^\[1m\|\^\[22m {2}DHCP DISCOVER/);
});
