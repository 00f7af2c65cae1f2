import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { run } from "./notation.js";

/** Pings of which ens3.pcap says that they left so much later than they came in. */
function ping(count: number, laterMs: number): string {
	return Array.from(
		{ length: count },
		(_, at) =>
			`echo(seq=${at + 1}): vnet0<${at}s br0<${at}s ens3>${at * 1000 + laterMs + 0.03}ms`,
	).join("\n");
}

const files = { hasFiles: true };

describe("ClockOffsets", () => {
	test("says nothing while the clocks agree", () => {
		assert.deepEqual(run(ping(5, 0), files).notices, []);
	});

	test("says nothing of a delay that is not the same for each frame", () => {
		const text = [0, 300, 700, 20]
			.map(
				(ms, at) =>
					`echo(seq=${at}): vnet0<${at}s ens3>${at * 1000 + ms + 5}ms`,
			)
			.join("\n");
		assert.deepEqual(run(text, files).notices, []);
	});

	test("tells the file that runs ahead, once for each other file", () => {
		assert.deepEqual(run(ping(6, 50_000), files).notices, [
			"ens3.pcap runs 50.000 s ahead of vnet0.pcap: their frames are not joined",
			"ens3.pcap runs 50.000 s ahead of br0.pcap: their frames are not joined",
		]);
		assert.deepEqual(run(ping(6, -5), files).notices, [
			"vnet0.pcap runs 0.005 s ahead of ens3.pcap: which of them saw a frame first is not known",
			"br0.pcap runs 0.005 s ahead of ens3.pcap: which of them saw a frame first is not known",
		]);
	});

	for (const laterMs of [5, -5, 800, -800, 3000, -3000, 50_000, -50_000]) {
		test(`nothing is lost between clocks that are ${laterMs} ms apart`, () => {
			const text = `${ping(60, laterMs)}
				echo(seq=100): vnet0<61s br0<61s`;
			const { told } = run(text, { ...files, isKnown: true });
			// The healthy minute before has clocks that agree.
			const { told: alone } = run(text, files);
			assert.ok(told.length > 0);
			assert.ok(alone.every(({ outcome }) => outcome !== "lost"));
		});
	}
});
