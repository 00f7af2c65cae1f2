import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSafe } from "../../src/model/safe-text.js";
import { journeyToText } from "../../src/show/journey-text.js";
import { paintColors, paintNothing } from "../../src/show/style.js";
import { hop, journey, lostOffer, uncertainQuestion } from "./journeys.js";

/** The words of a journey, without colours. */
function wordsOf(changes: Parameters<typeof journey>[0]) {
	return journeyToText(journey(changes), paintNothing);
}

test("journeyToText() gives a step its time, and none where a bridge shares the stamp", () => {
	const { mark, path, remark } = wordsOf({});
	assert.equal(mark, "●");
	assert.deepEqual(path, ["vnet0", "→ br0", "→ ens3 +37.2 µs"]);
	assert.equal(remark, "");
});

test("journeyToText() counts each step from the hop before", () => {
	const hops = [
		hop("vnet2", "in", 0),
		hop("virbr0", "in", 5_000),
		hop("br0", "out", 20_000),
	];
	assert.deepEqual(wordsOf({ hops }).path, [
		"vnet2",
		"→ virbr0 +5 µs",
		"→ br0 +15 µs",
	]);
});

test("journeyToText() says that a frame came by a port that was not captured", () => {
	const hops = [hop("br0", "in", 0), hop("ens3", "out", 5_000)];
	assert.deepEqual(wordsOf({ hops, source: "other-vm" }).path, [
		"(uncaptured port) → br0",
		"→ ens3 +5 µs",
	]);
	assert.deepEqual(wordsOf({ hops, source: "host" }).path, [
		"br0",
		"→ ens3 +5 µs",
	]);
});

test("journeyToText() has no plus before a step that goes back in time", () => {
	const hops = [hop("vnet0", "in", 0), hop("ens3", "out", -1_500)];
	assert.deepEqual(wordsOf({ hops }).path, ["vnet0", "→ ens3 -1.5 µs"]);
});

test("journeyToText() says what NAT, tags and padding changed", () => {
	const hops = [
		hop("vnet2", "in", 0),
		hop("br0", "out", 9_000, [
			{ field: "ipv4.source", from: "192.168.122.7", to: "192.168.100.2" },
			{ field: "ipv4.ttl", from: 64, to: 63 },
		]),
		hop("ens3.10", "out", 9_000, [{ field: "vlans", from: "", to: "10" }]),
		hop("ens3", "out", 9_000, [
			{ field: "vlans", from: "10", to: "" },
			{ field: "length", from: 42, to: 60 },
		]),
	];
	assert.deepEqual(wordsOf({ hops }).path, [
		"vnet2",
		"→ br0 +9 µs (from 192.168.100.2)",
		"→ ens3.10 (vlan 10)",
		"→ ens3 (untagged, 60 bytes)",
	]);
});

test("journeyToText() marks a port that is proven to have missed the frame", () => {
	const text = journeyToText(lostOffer(), paintNothing);
	assert.equal(text.mark, "✗");
	assert.deepEqual(text.path, ["ens3", "→ br0", "✗ vnet0"]);
	assert.equal(text.remark, "lost between br0 and vnet0");
});

test("journeyToText() never has the mark of a loss where none is proven", () => {
	const text = journeyToText(uncertainQuestion(), paintNothing);
	assert.equal(text.mark, "?");
	assert.deepEqual(text.path, ["ens3", "→ br0", "? vnet2"]);
	assert.equal(
		text.remark,
		"cannot tell: vnet2.pcap ended 40 ms later, which is too early to know",
	);
});

test("journeyToText() names copies, and counts them for those without room", () => {
	const { copies } = journeyToText(uncertainQuestion(), paintNothing);
	assert.deepEqual(copies, {
		named: "(2 copies: vnet1, vnet0)",
		counted: "(2 copies)",
	});
	assert.deepEqual(wordsOf({ copies: [hop("vnet1", "out", 1)] }).copies, {
		named: "(1 copy: vnet1)",
		counted: "(1 copy)",
	});
});

test("journeyToText() has a word for interfaces the capture does not name", () => {
	const hops = [hop(null, "in", 0), hop(null, "out", 4_000)];
	assert.deepEqual(wordsOf({ hops }).path, ["unnamed", "→ unnamed +4 µs"]);
});

test("journeyToText() says that a frame came back, and that it was seen late", () => {
	const { remark } = wordsOf({ reflectionOf: 1, revision: 2 });
	assert.equal(remark, "came back in; seen late");
});

test("journeyToText() calls the VM by name, else by MAC address", () => {
	assert.equal(wordsOf({ vm: makeSafe("web") }).vm, "web");
	assert.equal(wordsOf({}).vm, "52:54:00:cd:76:3a");
	assert.equal(wordsOf({ mac: null }).vm, "");
});

test("journeyToText() puts colours on marks that say the same without them", () => {
	const { mark, path, paintRemark } = journeyToText(lostOffer(), paintColors);
	assert.equal(mark, "\u001b[31m✗\u001b[39m");
	assert.equal(path.at(-1), "\u001b[31m✗ vnet0\u001b[39m");
	assert.equal(paintRemark("x"), "\u001b[31mx\u001b[39m");
});
