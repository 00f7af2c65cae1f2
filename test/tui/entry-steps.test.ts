import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
	type EntryPage,
	findEntry,
	joinParts,
	type PagePart,
	topOfPage,
} from "../../src/tui/entry-page.js";
import { moveEntry } from "../../src/tui/entry-steps.js";
import type { PageCursor } from "../../src/tui/view.js";

function part(name: string, count: number, isEntry = true): PagePart {
	const rows = Array.from({ length: count }, (_, at) => ` ${name}${at}`);
	const opens = { kind: "nothing", why: "" } as const;
	return isEntry ? { rows, entry: { keys: [name], opens } } : { rows };
}

/** Pages whose entries have any height, with rows between that belong to none. */
const anyPage = fc
	.array(
		fc.record({
			count: fc.integer({ min: 1, max: 15 }),
			isEntry: fc.boolean(),
		}),
		{ minLength: 1, maxLength: 12 },
	)
	.map((parts) =>
		joinParts(
			[...parts, { count: 2, isEntry: true }].map(({ count, isEntry }, at) =>
				part(`e${at}.`, count, isEntry || at % 2 === 0),
			),
			80,
		),
	);

const anyHeight = fc.integer({ min: 2, max: 25 });

/** Rows that are seen for certain: the last one of the window may say what follows. */
function seenRows(
	page: EntryPage,
	cursor: PageCursor | undefined,
	height: number,
) {
	const top = topOfPage(page, cursor, height);
	const isEnd = top + height >= page.rows.length;
	return page.rows.slice(top, top + (isEnd ? height : height - 1));
}

function assertInSight(
	page: EntryPage,
	cursor: PageCursor | undefined,
	height: number,
) {
	const entry = page.entries[findEntry(page.entries, cursor)];
	assert.ok(entry);
	const own = page.rows.slice(entry.start, entry.end);
	const seen = seenRows(page, cursor, height);
	const shared = own.filter((row) => seen.includes(row)).length;
	assert.equal(shared, Math.min(own.length, seen.length));
}

/** Goes on until it goes no further; what was seen on the way. */
function goThrough(
	page: EntryPage,
	from: PageCursor | undefined,
	by: number,
	height: number,
) {
	const seen = new Set(seenRows(page, from, height));
	let cursor = from;
	for (let steps = 0; ; steps += 1) {
		const next = moveEntry(page, cursor, by, height);
		const isSame =
			findEntry(page.entries, next) === findEntry(page.entries, cursor) &&
			topOfPage(page, next, height) === topOfPage(page, cursor, height);
		if (isSame) {
			return { cursor: next, seen };
		}
		assert.ok(steps < 1_000);
		cursor = next;
		assertInSight(page, cursor, height);
		for (const row of seenRows(page, cursor, height)) {
			seen.add(row);
		}
	}
}

test("moveEntry() shows every row on the way to the end and back, by entry and by page", () => {
	fc.assert(
		fc.property(anyPage, anyHeight, fc.boolean(), (page, height, isPage) => {
			const by = isPage ? height - 1 : 1;
			const down = goThrough(page, undefined, by, height);
			assert.equal(
				findEntry(page.entries, down.cursor),
				page.entries.length - 1,
			);
			assert.equal(down.seen.size, page.rows.length);
			const up = goThrough(page, down.cursor, -by, height);
			assert.equal(findEntry(page.entries, up.cursor), 0);
			assert.equal(up.seen.size, page.rows.length);
			assert.equal(topOfPage(page, up.cursor, height), 0);
		}),
	);
});

test("moveEntry() goes to the next entry, and to either end at once", () => {
	const page = joinParts(
		["a", "b", "c", "d", "e"].map((name) => part(name, 2)),
		80,
	);
	const second = moveEntry(page, undefined, 1, 6);
	assert.deepEqual(second?.keys, ["b"]);
	const last = moveEntry(page, second, page.rows.length, 6);
	assert.deepEqual(last?.keys, ["e"]);
	assert.equal(topOfPage(page, last, 6), 4);
	const first = moveEntry(page, last, -page.rows.length, 6);
	assert.deepEqual([first?.keys, topOfPage(page, first, 6)], [["a"], 0]);
});

test("moveEntry() scrolls an entry that is higher than the window before it leaves it", () => {
	const page = joinParts([part("a", 1), part("b", 9), part("c", 1)], 80);
	const on = moveEntry(page, undefined, 1, 5);
	assert.deepEqual([on?.keys, topOfPage(page, on, 5)], [["b"], 1]);
	const within = moveEntry(page, on, 1, 5);
	assert.deepEqual([within?.keys, topOfPage(page, within, 5)], [["b"], 2]);
});

test("findEntry() stays on an entry by its keys, the surest first, else where it was", () => {
	const entry = (...keys: readonly string[]) => ({
		keys,
		opens: { kind: "nothing", why: "" } as const,
	});
	const cursor = { keys: ["trouble a", "exchange 7"], index: 1 };
	const a = entry("trouble a", "exchange 9");
	const b = entry("trouble b", "exchange 7");
	assert.equal(findEntry([b, entry("x"), a], cursor), 2);
	assert.equal(findEntry([entry("x"), entry("y"), b], cursor), 2);
	assert.equal(findEntry([entry("x"), entry("y")], cursor), 1);
	assert.equal(findEntry([entry("x")], cursor), 0);
	assert.equal(findEntry([entry("x")], undefined), 0);
	assert.equal(findEntry([], cursor), -1);
	assert.equal(findEntry([], undefined), -1);
});
