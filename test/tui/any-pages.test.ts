import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import stringWidth from "string-width";
import type { Cause } from "../../src/model/exchange.js";
import { makeSafe } from "../../src/model/safe-text.js";
import type { Finding } from "../../src/model/topology.js";
import { scrolledRows } from "../../src/tui/draw-body.js";
import { createLook, finish, plainLook } from "../../src/tui/theme.js";
import { createView, pages, type View } from "../../src/tui/view.js";
import type { Details, KeptFrame, World } from "../../src/tui/world.js";
import { decodeFrame } from "../../src/wire/frame.js";
import { exchange } from "../show/exchanges.js";
import { hop, journey, start } from "../show/journeys.js";
import { makeDomain, makePort, makeTopology } from "./topologies.js";
import {
	detailsOf,
	exchangeRow,
	journeyRow,
	path,
	port,
	vm,
	world,
} from "./worlds.js";

/** Names and texts as hostile guests and hosts choose them, made safe. */
const name = fc
	.oneof(
		fc.string({ unit: "binary", maxLength: 60 }),
		fc.string({ unit: "grapheme", maxLength: 60 }),
		fc.constantFrom(
			"\u001b]52;c;x\u0007",
			"a\rb\nc",
			"\u202evnet0",
			"虚拟机虚拟机虚拟机",
			"👩‍👩‍👧 e\u0301\u20e3 1\u20e3",
			"",
			"vnet0",
			"x".repeat(250),
		),
	)
	.map((text) => makeSafe(text));

const dhcpHead =
	"ffffffffffff525400cd763a08004500014800000000401179a600000000ffffffff0044004301340000" +
	"010106003903f32600000000000000000000000000000000000000005254 00cd763a".replace(
		" ",
		"",
	) +
	"00".repeat(202) +
	"63825363";
const arpHead = "ffffffffffff525400cd763a08060001080006040001";
const icmpHead =
	"00259 05c2e10525400cd763a080045000054000040004001f00ac0a86463c0a86401".replace(
		" ",
		"",
	);

/** Frames whose begin is right, and whose rest is anything. */
const kept: fc.Arbitrary<KeptFrame> = fc
	.record({
		head: fc.constantFrom(dhcpHead, arpHead, icmpHead, ""),
		rest: fc.uint8Array({ maxLength: 400 }),
		cut: fc.nat(40),
	})
	.map(({ head, rest, cut }) => {
		const bytes = Uint8Array.from([...Buffer.from(head, "hex"), ...rest]);
		const length = bytes.length + cut;
		const link = { linkType: 1, isContinuous: true, snapLength: 0 };
		return {
			captured: {
				interface: { id: 0, source: 0, name: null, ...link },
				number: 1,
				time: start,
				bytes,
				length,
				direction: null,
				comment: null,
			},
			frame: decodeFrame(bytes, length, 1),
		};
	});

const cause: fc.Arbitrary<Cause> = fc.record({
	id: name,
	certainty: fc.constantFrom("proven", "likely", "possible"),
	evidence: fc.array(name, { maxLength: 3 }),
	fix: name,
});

const finding: fc.Arbitrary<Finding> = fc.record({
	id: name,
	message: name,
	isProblem: fc.boolean(),
	evidence: name,
	fix: fc.option(name),
	concerns: fc.constant([]),
});

interface Drawn {
	readonly world: World;
	readonly details: Details;
}

const drawn: fc.Arbitrary<Drawn> = fc
	.record({
		names: fc.array(name, { minLength: 1, maxLength: 12 }),
		causes: fc.array(cause, { maxLength: 4 }),
		findings: fc.array(finding, { maxLength: 4 }),
		frame: fc.option(kept),
		outcome: fc.constantFrom("lost", "delivered", "inconclusive"),
		numbers: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
		hasTopology: fc.boolean(),
		isOpen: fc.boolean(),
	})
	.map(({ names, causes, findings, frame, outcome, numbers, ...rest }) => {
		const [first = makeSafe("")] = names;
		const [count = 0, drops = 0, seconds = 0, step = 0] = numbers;
		const hops = names.map((text, at) => ({
			...hop(null, at % 2 === 0 ? "in" : null, at * (step % 1e9), [
				{ field: "ipv4.source", from: text, to: first },
			]),
			interface: text,
		}));
		const journeys = [0, 1, 2].map((id) =>
			journey({
				id,
				vm: first,
				summary: first,
				protocol: "dhcp",
				message: id === 0 ? "discover" : "offer",
				source: id === 0 ? "vm" : "router",
				hops: id === 0 ? hops : hops.toReversed(),
				copies: hops,
				expected: id === 1 ? names : [],
				outcome,
				lastSeen: first,
				firstMissing: outcome === "delivered" ? null : (names[1] ?? first),
				reason: outcome === "inconclusive" ? first : null,
				train: { entered: count, left: drops },
			}),
		);
		const told = exchange({
			vm: first,
			summary: first,
			messages: journeys.map(({ id, message }) => ({
				message,
				journey: id,
				outcome,
			})),
			causes,
			reason: first,
			outcome,
			lastSeen: first,
			firstMissing: first,
			roundTrip: Object.fromEntries(
				names.map((text, at) => [text, at * 1_000]),
			),
			lease: {
				address: "10.0.0.2",
				server: null,
				seconds,
				since: start,
				routers: [],
			},
		});
		const rows = [...journeys.map(journeyRow), exchangeRow(told)];
		const all = world({
			isOpen: rest.isOpen,
			now: start,
			begin: start,
			end: start,
			source: first,
			vms: names.map((text, at) =>
				vm(`${at}`, {
					name: text,
					address: text,
					dhcp: at % 2 === 0 ? told : null,
				}),
			),
			path: path(
				names.map((text) => port("", "tap", { name: text })),
				{ vm: first },
			),
			rows,
			findings,
			troubles: [{ exchange: told, count }],
			topology: rest.hasTopology
				? makeTopology({
						ports: names.map((text, index) => ({
							...makePort("", { role: "tap", index, master: first }),
							name: text,
						})),
						domains: names.map((text) => ({
							...makeDomain("", [["52:54:00:cd:76:3a", null]]),
							name: text,
						})),
						gaps: [{ source: first, reason: first, fix: first }],
					})
				: null,
			health: {
				engine: first,
				framesRead: count,
				framesRelevant: count,
				dropped: drops,
				interfaces: names.map((text) => ({
					name: text,
					role: "bridge",
					frames: count,
					drops,
					isPromiscuous: false,
				})),
				forgotten: drops,
				notices: [
					{ time: start, message: first },
					{ time: null, message: "\u001b[2J\r\u202e" },
				],
			},
		});
		return { world: all, details: { ...detailsOf(all), frameAt: () => frame } };
	});

const view: fc.Arbitrary<View> = fc
	.record({
		page: fc.constantFrom(...pages),
		key: fc.constantFrom("j0", "j1", "x3", "none", null),
		hop: fc.nat(40),
		index: fc.nat(40),
		above: fc.integer({ min: -40, max: 40 }),
	})
	.map(({ page, key, hop: at, index, above }) => ({
		...createView(null),
		page,
		entries: { [page]: { keys: ["gone"], index, above } },
		overlay: key === null ? null : { kind: "details", key, scroll: 0, hop: at },
	}));

const codes = new RegExp(`${"\u001b"}\\[[0-9;]*m`, "g");

test("no page is wider than asked, or holds a control character but tones", () => {
	const looks = [plainLook, createLook(true, true), createLook(false, false)];
	fc.assert(
		fc.property(
			drawn,
			view,
			fc.integer({ min: 40, max: 250 }),
			fc.nat(2),
			({ world: all, details }, one, columns, at) => {
				const look = looks[at] ?? plainLook;
				const rows = scrolledRows(
					{ world: all, view: one, details, look },
					columns,
				);
				for (const row of finish(rows, look)) {
					assert.ok(stringWidth(row) <= columns, JSON.stringify(row));
					const bare = row.replace(codes, "");
					assert.doesNotMatch(bare, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
					if (!look.hasUnicode) {
						assert.match(bare, /^[ -~]*$/);
					}
				}
			},
		),
		{ numRuns: 100 },
	);
});
