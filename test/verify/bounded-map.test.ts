import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BoundedMap } from "../../src/verify/bounded-map.js";

describe("BoundedMap", () => {
	test("forgets what was set longest ago, once there is too much", () => {
		const map = new BoundedMap<string, number>(2);
		map.set("a", 1);
		map.set("b", 2);
		map.set("a", 3);
		map.set("c", 4);
		assert.equal(map.get("b"), undefined);
		assert.deepEqual(map.values, [3, 4]);
	});

	test("delete() makes room", () => {
		const map = new BoundedMap<string, number>(2);
		map.set("a", 1);
		map.set("b", 2);
		map.delete("b");
		map.set("c", 3);
		assert.deepEqual(map.values, [1, 3]);
	});
});
