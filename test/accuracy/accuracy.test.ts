import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { measureCauses } from "./causes.js";
import { formatTable, measureAccuracy } from "./measure.js";

const rows = await measureAccuracy();

describe("what vmpath says of the fixtures", () => {
	test("is never wrong", () => {
		const errors = rows.flatMap(({ marks }) =>
			Object.values(marks).flatMap((found) => found.errors),
		);
		assert.deepEqual(errors, []);
	});

	test("is mostly more than that it cannot tell, where ports are named", () => {
		for (const { scenario, marks } of rows) {
			for (const way of [
				"perInterface",
				"pcapng",
				"pcapngLinks",
				"sll2",
			] as const) {
				const { right = 0, inconclusive = 0 } = marks[way] ?? {};
				// A file in which no DHCP got out may have a filter: uplink-gone, by files.
				const isFiltered = way === "perInterface" && scenario === "uplink-gone";
				assert.ok(
					right > (isFiltered ? 0 : inconclusive),
					`${scenario} ${way}`,
				);
			}
		}
	});

	test("is what the README's table has", () => {
		assert.ok(readFileSync("README.md", "utf8").includes(formatTable(rows)));
	});
});

describe("what vmpath says of the causes of recorded faults", () => {
	test("is never wrong, and the host's word makes it surer", async () => {
		const causes = await measureCauses();
		const of = (way: "withHost" | "sightingsAlone", ...marks: string[]) =>
			causes
				.filter((row) => marks.includes(row[way].mark))
				.map(({ scenario }) => scenario);
		assert.deepEqual(of("withHost", "wrong"), []);
		assert.deepEqual(of("sightingsAlone", "wrong"), []);
		const named = of("withHost", "named").length;
		assert.ok(named > of("sightingsAlone", "named").length);
	});
});
