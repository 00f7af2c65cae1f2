import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { Journey } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { widthOf } from "../../src/show/cell-width.js";
import { toAscii } from "../../src/tui/ascii.js";
import { drawRow } from "../../src/tui/draw-list.js";
import { createLook, plainLook } from "../../src/tui/theme.js";
import type { ListRow } from "../../src/tui/world.js";
import { exchange } from "../show/exchanges.js";
import { hop, journey } from "../show/journeys.js";
import { exchangeRow, journeyRow } from "./worlds.js";

const zone = process.env.TZ;
before(() => {
	process.env.TZ = "UTC";
});
after(() => {
	process.env.TZ = zone;
});

const inVain = exchange({
	protocol: "arp",
	outcome: "inconclusive",
	lease: null,
	summary: makeSafe("ARP who-has 192.168.100.99 tell 192.168.100.1"),
	reason: makeSafe("asked 3 times and not answered within 774 ms"),
});

function draw(row: ListRow, columns: number): string {
	const drawn = drawRow(row, false, columns, false, plainLook).trimEnd();
	assert.ok(widthOf(drawn) <= columns);
	return drawn;
}

/** A journey over these ports, 12 ns from each to the next but to the bridge. */
function over(names: readonly string[], changes: Partial<Journey> = {}) {
	const hops = names.map((name, at) =>
		hop(name, at === names.length - 1 ? "out" : "in", Math.max(0, at - 1) * 12),
	);
	const expected = names.map((name) => makeSafe(name));
	return journeyRow(journey({ hops, expected, ...changes }));
}

test("drawRow() says why an exchange cannot be told, as far as there is room", () => {
	const row = exchangeRow(inVain);
	const asked = "ARP who-has 192.168.100.99 tell 192.168.100.1";
	const why = "asked 3 times and not answered within 774 ms";
	const told = `^ \\?\\[.*\\] ${asked} +`;
	assert.match(
		draw(row, 160),
		new RegExp(`${told}cannot tell \\(2 frames\\)  ${why}$`),
	);
	assert.match(draw(row, 120), new RegExp(`${told}${why}$`));
	assert.match(draw(row, 80), new RegExp(`${told}cannot tell$`));
});

test("drawRow() shows where a frame was delivered, as much of the path as there is room for", () => {
	const row = over(["vnet0", "br0", "ens3"]);
	const sent = "echo request 192.168.100.99 → 192.168.100.1 seq 0";
	assert.equal(draw(row, 80), ` ● 13:44:02.123  ${sent}    vnet0→ens3`);
	assert.match(draw(row, 87), / seq 0 +vnet0 → br0 → ens3$/);
	assert.match(draw(row, 104), / seq 0 +vnet0 → br0 → ens3 \+12 ns$/);
	assert.match(draw(row, 120), / seq 0 +vnet0 → br0 → ens3 \+12 ns$/);
});

test("drawRow() tells the path with its time before it leaves out either", () => {
	const names = ["tap100i0", "fwbr100i0", "vmbr0", "eno1"];
	const summary = makeSafe("ARP 10.0.0.5 is-at 52:54:00:cd:76:3a");
	const row = over(names, { protocol: "arp", summary });
	const ends: readonly (readonly [number, RegExp])[] = [
		[110, / tap100i0 → fwbr100i0 → vmbr0 \+12 ns → eno1 \+12 ns$/],
		[98, / tap100i0 → fwbr100i0 → vmbr0 → eno1 \+24 ns$/],
		[91, / tap100i0 → fwbr100i0 → vmbr0 → eno1$/],
		[80, / tap100i0→eno1 \+24 ns$/],
		[69, /3a +tap100i0→eno1$/],
	];
	for (const [columns, end] of ends) {
		assert.match(draw(row, columns), end);
	}
});

test("drawRow() shows the VM's end of a path where both ends have no room", () => {
	const names = ["tap100i0", "vmbr0", "enp65s0f0np0"];
	assert.match(draw(over(names), 80), / seq 0 {4}tap100i0→…$/);
	const back = names.toReversed();
	const inwards = over(back, { source: "router", destination: "vm" });
	assert.match(draw(inwards, 80), / seq 0 {4}…→tap100i0$/);
	const long = ["a-tap-of-15-let", "vmbr0", "enp65s0f0np0"];
	assert.match(draw(over(long), 80), / seq 0 {8}\+12 ns$/);
});

test("drawRow() says at the begin that another VM's port was not captured", () => {
	const row = over(["br0", "vnet1"], { source: "other-vm" });
	assert.match(draw(row, 80), / seq 0 +…→vnet1$/);
	assert.match(draw(row, 200), / \(uncaptured port\) → br0 → vnet1$/);
});

test("drawRow() never gives up the outcome or the addresses for the path", () => {
	const summary = makeSafe(
		"ICMP echo request 192.168.100.199 → 192.168.100.101 seq 65535",
	);
	const lost = {
		summary,
		outcome: "lost",
		lastSeen: makeSafe("br0"),
		firstMissing: makeSafe("enp1s0"),
	} as const;
	for (let columns = 60; columns < 200; columns += 1) {
		const fine = draw(over(["vnet0", "br0", "ens3"], { summary }), columns);
		const bad = draw(over(["vnet0", "br0"], lost), columns);
		assert.match(fine, /^ ●/);
		assert.match(bad, /^ ✗/);
		assert.match(bad, / ✗ enp1s0| lost$/);
		if (columns >= 79) {
			const addresses = / 192\.168\.100\.199 → 192\.168\.100\.101 seq 65535/;
			assert.match(fine, addresses);
			assert.match(bad, addresses);
		}
	}
});

test("drawRow() says where the frame of an exchange was lost as of a frame, at 80 columns", () => {
	const row = exchangeRow(
		exchange({
			protocol: "icmp",
			outcome: "lost",
			message: "echo-request",
			lastSeen: makeSafe("virbr0"),
			firstMissing: makeSafe("br0"),
			lease: null,
			summary: makeSafe("ICMP echo request 192.168.122.9 → 203.0.113.9 seq 0"),
		}),
	);
	assert.match(draw(row, 80), / 203\.0\.113\.9 seq 0 +virbr0 ✗ br0$/);
	assert.match(draw(row, 76), / 203\.0\.113\.9 seq 0 +✗ br0$/);
	assert.match(draw(row, 69), / 203\.0\.113\.9 seq 0 +lost$/);
	assert.match(draw(row, 120), /lost between virbr0 and br0$/);
});

test("drawRow() has the times of exchanges in brackets: they are no frames, in any look", () => {
	const delivered = exchangeRow(exchange());
	const frame = over(["vnet0", "br0", "ens3"]);
	for (const columns of [60, 80, 100, 120, 200]) {
		for (const isSelected of [false, true]) {
			for (const look of [plainLook, createLook(false, false)]) {
				const [whole = "", single = ""] = [delivered, frame].map((row) =>
					stripVTControlCharacters(
						toAscii(drawRow(row, isSelected, columns, true, look)),
					),
				);
				assert.ok(whole.includes("[13:44:02.123] "), whole);
				assert.ok(single.includes(" 13:44:02.123  "), single);
			}
		}
	}
	const end = "delivered in 33.7 ms (2 frames)";
	assert.ok(draw(delivered, 120).endsWith(end));
	assert.match(
		draw(delivered, 80),
		/^ ◆\[13:44:02\.123\] DHCP lease .* delivered$/,
	);
	const bold = drawRow(delivered, false, 80, false, createLook(false, true));
	assert.ok(bold.includes("\u001b[1mDHCP lease 192.168"));
});

test("drawRow() cuts what nobody named so that its end stays", () => {
	const mac = makeSafe("52:54:00:aa:00:01");
	const vm = makeSafe(`${mac} and ${mac}`);
	const row = over(["vnet0", "br0", "ens3"], { vm });
	const drawn = drawRow(row, false, 120, true, plainLook);
	assert.match(drawn, / {2}52:54:00…aa:00:01 {2}/);
});
