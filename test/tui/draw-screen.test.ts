import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import fc from "fast-check";
import stringWidth from "string-width";
import { makeSafe } from "../../src/model/safe-text.js";
import { drawScreen } from "../../src/tui/draw-screen.js";
import type { Size } from "../../src/tui/look.js";
import { createLook, plainLook } from "../../src/tui/theme.js";
import { createView, pages, type View } from "../../src/tui/view.js";
import type { World } from "../../src/tui/world.js";
import { exchange } from "../show/exchanges.js";
import { hop, journey } from "../show/journeys.js";
import { type Scene, scenes } from "./scenes.js";
import {
	detailsOf,
	exchangeRow,
	journeyRow,
	path,
	port,
	vm,
	world,
} from "./worlds.js";

const folder = "test/tui/screens";
const sizes: readonly Size[] = [
	{ columns: 80, rows: 24 },
	{ columns: 120, rows: 40 },
	{ columns: 200, rows: 50 },
];

const zone = process.env.TZ;
before(() => {
	process.env.TZ = "UTC";
});
after(() => {
	process.env.TZ = zone;
});

function draw({ world: all, view }: Scene, size: Size): string[] {
	return drawScreen(all, view, detailsOf(all), size, plainLook);
}

/** `UPDATE_SCREENS=1` writes the screens anew: look at each of them then. */
for (const [name, scene] of Object.entries(scenes)) {
	for (const size of sizes) {
		const file = `${folder}/${name}-${size.columns}x${size.rows}.txt`;
		test(`drawScreen() draws ${file}`, () => {
			const rows = draw(scene, size).map((row) => `${row.trimEnd()}\n`);
			if (process.env.UPDATE_SCREENS === "1") {
				mkdirSync(folder, { recursive: true });
				writeFileSync(file, rows.join(""));
			}
			assert.ok(existsSync(file), `${file} is missing`);
			assert.equal(rows.join(""), readFileSync(file, "utf8"));
		});
	}
}

test("drawScreen() says what it needs where there is too little room", () => {
	const scene = scenes["healthy-bridged"] as Scene;
	const [first, ...rest] = draw(scene, { columns: 59, rows: 15 });
	assert.match(first ?? "", /^vmpath needs a terminal of at least 60x15; this/);
	assert.equal(rest.length, 13);
	assert.ok(rest.every((row) => row === ""));
	const wide = draw(scene, { columns: 90, rows: 14 });
	assert.equal(
		wide[0],
		"vmpath needs a terminal of at least 60x15; this one has 90x14",
	);
	assert.equal(draw(scene, { columns: 60, rows: 15 }).length, 14);
});

const anySize = fc.record({
	columns: fc.integer({ min: 1, max: 260 }),
	rows: fc.integer({ min: 1, max: 80 }),
});

/** Names as hostile guests choose them, made safe as all text from outside is. */
const name = fc
	.oneof(
		fc.string({ unit: "binary", maxLength: 40 }),
		fc.string({ unit: "grapheme", maxLength: 40 }),
		fc.constantFrom(
			"\u001b]52;c;x\u0007",
			"a\rb\nc",
			"\u202evnet0",
			"虚拟机虚拟机虚拟机",
			"👩‍👩‍👧 e\u0301\u20e3 1\u20e3",
			"",
		),
	)
	.map((text) => makeSafe(text));

const anyPort = fc
	.record({
		name,
		kind: fc.constantFrom("tap", "bridge", "bond", "vlan"),
		state: fc.constantFrom("up", "gone", "no carrier", null),
		icmp: fc.nat(),
		toNextNs: fc.option(fc.nat()),
		lostToNext: fc.oneof(fc.constant(0), fc.nat()),
		lostFromNext: fc.oneof(fc.constant(0), fc.nat(99)),
	})
	.map(({ icmp, name: text, kind, ...rest }) =>
		port("", kind as "tap", {
			...(rest as Partial<World>),
			name: text,
			counts: { arp: 0, dhcp: 3, icmp },
		}),
	);

const anyWorld: fc.Arbitrary<World> = fc
	.record({
		names: fc.array(name, { maxLength: 5 }),
		ports: fc.array(anyPort, { maxLength: 12 }),
		rows: fc.array(name, { maxLength: 60 }),
		hasPath: fc.boolean(),
		notices: fc.array(fc.string({ unit: "binary", maxLength: 200 }), {
			maxLength: 3,
		}),
	})
	.map(({ names, ports, rows, hasPath, notices }) =>
		world({
			health: {
				...world().health,
				notices: notices.map((message) => ({ time: null, message })),
			},
			vms: names.map((text, at) => vm(`${at}`, { name: text, address: text })),
			path: hasPath
				? path(ports, {
						vm: names[0] ?? makeSafe("VM1"),
						routedAfter: ports[1]?.name ?? null,
					})
				: null,
			rows: rows.map((text, id) =>
				id % 3 === 0
					? exchangeRow(
							exchange({
								id,
								summary: text,
								vm: text,
								outcome: "lost",
								lastSeen: text,
								firstMissing: text,
							}),
						)
					: journeyRow(
							journey({
								id,
								vm: text,
								summary: text,
								hops: ports.slice(0, 4).map((one, at) => ({
									...hop(null, "in", at * 999),
									interface: one.name,
								})),
								outcome: id % 2 === 0 ? "lost" : "delivered",
								lastSeen: text,
								firstMissing: id % 2 === 0 ? text : null,
							}),
						),
			),
		}),
	);

const anyView: fc.Arbitrary<View> = fc
	.record({
		page: fc.constantFrom(...pages),
		overlay: fc.constantFrom<View["overlay"]>(
			null,
			{ kind: "help", scroll: 3 },
			{ kind: "vms", index: 2 },
			{ kind: "details", key: "j1", scroll: 1, hop: 0 },
		),
		prompt: fc.option(
			fc.record({
				kind: fc.constantFrom("filter" as const, "seek" as const),
				text: name.map(String),
				problem: fc.option(name.map(String)),
			}),
		),
		isReplay: fc.boolean(),
		index: fc.nat(80),
		filter: name.map(String),
	})
	.map(({ isReplay, index, ...rest }) => ({
		...createView(
			isReplay ? { isPlaying: true, speed: 1, positionNs: null } : null,
		),
		...rest,
		cursor: { key: index > 40 ? null : `j${index}`, index, above: index },
	}));

const codes = new RegExp(`${"\u001b"}\\[[0-9;]*m`, "g");

test("drawScreen() has one row less than the terminal, none wider than it, and no control but tones", () => {
	const looks = [plainLook, createLook(true, true), createLook(false, false)];
	fc.assert(
		fc.property(
			anyWorld,
			anyView,
			anySize,
			fc.nat(2),
			(all, view, size, at) => {
				const look = looks[at] ?? plainLook;
				const rows = drawScreen(all, view, detailsOf(all), size, look);
				assert.equal(rows.length, size.rows - 1);
				for (const row of rows) {
					assert.ok(stringWidth(row) <= size.columns, JSON.stringify(row));
					const bare = row.replace(codes, "");
					assert.doesNotMatch(bare, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
					if (!look.hasUnicode) {
						assert.match(bare, /^[ -~]*$/);
					}
				}
			},
		),
		{ numRuns: 50 },
	);
});
