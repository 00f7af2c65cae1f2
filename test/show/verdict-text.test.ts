import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { makeSafe } from "../../src/model/safe-text.js";
import { paintColors, paintNothing } from "../../src/show/style.js";
import { verdictsToJson, verdictToJson } from "../../src/show/verdict-json.js";
import { showVerdicts } from "../../src/show/verdict-table.js";
import { showVerdict } from "../../src/show/verdict-text.js";
import { hop, journey, lostOffer } from "./journeys.js";
import { lostVerdict, verdict } from "./verdicts.js";

process.env.TZ = "UTC";

const plain = { columns: null, paint: paintNothing, hasPerfdata: false };
const withPerfdata = { ...plain, hasPerfdata: true };

describe("showVerdict()", () => {
	test("begins with the state word and the sentence", () => {
		const words = [0, 1, 2, 3].map((exit) =>
			showVerdict(verdict({ exit: exit as 0 }), plain),
		);
		const rest = ": VM1 got 192.168.100.57 from 192.168.100.1 in 31 ms\n";
		assert.deepEqual(words, [
			`OK${rest}`,
			`WARNING${rest}`,
			`CRITICAL${rest}`,
			`UNKNOWN${rest}`,
		]);
	});

	test("puts performance data behind a bar, of which there is no other", () => {
		assert.equal(
			showVerdict(verdict(), withPerfdata),
			"OK: VM1 got 192.168.100.57 from 192.168.100.1 in 31 ms | rtt=0.031400s;;;0\n",
		);
		const odd = verdict({ sentence: "a|b got it", roundTripNs: null });
		assert.equal(
			showVerdict(odd, withPerfdata),
			"OK: a\\x7cb got it | rtt=U\n",
		);
	});

	test("shows how far each message got, and what proves why", () => {
		const found = lostVerdict();
		const discover = journey({
			protocol: "dhcp",
			message: "discover",
			sequence: null,
		});
		const all = { ...found, journeys: [discover, ...found.journeys] };
		assert.equal(
			showVerdict(all, plain),
			[
				"CRITICAL: The OFFER for VM1 entered at ens3 and never reached vnet0: a rule",
				"",
				"  2026-11-22    MESSAGE      vnet0  br0  ens3",
				"● 13:44:02.123  DISCOVER  →  ●      ●    ● +37.2 µs",
				"✗ 13:44:02.124  OFFER     ←  ✗      ●    ●",
				"",
				"  ■ bridge-filter-drop, proven",
				"    nft bridge filter forward handle 2",
				"    fix: nft delete rule bridge filter forward handle 2",
				"",
			].join("\n"),
		);
	});

	test("tells known addresses and what to do", () => {
		const text = showVerdict(
			verdict({
				exit: 3,
				addresses: [
					{
						address: "192.168.100.57",
						mac: "52:54:00:cd:76:3a",
						source: "lease",
						ageSeconds: 12,
					},
				],
				advice: ["ask again"],
			}),
			plain,
		);
		assert.match(
			text,
			/\n {2}192\.168\.100\.57 .*\(lease, 12 s ago\)\n\n {2}→ ask again\n$/,
		);
	});

	test("fits the terminal, but for the first line and what is to be copied", () => {
		const advice = ["a word and another ".repeat(9).trim()];
		const layout = { columns: 40, paint: paintColors, hasPerfdata: false };
		const text = showVerdict({ ...lostVerdict(), causes: [], advice }, layout);
		assert.notEqual(stripVTControlCharacters(text), text);
		for (const line of text.split("\n").slice(1)) {
			assert.ok(stringWidth(line) <= 40, line);
		}
	});

	test("shortens a ladder that would scroll away", () => {
		const many = Array.from({ length: 64 }, (_, id) => ({
			...lostOffer(),
			id,
			hops: [hop("ens3", "in", id * 1e6)],
		}));
		const lines = showVerdict(verdict({ journeys: many }), plain).split("\n");
		assert.ok(lines.length < 50);
		assert.ok(lines.includes("  … 24 more"));
	});

	test("puts the VM's side first, whoever spoke first", () => {
		const [reply = lostOffer()] = lostVerdict().journeys;
		const [, , header] = showVerdict(
			verdict({ journeys: [reply, journey()] }),
			plain,
		).split("\n");
		assert.match(header ?? "", /vnet0 +br0 +ens3$/);
	});
});

describe("showVerdicts()", () => {
	const verdicts = [
		verdict(),
		{ ...lostVerdict(), vm: makeSafe("VM2=a'b|c") },
		verdict({ vm: makeSafe("VM3"), exit: 3, outcome: "inconclusive" }),
	];

	test("counts in the first line, and has a row a VM, the worst first", () => {
		const lines = showVerdicts("dhcp", verdicts, plain).split("\n");
		assert.equal(
			lines[0],
			"CRITICAL: DHCP reaches 1 of 3 VMs; failed: VM2=a'b\\x7cc; cannot tell: VM3; well: VM1",
		);
		assert.deepEqual(
			lines.slice(3, 6).map((line) => line.slice(0, 26).trimEnd()),
			[
				"✗ VM2=a'b|c  lost",
				"? VM3        inconclusive",
				"◆ VM1        delivered",
			],
		);
	});

	test("has performance data a VM, under a name that may stand there", () => {
		const [first] = showVerdicts("dhcp", verdicts, withPerfdata).split("\n");
		assert.match(
			first ?? "",
			/ \| 'VM1'=0\.031400s;;;0 'VM2\\x3da''b\\x7cc'=U 'VM3'=0\.031400s;;;0$/,
		);
	});

	test("says so when no VM runs", () => {
		assert.equal(
			showVerdicts("dhcp", [], plain),
			"UNKNOWN: no VM is known to run here, and no frame of one was seen\n",
		);
	});
});

test("verdictToJson() has the exchange and the journeys as elsewhere", () => {
	const object = JSON.parse(JSON.stringify(verdictToJson(lostVerdict())));
	assert.equal(object.type, "verdict");
	assert.equal(object.exchange.type, "exchange");
	assert.equal(object.journeys[0].type, "journey");
	const all = verdictsToJson("dhcp", [verdict(), lostVerdict()]);
	assert.equal(JSON.parse(JSON.stringify(all)).exit, 2);
});
