import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Lanes } from "../../src/trace/lanes.js";

const isBefore = (a: number, b: number) => a < b;

describe("Lanes", () => {
	test("pop() takes the least first, in whatever order they came", () => {
		fc.assert(
			fc.property(fc.array(fc.integer()), (items) => {
				const lanes = new Lanes<number>(isBefore);
				for (const item of items) {
					lanes.push(item);
				}
				const taken = items.map(() => lanes.pop());
				assert.deepEqual(
					taken,
					[...items].sort((a, b) => a - b),
				);
				assert.equal(lanes.pop(), undefined);
				assert.equal(lanes.size, 0);
			}),
		);
	});

	test("pop() leaves what is not due, and takes it when it is", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 99 })), (items) => {
				const lanes = new Lanes<number>(isBefore);
				const taken: number[] = [];
				for (const [at, item] of items.entries()) {
					// Each comes after the time that has passed, as timers and frames do.
					lanes.push(at + item);
					const isDue = (first: number) => first <= at;
					for (let next = lanes.pop(isDue); next !== undefined; ) {
						taken.push(next);
						next = lanes.pop(isDue);
					}
				}
				assert.equal(taken.length + lanes.size, items.length);
				assert.deepEqual(
					taken,
					[...taken].sort((a, b) => a - b),
				);
			}),
		);
	});
});
