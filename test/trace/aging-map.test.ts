import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { AgingMap } from "../../src/trace/aging-map.js";

type Act =
	| { readonly kind: "set" | "renew"; readonly key: number }
	| { readonly kind: "delete"; readonly key: number }
	| { readonly kind: "shrink"; readonly limit: number };

const key = fc.integer({ min: 0, max: 9 });
const acts: fc.Arbitrary<Act[]> = fc.array(
	fc.oneof(
		fc.record({ kind: fc.constantFrom("set", "renew", "delete"), key }),
		fc.record({ kind: fc.constant("shrink"), limit: key }),
	) as fc.Arbitrary<Act>,
);

/** What a plain map does, by its documented order of insertion. */
function actPlainly(map: Map<number, number>, act: Act, value: number): void {
	if (act.kind === "shrink") {
		while (map.size > act.limit) {
			map.delete([...map.keys()][0] ?? 0);
		}
		return;
	}
	if (act.kind !== "set") {
		map.delete(act.key);
	}
	if (act.kind !== "delete") {
		map.set(act.key, value);
	}
}

function actAging(
	map: AgingMap<number, number>,
	act: Act,
	value: number,
): void {
	if (act.kind === "shrink") {
		map.shrink(act.limit);
	} else if (act.kind === "delete") {
		map.delete(act.key);
	} else {
		map[act.kind](act.key, value);
	}
}

describe("AgingMap", () => {
	test("holds what a map holds, in the same order, whatever is done to it", () => {
		fc.assert(
			fc.property(acts, (all) => {
				const aging = new AgingMap<number, number>();
				const plain = new Map<number, number>();
				for (const [value, each] of all.entries()) {
					actAging(aging, each, value);
					actPlainly(plain, each, value);
					assert.deepEqual([...aging], [...plain]);
					assert.deepEqual(aging.values, [...plain.values()]);
					assert.equal(aging.size, plain.size);
					assert.equal(aging.oldest, [...plain.values()][0]);
				}
			}),
		);
	});

	test("shrink() lets the oldest go, and says how many", () => {
		const map = new AgingMap<string, number>();
		map.set("a", 1);
		map.set("b", 2);
		map.set("c", 3);
		map.renew("a", 4);
		assert.equal(map.shrink(1), 2);
		assert.deepEqual([...map], [["a", 4]]);
	});
});
