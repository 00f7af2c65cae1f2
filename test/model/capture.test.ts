import assert from "node:assert/strict";
import { test } from "node:test";
import { addNs, elapsedNs, formatTimeNs } from "../../src/model/capture.js";

test("elapsedNs() and addNs() are each other's inverse", () => {
	const time = { seconds: 1_700_000_000, nanos: 999_999_999 };
	for (const ns of [0, 1, -1, 1e9, -1e9, 2.5e9, -86_400e9]) {
		assert.equal(elapsedNs(time, addNs(time, ns)), ns);
	}
	assert.deepEqual(addNs(time, 1), { seconds: 1_700_000_001, nanos: 0 });
});

test("formatTimeNs() writes nanoseconds since the epoch, before it as well", () => {
	assert.equal(formatTimeNs({ seconds: 1, nanos: 5 }), "1000000005");
	assert.equal(formatTimeNs({ seconds: 0, nanos: 5 }), "5");
	assert.equal(formatTimeNs({ seconds: -1, nanos: 5 }), "-999999995");
});
