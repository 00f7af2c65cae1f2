import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	isWorthTelling,
	type Occasion,
} from "../../src/host/counted-document.js";
import { readDropCounters } from "../../src/host/drop-counters.js";
import type { HostDocument, Json } from "../../src/model/host-document.js";

const nft = (accepted: number, dropped: number, rules = "drop"): Json => ({
	nftables: [
		{ metainfo: { version: "1.0.6" } },
		{ rule: { expr: [{ counter: { packets: accepted } }, { accept: null }] } },
		{ rule: { expr: [{ counter: { packets: dropped } }, { [rules]: null }] } },
	],
});

const saved = (policy: number, accepted: number, dropped: number) =>
	[
		"*filter",
		":INPUT ACCEPT [9:9]",
		`:FORWARD DROP [${policy}:99]`,
		`[${accepted}:99] -A FORWARD -i br0 -j ACCEPT`,
		`[${dropped}:99] -A FORWARD -o br0 -j REJECT --reject-with icmp-port-unreachable`,
		"COMMIT",
	].join("\n");

function firewall(...outputs: readonly (Json | null)[]): HostDocument {
	return {
		type: "host-firewall",
		statements: outputs.map((output, index) => ({
			source: `tool ${index}`,
			output,
			gap: output === null ? { reason: "no answer", fix: null } : null,
		})),
	};
}

const counters = (drops: Json): HostDocument => ({
	type: "host-counters",
	statements: [{ source: "tx_dropped", output: drops, gap: null }],
});

test("readDropCounters() has the counters of drops, rejects and policies, and no others", () => {
	const of = (...outputs: readonly Json[]) =>
		readDropCounters(firewall(...outputs));
	assert.equal(of(nft(1, 2), saved(3, 4, 5)), "2\n3 5");
	assert.equal(of(nft(1, 2, "reject")), "2");
	assert.equal(of(nft(8, 2), saved(3, 8, 5)), of(nft(1, 2), saved(3, 4, 5)));
	for (const odd of [null, 7, [], { nftables: [5, { rule: null }] }, "drop"]) {
		assert.equal(of(odd), "");
	}
});

describe("isWorthTelling()", () => {
	const told = (
		document: HostDocument,
		last: HostDocument,
		occasion: Occasion,
		afterMs: number,
	) =>
		isWorthTelling(
			document,
			{ document: last, atMs: 5000 },
			occasion,
			5000 + afterMs,
		);
	const before = firewall(nft(1, 2), saved(3, 4, 5));

	test("holds of the first document, and of other rules at any time", () => {
		assert.ok(isWorthTelling(before, null, "watch", 0));
		assert.ok(
			told(firewall(nft(1, 2, "reject"), saved(3, 4, 5)), before, "watch", 0),
		);
	});

	test("holds of counters of drops that rose, at most every 10 s", () => {
		const dropped = firewall(nft(1, 2), saved(4, 4, 5));
		assert.ok(told(dropped, before, "watch", 10_000));
		assert.ok(!told(dropped, before, "watch", 5000));
		const accepted = firewall(nft(9, 2), saved(3, 9, 5));
		assert.ok(!told(accepted, before, "watch", 60_000));
	});

	test("holds on suspicion, and at the end at once, whatever rose", () => {
		assert.ok(told(before, before, "suspicion", 3000));
		assert.ok(told(before, before, "end", 1));
	});

	test("holds the less often the longer the rules are", () => {
		const long = "x".repeat(1e6);
		const last = firewall(nft(1, 2), `${saved(3, 4, 5)}\n# ${long}`);
		const rose = firewall(nft(1, 2), `${saved(4, 4, 5)}\n# ${long}`);
		assert.ok(!told(rose, last, "watch", 60_000));
		assert.ok(told(rose, last, "watch", 3_600_000));
		assert.ok(!told(rose, last, "suspicion", 10_000));
		assert.ok(told(rose, last, "suspicion", 60_000));
	});

	test("does not hold of a reading that says less, when counters were asked for", () => {
		const less = firewall(nft(1, 2), null);
		assert.ok(told(less, before, "watch", 0));
		assert.ok(!told(less, before, "suspicion", 60_000));
		assert.ok(!told(less, before, "end", 60_000));
	});

	test("holds of drops of a tap that rose, and of no others", () => {
		const none = counters({ vnet0: 3 });
		assert.ok(told(counters({ vnet0: 4 }), none, "watch", 2000));
		assert.ok(told(counters({ vnet0: 4 }), none, "end", 1));
		assert.ok(!told(counters({ vnet0: 4 }), none, "watch", 500));
		assert.ok(!told(counters({ vnet0: 3 }), none, "end", 60_000));
	});
});
