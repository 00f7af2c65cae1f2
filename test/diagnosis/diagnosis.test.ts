import assert from "node:assert/strict";
import { test } from "node:test";
import { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import type { HostDocument } from "../../src/model/host-document.js";
import { safeTextLimit } from "../../src/model/safe-text.js";
import { start } from "../show/journeys.js";
import {
	causesOf,
	chain,
	counter,
	equal,
	nameEach,
	rule,
	tell,
	trip,
	troubleOf,
} from "./troubles.js";

const journeys = [
	trip(1, "discover", "vnet0< br0< ens3>"),
	trip(2, "offer", "ens3< br0<", "vnet0"),
];
const lost = troubleOf(journeys, "lost");
const dropOffers = (packets: number) => [
	chain("bridge", "filter", "forward", "forward", "accept"),
	rule("bridge", "filter", "forward", 2, [
		equal("meta oifname", "vnet0"),
		counter(packets),
		{ drop: null },
	]),
];

test("reconsider() tells again what counters prove, with a higher revision", () => {
	const diagnosis = new Diagnosis();
	tell(diagnosis, { nft: dropOffers(3) }, -60);
	for (const one of journeys) {
		diagnosis.addJourney(one);
	}
	const first = diagnosis.explain(lost);
	assert.deepEqual(nameEach(first.causes), ["bridge-filter-drop likely"]);
	assert.equal(first.revision, 0);
	assert.deepEqual(diagnosis.reconsider(), []);
	tell(diagnosis, { nft: dropOffers(4) }, 60);
	const [again, ...others] = diagnosis.reconsider();
	assert.deepEqual(nameEach(again?.causes ?? []), [
		"bridge-filter-drop proven",
	]);
	assert.equal(again?.revision, 1);
	assert.deepEqual(others, []);
	// What the trace tells again has a revision of its own to go by.
	assert.equal(diagnosis.explain({ ...lost, revision: 1 }).revision, 2);
});

test("explain() names the rule with its text and handle, and what takes it away", () => {
	const [cause] = causesOf(lost, journeys, {
		host: { nft: dropOffers(3) },
		later: { nft: dropOffers(4) },
	});
	assert.deepEqual(cause, {
		id: "bridge-filter-drop",
		certainty: "proven",
		evidence: [
			'nft bridge filter forward handle 2: oifname "vnet0" drop (nft -a list chain bridge filter forward)',
			"its counter rose from 3 to 4, as read 60.0 s before the loss and 60.0 s after it",
		],
		fix: "nft delete rule bridge filter forward handle 2",
	});
});

test("explain() rules nothing out by what was lost while the rules were read", () => {
	const diagnosis = new Diagnosis();
	tell(diagnosis, { nft: dropOffers(3) }, -1);
	for (const one of journeys) {
		diagnosis.addJourney(one);
	}
	tell(diagnosis, { nft: dropOffers(3) }, 60);
	const { causes } = diagnosis.explain(lost);
	assert.deepEqual(nameEach(causes), ["bridge-filter-drop likely"]);
});

/** The causes when rules are read at these times, in seconds since the frames. */
function causesByReadings(
	readings: readonly (readonly [seconds: number, packets: number])[],
	seen = journeys,
) {
	const diagnosis = new Diagnosis();
	for (const [seconds, packets] of readings.filter(([at]) => at < 0)) {
		tell(diagnosis, { nft: dropOffers(packets) }, seconds);
	}
	for (const one of seen) {
		diagnosis.addJourney(one);
	}
	for (const [seconds, packets] of readings.filter(([at]) => at > 0)) {
		tell(diagnosis, { nft: dropOffers(packets) }, seconds);
	}
	return diagnosis.explain(troubleOf(seen, "lost")).causes;
}

test("explain() counts from the reading before, where rules were read during the loss", () => {
	const [cause] = causesByReadings([
		[-60, 3],
		[-1, 4],
		[60, 4],
	]);
	assert.equal(cause?.certainty, "proven");
	assert.equal(
		cause.evidence[1],
		"its counter rose from 3 to 4, as read 60.0 s before the loss and 60.0 s after it",
	);
});

test("explain() rules out a rule that took nothing since the reading before", () => {
	const readings = [
		[-60, 3],
		[-1, 3],
		[60, 3],
	] as const;
	assert.deepEqual(causesByReadings(readings), []);
});

test("explain() proves nothing by a counter that rose by less than was lost", () => {
	const twice = [...journeys, trip(3, "offer", "ens3< br0<", "vnet0")];
	const rose = (packets: number) =>
		nameEach(
			causesByReadings(
				[
					[-60, 3],
					[60, packets],
				],
				twice,
			),
		);
	assert.deepEqual(rose(4), ["bridge-filter-drop likely"]);
	assert.deepEqual(rose(5), ["bridge-filter-drop proven"]);
	assert.deepEqual(rose(2), ["bridge-filter-drop likely"], "set to zero");
});

test("explain() keeps what it found while it knew the counters of then", () => {
	const diagnosis = new Diagnosis();
	tell(diagnosis, { nft: dropOffers(3) }, -60);
	for (const one of journeys) {
		diagnosis.addJourney(one);
	}
	tell(diagnosis, { nft: dropOffers(4) }, 60);
	const { causes } = diagnosis.explain(lost);
	assert.deepEqual(nameEach(causes), ["bridge-filter-drop proven"]);
	for (let reading = 1; reading <= 20; reading += 1) {
		tell(diagnosis, { nft: dropOffers(4 + reading) }, 60 + reading * 3);
		assert.deepEqual(diagnosis.reconsider(), []);
	}
	const again = diagnosis.explain({ ...lost, revision: 1 });
	assert.deepEqual(again.causes, causes);
});

test("explain() makes hostile rules safe, and quotes them for the shell", () => {
	const evil = `$(reboot)\u001b]0;x\u0007 'a' ${"y".repeat(400)}`;
	const hosts = [
		{
			nft: [
				chain("bridge", evil, "fo; rward", "forward", "accept"),
				rule("bridge", evil, "fo; rward", 2, [
					{ log: { prefix: evil } },
					{ drop: null },
				]),
			],
		},
		{
			ebtables: `*filter\n:FORWARD ACCEPT\n[0:0] -A FORWARD -o vnet0 --log-prefix "${evil.slice(0, 40)}" -j DROP`,
		},
	];
	for (const host of hosts) {
		const [cause] = causesOf(lost, journeys, { host });
		assert.equal(cause?.id, "bridge-filter-drop");
		for (const text of [...cause.evidence, cause.fix]) {
			assert.ok(text.length <= safeTextLimit);
			// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it is about
			assert.doesNotMatch(text, /[\u0000-\u001f]/);
		}
		assert.doesNotMatch(cause.fix.replaceAll(/'[^']*'/g, ""), /\$\(|;/);
	}
});

test("explain() goes by what held when the frame was lost", () => {
	const dead = {
		links: {
			ens3: { flags: ["NO-CARRIER", "BROADCAST", "UP"], operstate: "DOWN" },
		},
	};
	const discover = [trip(1, "discover", "vnet0< br0<", "ens3")];
	const exchange = troubleOf(discover, "lost");
	const mended = causesOf(exchange, discover, { host: dead, later: {} });
	assert.deepEqual(nameEach(mended), ["uplink-no-carrier proven"]);
	const broken = causesOf(exchange, discover, { host: {}, later: dead });
	assert.deepEqual(nameEach(broken), []);
});

test("explain() calls nothing proven that had changed by the next reading", () => {
	const diagnosis = new Diagnosis();
	tell(diagnosis, { sysctls: { "net/ipv4/ip_forward": "0" } }, -5);
	const ping = trip(1, "echo-request", "vnet2< virbr0<", "ens3");
	diagnosis.addJourney(ping);
	tell(diagnosis, {}, 5);
	const { causes } = diagnosis.explain(troubleOf([ping], "lost"));
	assert.deepEqual(nameEach(causes), ["ip-forward-off likely"]);
});

test("explain() takes any document for what it is", () => {
	const diagnosis = new Diagnosis();
	const outputs = [null, 7, "x", [], {}, { nftables: [{ rule: null }, 5] }];
	const types = ["host-firewall", "host-fdb", "host-services", "host-sysctls"];
	for (const type of [...types, "host-neighbours"]) {
		const statements = outputs.flatMap((output) =>
			["nft -j", "bridge -j", "ss -H", "/proc/sys", "ip -j"].map((source) => ({
				source,
				output,
				gap: null,
			})),
		);
		const document = { type, statements } as HostDocument;
		diagnosis.addDocument(document, start);
	}
	for (const one of journeys) {
		diagnosis.addJourney(one);
	}
	assert.ok(
		diagnosis
			.explain(lost)
			.causes.every(({ certainty }) => certainty === "possible"),
	);
});

test("explain() says less of what was forgotten, and proves nothing by it", () => {
	const diagnosis = new Diagnosis();
	tell(diagnosis, { nft: dropOffers(3) }, -60);
	tell(diagnosis, { nft: dropOffers(9) }, 60);
	const { causes } = diagnosis.explain(lost);
	assert.ok(causes.every(({ certainty }) => certainty !== "proven"));
});
