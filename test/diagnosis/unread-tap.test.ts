import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import { hops, nameEach, tell, trip, troubleOf } from "./troubles.js";

const path = "ens3< br0< vnet0>";
/** Who-has for the VM's address that its tap is handed, so many seconds after the begin. */
const asked = [3, 4, 5].map((seconds) =>
	trip(seconds, "who-has", path, null, {
		source: "router",
		destination: "vm",
		hops: hops(path, seconds * 1000),
	}),
);
/** The VM says something. */
const spoken = (seconds: number) =>
	trip(100 + seconds, "echo-reply", "vnet0< br0< ens3>", null, {
		hops: hops("vnet0< br0< ens3>", seconds * 1000),
	});

/** The causes, where drops were read at these times. */
function causesOfSilence(
	readings: readonly (readonly [seconds: number, dropped: number])[],
	lastWord = 0,
): string[] {
	const diagnosis = new Diagnosis();
	tell(diagnosis, {}, -60);
	for (const journey of [spoken(lastWord), ...asked]) {
		diagnosis.addJourney(journey);
	}
	for (const [seconds, dropped] of readings) {
		tell(diagnosis, { drops: { vnet0: dropped, vnet1: 7 } }, seconds);
	}
	const { causes } = diagnosis.explain(troubleOf(asked, "unanswered"));
	return nameEach(causes);
}

describe("guest-not-reading", () => {
	test("is proven where the tap drops all that it is handed", () => {
		const causes = causesOfSilence([
			[-50, 0],
			[2, 0],
			[6, 3],
		]);
		assert.deepEqual(causes, ["guest-not-reading proven"]);
	});

	test("is proven by one frame that was dropped between two readings", () => {
		const causes = causesOfSilence([
			[4.5, 1],
			[6, 2],
		]);
		assert.deepEqual(causes, ["guest-not-reading proven"]);
	});

	test("is not proven where the tap dropped less than it was handed", () => {
		const causes = causesOfSilence([
			[2, 0],
			[6, 2],
		]);
		assert.deepEqual(causes, [
			"guest-not-reading likely",
			"guest-silent possible",
		]);
	});

	test("is not proven by drops from before the VM spoke last", () => {
		const causes = causesOfSilence([
			[-50, 0],
			[6, 3],
		]);
		assert.deepEqual(causes, [
			"guest-silent likely",
			"guest-not-reading possible",
		]);
	});

	test("is not proven by drops of another frame", () => {
		const causes = causesOfSilence([
			[6, 3],
			[9, 12],
		]);
		assert.ok(!causes.includes("guest-not-reading proven"), `${causes}`);
	});

	test("is no cause where the VM has spoken since", () => {
		const causes = causesOfSilence(
			[
				[2, 0],
				[6, 3],
			],
			7,
		);
		assert.deepEqual(causes, []);
	});
});
