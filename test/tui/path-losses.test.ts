import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { Exchange } from "../../src/model/exchange.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { widthOf } from "../../src/show/cell-width.js";
import { drawLosses } from "../../src/tui/draw-losses.js";
import { drawScreen } from "../../src/tui/draw-screen.js";
import type { ScreenTone } from "../../src/tui/look.js";
import { Store } from "../../src/tui/store.js";
import { createLook, plainLook } from "../../src/tui/theme.js";
import { createView } from "../../src/tui/view.js";
import type { Loss } from "../../src/tui/world.js";
import {
	type MadeExchange,
	type MadeJourney,
	makeExchange,
	makeJourney,
} from "./made.js";

const live = createView(null);
const second = 1e9;
const inwards: Partial<MadeJourney> = {
	path: ["ens3", "br0", "vnet0"],
	source: "router",
};

const zone = process.env.TZ;
beforeEach(() => {
	process.env.TZ = "UTC";
});
afterEach(() => {
	process.env.TZ = zone;
});

/** A journey and the exchange that it is the whole of, at a second after the begin. */
function tell(
	store: Store,
	id: number,
	at: number,
	journey: Partial<MadeJourney>,
	told: Partial<MadeExchange> = {},
): void {
	const atNs = at * second;
	const outcome = journey.outcome ?? "delivered";
	const { protocol = "icmp" } = journey;
	const made = makeJourney({ ...journey, id, atNs });
	store.addJourney(made);
	const { lastSeen, firstMissing } = made;
	const exchange = makeExchange({
		id,
		atNs,
		protocol,
		journeys: [id],
		outcome,
		lastSeen,
		firstMissing,
		...told,
	});
	store.addExchange(outcome === "lost" ? exchange : answered(exchange));
}

function answered(exchange: Exchange): Exchange {
	const roundTrip = { vnet0: 30_000, br0: 20_000, ens3: 10_000 };
	return { ...exchange, roundTrip };
}

function pull(store: Store, id: number, at: number): void {
	const lost = { outcome: "lost", seen: 1 } as const;
	tell(store, id, at, lost, { causes: ["tap-not-in-bridge"] });
}

function drop(store: Store, id: number, at: number, protocol?: "dhcp"): void {
	const lost = { ...inwards, outcome: "lost" } as const;
	const frame = protocol === undefined ? lost : { ...lost, protocol };
	tell(store, id, at, frame, { causes: ["bridge-filter-drop"] });
}

function tellPing(store: Store, id: number, at: number): void {
	tell(store, id, at, {});
}

function lossesOf(store: Store): string[] {
	const losses = store.look(live).path?.ports[0]?.losses ?? [];
	return losses.map(sayLoss);
}

function sayLoss({ way, count, causes, isOver }: Loss): string {
	const ids = causes.map(({ id }) => id).join(" ");
	return `${count} ${way} ${ids}${isOver ? " over" : ""}`;
}

function draw(store: Store, columns = 118, most = 6, isLong = false) {
	return drawLosses(store.look(live), columns, { most, isLong }, plainLook);
}

function filteredThenPulled(): Store {
	const store = new Store();
	drop(store, 1, 1);
	drop(store, 2, 2);
	pull(store, 3, 3);
	return store;
}

test("describeLink() has each way's losses with their own cause, the latest first", () => {
	const store = filteredThenPulled();
	assert.deepEqual(lossesOf(store), [
		"1 outwards tap-not-in-bridge",
		"2 inwards bridge-filter-drop",
	]);
	const [port] = store.look(live).path?.ports ?? [];
	assert.deepEqual([port?.lostToNext, port?.lostFromNext], [1, 2]);
	assert.deepEqual(draw(store), [
		"  ✗ 1 lost outwards between vnet0 and br0, last 12:49:09: tap-not-in-bridge (likely) (path inferred)",
		"  ✗ 2 lost inwards between br0 and vnet0, last 12:49:08: bridge-filter-drop (likely)",
	]);
});

test("describeLink() has losses of one way apart that have other causes at other times", () => {
	const store = new Store();
	pull(store, 1, 1);
	tell(store, 2, 2, { outcome: "lost", seen: 1 }, { causes: ["mac-filter"] });
	tell(store, 3, 3, { outcome: "lost", seen: 1 });
	assert.deepEqual(lossesOf(store), [
		"1 outwards ",
		"1 outwards mac-filter",
		"1 outwards tap-not-in-bridge",
	]);
});

test("describeLink() moves what is told again with other causes, and takes back what arrived", () => {
	const store = new Store();
	pull(store, 1, 1);
	pull(store, 2, 2);
	tell(store, 2, 2, { outcome: "lost", seen: 1, revision: 1 }, { revision: 1 });
	assert.deepEqual(lossesOf(store), [
		"1 outwards ",
		"1 outwards tap-not-in-bridge",
	]);
	tell(store, 2, 2, { revision: 2 }, { revision: 2 });
	assert.deepEqual(lossesOf(store), ["1 outwards tap-not-in-bridge"]);
	tell(store, 3, 12, {});
	assert.deepEqual(lossesOf(store), ["1 outwards tap-not-in-bridge over"]);
});

test("describeLink() says that losses are over when the same went well since, until others are lost", () => {
	const store = new Store();
	drop(store, 1, 1);
	assert.deepEqual(lossesOf(store), ["1 inwards bridge-filter-drop"]);
	tell(store, 2, 12, {});
	assert.deepEqual(lossesOf(store), ["1 inwards bridge-filter-drop over"]);
	drop(store, 3, 19);
	assert.deepEqual(lossesOf(store), ["2 inwards bridge-filter-drop"]);
});

test("describeLink() goes on with losses that come and go, until none came for ten seconds", () => {
	const store = new Store();
	const isOver: boolean[] = [];
	for (let at = 0; at < 30; at += 1) {
		const told = at % 2 === 0 && at <= 16 ? drop : tellPing;
		told(store, at + 1, at);
		isOver.push(lossesOf(store)[0]?.endsWith("over") ?? false);
	}
	assert.deepEqual(
		isOver,
		Array.from({ length: 30 }, (_, at) => at > 26),
	);
});

test("describeLink() takes anything that passes later for the time that went by, not for a mending", () => {
	const store = new Store();
	pull(store, 1, 1);
	store.addJourney(makeJourney({ id: 2, protocol: "arp", atNs: 13 * second }));
	assert.deepEqual(lossesOf(store), ["1 outwards tap-not-in-bridge"]);
	const mended = new Store();
	pull(mended, 1, 1);
	tell(mended, 2, 2, {});
	assert.deepEqual(lossesOf(mended), ["1 outwards tap-not-in-bridge"]);
	mended.addJourney(makeJourney({ id: 3, protocol: "arp", atNs: 13 * second }));
	assert.deepEqual(lossesOf(mended), ["1 outwards tap-not-in-bridge over"]);
});

test("describeLink() takes a later fault for no sign that an earlier one is over", () => {
	const store = new Store();
	pull(store, 1, 1);
	tell(store, 2, 2, { outcome: "lost", seen: 1 }, { causes: ["mac-filter"] });
	assert.ok(lossesOf(store).every((loss) => !loss.endsWith("over")));
});

test("describeLink() takes no ping for a sign that DHCP passes again", () => {
	const store = new Store();
	drop(store, 1, 1, "dhcp");
	tell(store, 2, 5, {});
	tell(store, 3, 6, { ...inwards });
	assert.deepEqual(lossesOf(store), ["1 inwards bridge-filter-drop"]);
	tell(store, 4, 7, { protocol: "dhcp" });
	assert.deepEqual(lossesOf(store), ["1 inwards bridge-filter-drop over"]);
});

test("describeLink() says of frames of no exchange that they are over when another one passed", () => {
	const store = new Store();
	const lost = { id: 1, outcome: "lost", seen: 1 } as const;
	store.addJourney(makeJourney(lost));
	assert.deepEqual(lossesOf(store), ["1 outwards "]);
	store.addJourney(makeJourney({ id: 2, protocol: "arp", atNs: 11 * second }));
	assert.deepEqual(lossesOf(store), ["1 outwards "]);
	store.addJourney(makeJourney({ id: 3, atNs: 11 * second }));
	assert.deepEqual(lossesOf(store), ["1 outwards  over"]);
});

test("describeLink() has causes of what worked in the end, over since it did", () => {
	const store = new Store();
	const lost = { id: 1, protocol: "dhcp", outcome: "lost", seen: 1 } as const;
	store.addJourney(makeJourney(lost));
	const passed = { id: 2, protocol: "dhcp", atNs: second } as const;
	const causes = ["stp-forward-delay"];
	const dhcp = { id: 1, journeys: [1, 2], protocol: "dhcp", causes } as const;
	store.addExchange(makeExchange({ ...dhcp, outcome: "degraded" }));
	assert.deepEqual(lossesOf(store), ["1 outwards stp-forward-delay"]);
	store.addJourney(makeJourney(passed));
	assert.deepEqual(lossesOf(store), ["1 outwards stp-forward-delay over"]);
});

test("drawLosses() tells of what is over in the past, not in red, and no fix", () => {
	const store = new Store();
	drop(store, 1, 1);
	const [, evidence = "", fix] = draw(store, 118, 6, true);
	assert.match(evidence, /at 12:49:07: what shows bridge-filter-drop$/);
	assert.match(fix ?? "", /fix: mend bridge-filter-drop/);
	tell(store, 2, 12, {});
	const rows = draw(store, 118, 6, true);
	assert.deepEqual(rows, [
		"  (✗) 1 lost inwards between br0 and vnet0, last 12:49:07, later ones went well: bridge-filter-drop (likely)",
		"    ◪ at 12:49:07: what shows bridge-filter-drop",
	]);
	const tones = new Set<ScreenTone>();
	const paint = (tone: ScreenTone, text: string) => {
		tones.add(tone);
		return text;
	};
	const look = { ...plainLook, paint };
	const size = { columns: 80, rows: 24 };
	const world = store.look(live);
	const screen = drawScreen(world, live, store.details, size, look);
	assert.match(screen.join("\n"), /\(←✗1\)/);
	drawLosses(world, 80, { most: 2, isLong: true }, look);
	assert.ok(tones.has("unsure"));
});

test("drawScreen() of losses that are over differs from others without colours and Unicode", () => {
	const store = new Store();
	drop(store, 1, 1);
	const size = { columns: 80, rows: 24 };
	const top = () =>
		drawScreen(
			store.look(live),
			live,
			store.details,
			size,
			createLook(false, false),
		)
			.slice(0, 11)
			.join("\n");
	assert.match(top(), /-<x1-/);
	assert.match(top(), /^ {2}x 1 lost br0 > vnet0, last 12:49:07: bridge/m);
	tell(store, 2, 12, {});
	assert.match(top(), /\(<x1\)/);
	assert.match(top(), /^ {2}\(x\) 1 lost br0 > vnet0, later ones went well/m);
});

test("drawLosses() has a row for each loss and no row too wide, however narrow", () => {
	const store = filteredThenPulled();
	tell(
		store,
		4,
		4,
		{ outcome: "lost", seen: 1 },
		{ causes: ["bridge-netfilter-forward-drop", "mac-filter"] },
	);
	for (const columns of [40, 60, 80, 120, 200]) {
		const rows = draw(store, columns, 3);
		assert.equal(rows.length, 3, `${columns}`);
		assert.ok(rows.every((row) => widthOf(row) <= columns));
		const few = draw(store, columns, 1);
		assert.ok(few.every((row) => widthOf(row) <= columns));
	}
	assert.match(draw(store, 80, 2)[0] ?? "", /4 lost|1 lost/);
});

test("drawLosses() tells of what is wrong now before what is over", () => {
	const store = filteredThenPulled();
	tell(store, 4, 14, {});
	assert.ok(draw(store).every((row) => row.startsWith("  (✗)")));
	const world = store.look(live);
	const { path } = world;
	assert.ok(path);
	const [tap, ...further] = path.ports;
	assert.ok(tap);
	const ports = [{ ...tap, isApart: true }, ...further];
	const apart = { ...world, path: { ...path, ports } };
	const room = { most: 6, isLong: false };
	const [first = "", next = ""] = drawLosses(apart, 118, room, plainLook);
	assert.match(first, /✗ vnet0 and br0 are not plugged together/);
	assert.match(next, /^ {2}\(✗\)/);
	assert.equal(tap.name, makeSafe("vnet0"));
});
