import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import stringWidth from "string-width";
import { addNs } from "../../src/model/capture.js";
import type { HeldAddress } from "../../src/model/held-address.js";
import type { Journey } from "../../src/model/journey.js";
import type { Port, PortRole } from "../../src/model/port.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { paintColors, paintNothing } from "../../src/show/style.js";
import { TextPresenter } from "../../src/show/text-presenter.js";
import {
	hop,
	journey,
	lostOffer,
	start,
	uncertainQuestion,
} from "./journeys.js";
import { totals } from "./totals.js";

const zone = process.env.TZ;

beforeEach(() => {
	process.env.TZ = "UTC";
});

afterEach(() => {
	if (zone === undefined) {
		delete process.env.TZ;
	} else {
		process.env.TZ = zone;
	}
});

const three = [journey(), lostOffer(), uncertainQuestion()];

/** The rows of journeys on a terminal so wide; null: in a file. */
function show(
	journeys: readonly Journey[],
	columns: number | null,
	paint = paintNothing,
): string {
	let text = "";
	const log = { sources: [], ports: [] };
	const presenter = new TextPresenter(log, { columns, paint }, (lines) => {
		text += lines;
	});
	for (const shown of journeys) {
		presenter.showJourney(shown);
	}
	return text;
}

function port(name: string, role: PortRole): Port {
	return {
		name: makeSafe(name),
		role,
		isInferred: true,
		isPromiscuous: null,
		drops: null,
		isContinuous: true,
		snapLength: 0,
		sources: new Set(),
	};
}

/** A drawing of a screen: what stands between the backticks, but for the first end of line. */
function screen(drawing: string): string {
	return drawing.replace(/^\n/, "");
}

test("a narrow terminal wraps the frame, the path and the reason at words and hops", () => {
	assert.equal(
		show(three, 50),
		screen(`
  2026-11-22    FRAME, PATH
● 13:44:02.123  ICMP echo request 192.168.100.99 →
                192.168.100.1 seq 0
    vnet0 → br0 → ens3 +37.2 µs
✗ 13:44:02.124  DHCP OFFER 192.168.100.57 from
                192.168.100.1
    ens3 → br0 ✗ vnet0  lost between br0 and vnet0
? 13:44:02.125  ARP who-has 192.168.100.2 tell
                192.168.100.1
    ens3 → br0 ? vnet2 (2 copies: vnet1, vnet0)
    cannot tell: vnet2.pcap ended 40 ms later,
    which is too early to know
`),
	);
});

test("80 columns have the path below the frame, and the reason behind it or below", () => {
	assert.equal(
		show(three, 80),
		screen(`
  2026-11-22    FRAME, PATH
● 13:44:02.123  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0
                vnet0 → br0 → ens3 +37.2 µs
✗ 13:44:02.124  DHCP OFFER 192.168.100.57 from 192.168.100.1
                ens3 → br0 ✗ vnet0  lost between br0 and vnet0
? 13:44:02.125  ARP who-has 192.168.100.2 tell 192.168.100.1
                ens3 → br0 ? vnet2 (2 copies: vnet1, vnet0)
                cannot tell: vnet2.pcap ended 40 ms later, which is too early to
                know
`),
	);
});

test("100 columns have room for the whole reason", () => {
	assert.equal(
		show(three, 100),
		screen(`
  2026-11-22    FRAME, PATH
● 13:44:02.123  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0
                vnet0 → br0 → ens3 +37.2 µs
✗ 13:44:02.124  DHCP OFFER 192.168.100.57 from 192.168.100.1
                ens3 → br0 ✗ vnet0  lost between br0 and vnet0
? 13:44:02.125  ARP who-has 192.168.100.2 tell 192.168.100.1
                ens3 → br0 ? vnet2 (2 copies: vnet1, vnet0)
                cannot tell: vnet2.pcap ended 40 ms later, which is too early to know
`),
	);
});

test("120 columns have the path behind the frame, and no column for the VM", () => {
	assert.equal(
		show(three, 120),
		screen(`
  2026-11-22    FRAME                                                     PATH
● 13:44:02.123  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0    vnet0 → br0 → ens3 +37.2 µs
✗ 13:44:02.124  DHCP OFFER 192.168.100.57 from 192.168.100.1              ens3 → br0 ✗ vnet0  lost between br0 and vnet0
? 13:44:02.125  ARP who-has 192.168.100.2 tell 192.168.100.1              ens3 → br0 ? vnet2 (2 copies: vnet1, vnet0)
                cannot tell: vnet2.pcap ended 40 ms later, which is too early to know
`),
	);
});

test("160 columns have one for the VM", () => {
	assert.equal(
		show(three, 160),
		screen(`
  2026-11-22    VM                 FRAME                                                          PATH
● 13:44:02.123  52:54:00:cd:76:3a  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0         vnet0 → br0 → ens3 +37.2 µs
✗ 13:44:02.124  52:54:00:cd:76:3a  DHCP OFFER 192.168.100.57 from 192.168.100.1                   ens3 → br0 ✗ vnet0  lost between br0 and vnet0
? 13:44:02.125                     ARP who-has 192.168.100.2 tell 192.168.100.1                   ens3 → br0 ? vnet2 (2 copies: vnet1, vnet0)
                                   cannot tell: vnet2.pcap ended 40 ms later, which is too early to know
`),
	);
});

test("200 columns look like 160, as the reason is too long for the row", () => {
	assert.equal(
		show(three, 200),
		screen(`
  2026-11-22    VM                 FRAME                                                          PATH
● 13:44:02.123  52:54:00:cd:76:3a  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0         vnet0 → br0 → ens3 +37.2 µs
✗ 13:44:02.124  52:54:00:cd:76:3a  DHCP OFFER 192.168.100.57 from 192.168.100.1                   ens3 → br0 ✗ vnet0  lost between br0 and vnet0
? 13:44:02.125                     ARP who-has 192.168.100.2 tell 192.168.100.1                   ens3 → br0 ? vnet2 (2 copies: vnet1, vnet0)
                                   cannot tell: vnet2.pcap ended 40 ms later, which is too early to know
`),
	);
});

test("a file has each journey on one line, whatever its length", () => {
	assert.equal(
		show(three, null),
		screen(`
  2026-11-22    VM                 FRAME                                                          PATH
● 13:44:02.123  52:54:00:cd:76:3a  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0         vnet0 → br0 → ens3 +37.2 µs
✗ 13:44:02.124  52:54:00:cd:76:3a  DHCP OFFER 192.168.100.57 from 192.168.100.1                   ens3 → br0 ✗ vnet0  lost between br0 and vnet0
? 13:44:02.125                     ARP who-has 192.168.100.2 tell 192.168.100.1                   ens3 → br0 ? vnet2 (2 copies: vnet1, vnet0)  cannot tell: vnet2.pcap ended 40 ms later, which is too early to know
`),
	);
});

test("no row is wider than the terminal, with colours or without", () => {
	const long = journey({
		summary: makeSafe(`DHCP DISCOVER (${"host".repeat(60)})`),
		hops: [
			"vnet0",
			"fwbr100i0",
			"fwpr100p0",
			"fwln100i0",
			"vmbr0",
			"網路0",
		].map((name, index) => hop(name, "in", index * 1_234)),
		copies: Array.from({ length: 40 }, (_, index) =>
			hop(`vnet${index}`, "out", index),
		),
	});
	for (let columns = 20; columns <= 220; columns += 1) {
		for (const paint of [paintNothing, paintColors]) {
			for (const line of show([long, ...three], columns, paint).split("\n")) {
				assert.ok(stringWidth(line) <= columns, `${columns}: ${line}`);
			}
		}
	}
});

test("copies without room for their names are counted", () => {
	const copies = Array.from({ length: 12 }, (_, index) =>
		hop(`vnet${index + 1}`, "out", index),
	);
	assert.equal(
		show([journey({ copies })], 80),
		screen(`
  2026-11-22    FRAME, PATH
● 13:44:02.123  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0
                vnet0 → br0 → ens3 +37.2 µs (12 copies)
`),
	);
});

test("a path too long for its row goes below, one too long for a line breaks at hops", () => {
	const hops = [
		hop("vnet2", "in", 0),
		hop("virbr0", "in", 0),
		hop("br0", "out", 139_000, [
			{ field: "ipv4.source", from: "192.168.122.7", to: "192.168.100.2" },
		]),
		hop("enp3s0f0", "out", 141_760),
	];
	assert.equal(
		show([journey({ hops })], 120),
		screen(`
  2026-11-22    FRAME                                                     PATH
● 13:44:02.123  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0
                vnet2 → virbr0 → br0 +139 µs (from 192.168.100.2) → enp3s0f0 +2.76 µs
`),
	);
	assert.equal(
		show([journey({ hops })], 80),
		screen(`
  2026-11-22    FRAME, PATH
● 13:44:02.123  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0
                vnet2 → virbr0 → br0 +139 µs (from 192.168.100.2)
                → enp3s0f0 +2.76 µs
`),
	);
});

test("a new day is said above its rows", () => {
	const seconds = start.seconds + 86_400;
	const tomorrow = journey({
		hops: [{ ...hop("vnet0", "in", 0), time: { seconds, nanos: 0 } }],
	});
	assert.equal(
		show([journey(), tomorrow], 80),
		screen(`
  2026-11-22    FRAME, PATH
● 13:44:02.123  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0
                vnet0 → br0 → ens3 +37.2 µs
  2026-11-23    FRAME, PATH
● 13:44:02.000  ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0
                vnet0
`),
	);
});

test("the totals end the output: journeys, frames and their troubles, roles", () => {
	let text = "";
	const ports = [port("vnet0", "tap"), port("eth9", "unknown")];
	new TextPresenter(
		{ sources: [], ports },
		{ columns: null, paint: paintNothing },
		(lines) => {
			text += lines;
		},
	).showTotals(
		totals({
			frames: { read: 120, relevant: 88, malformed: 1, untimed: 0, dropped: 7 },
			addresses: [
				held("192.168.100.1", "arp", 0, null),
				held("192.168.100.57", "dhcp", 1_500_000_000, 3600),
			],
			end: addNs(start, 2_000_000_000),
		}),
	);
	assert.equal(
		text,
		`
1 journey: ● 1 delivered   ✗ 0 lost   ? 0 cannot tell
120 frames read, 88 of ARP, DHCP or ICMP, 1 malformed or cut, 7 lost by the capture; end of capture
vnet0 tap (inferred from names and traffic)
192.168.100.57 is 52:54:00:cd:76:3a (lease of 3600 s, last seen 13:44:03.623)
192.168.100.1 is 52:54:00:cd:76:3a (ARP, last seen 13:44:02.123)
`,
	);
});

test("the totals say of what is missing that the capture may have lost it, where nobody tells", () => {
	const show = (drops: number | null, journeys: object) => {
		let text = "";
		const ports = [{ ...port("vnet0", "tap"), drops }];
		new TextPresenter(
			{ sources: [], ports },
			{ columns: null, paint: paintNothing },
			(lines) => {
				text += lines;
			},
		).showTotals(totals(journeys));
		return text.includes("what the capture itself lost is not told");
	};
	const lost = { journeys: { delivered: 1, lost: 1, inconclusive: 0 } };
	assert.equal(show(null, lost), true);
	assert.equal(show(0, lost), false);
	assert.equal(show(null, {}), false);
});

function held(
	address: string,
	source: HeldAddress["source"],
	seenNs: number,
	leaseSeconds: number | null,
): HeldAddress {
	const seen = addNs(start, seenNs);
	const mac = "52:54:00:cd:76:3a";
	const vm = null;
	return { address, mac, vm, source, since: start, seen, leaseSeconds };
}
