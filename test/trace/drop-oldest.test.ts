import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dropOldest } from "../../src/trace/drop-oldest.js";

describe("dropOldest()", () => {
	test("takes out what was put in first when there is more than the limit", () => {
		const map = new Map([
			["a", 1],
			["b", 2],
			["c", 3],
		]);
		assert.equal(dropOldest(map, 2), 1);
		assert.deepEqual([...map.keys()], ["b", "c"]);
	});

	test("takes out nothing when there is not", () => {
		const map = new Map([["a", 1]]);
		assert.equal(dropOldest(map, 1), undefined);
		assert.deepEqual([...map.keys()], ["a"]);
	});
});
