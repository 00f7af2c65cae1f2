import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSafe } from "../../src/model/safe-text.js";
import {
	MermaidPresenter,
	type MermaidSelection,
} from "../../src/show/mermaid-presenter.js";
import { exchange } from "./exchanges.js";
import { hop, journey, lostOffer } from "./journeys.js";
import { totals } from "./totals.js";

function draw(
	selection: Partial<MermaidSelection>,
	show: (presenter: MermaidPresenter) => void,
): string[] {
	let text = "";
	const presenter = new MermaidPresenter(
		{ journeys: [], exchange: null, ...selection },
		(lines) => {
			text += lines;
		},
	);
	show(presenter);
	presenter.showTotals(totals());
	assert.ok(text.endsWith("\n"));
	return text.trimEnd().split("\n");
}

const ports = [
	"    participant p0 as vnet0",
	"    participant p1 as br0",
	"    participant p2 as ens3",
];
const ping = [
	"    p0->>p1: ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0 +0",
	"    p1->>p2: +37.2 µs",
];

test("MermaidPresenter draws an arrow a step", () => {
	const lines = draw({}, (presenter) => presenter.showJourney(journey()));
	assert.deepEqual(lines, ["sequenceDiagram", ...ports, ...ping]);
});

test("MermaidPresenter crosses out where a frame was lost", () => {
	const both = draw({}, (presenter) => {
		presenter.showJourney(journey());
		presenter.showJourney(lostOffer());
	});
	assert.deepEqual(both.slice(4 + ping.length), [
		"    p2->>p1: DHCP OFFER 192.168.100.57 from 192.168.100.1 +0",
		"    p1-xp0: lost",
	]);
});

test("MermaidPresenter never crosses out what is not proven", () => {
	const unsure = { ...lostOffer(), outcome: "inconclusive" } as const;
	const lines = draw({}, (presenter) => presenter.showJourney(unsure));
	assert.equal(lines.at(-1)?.endsWith(": cannot tell"), true);
	assert.ok(lines.every((line) => !line.includes("-x")));
});

test("MermaidPresenter draws the chosen journey, as it came last", () => {
	const lines = draw({ journeys: [1] }, (presenter) => {
		presenter.showJourney({ ...journey(), hops: [hop("vnet0", "in", 0)] });
		presenter.showJourney(lostOffer());
		presenter.showJourney({ ...journey(), revision: 1 });
	});
	assert.deepEqual(lines, ["sequenceDiagram", ...ports, ...ping]);
});

test("MermaidPresenter draws the journeys of an exchange, and what came of it", () => {
	const lines = draw({ exchange: 3 }, (presenter) => {
		presenter.showJourney(journey());
		presenter.showJourney(journey({ id: 99 }));
		presenter.showExchange(exchange());
	});
	assert.deepEqual(lines, [
		"sequenceDiagram",
		...ports,
		...ping,
		"    Note over p0,p2: ack: delivered",
	]);
});

test("MermaidPresenter keeps text from being read as syntax", () => {
	const summary = makeSafe("DHCP DISCOVER (a;b#c%%{d})");
	const lines = draw({}, (presenter) =>
		presenter.showJourney(journey({ summary })),
	);
	assert.ok(
		lines.includes("    p0->>p1: DHCP DISCOVER (a#59;b#35;c#37;#37;{d}) +0"),
	);
});

test("MermaidPresenter says how many journeys it does not draw", () => {
	const lines = draw({}, (presenter) => {
		for (let id = 1; id <= 203; id += 1) {
			presenter.showJourney(journey({ id }));
		}
	});
	assert.equal(lines.at(-1), "    %% 3 more journeys not drawn");
});
