import assert from "node:assert/strict";
import { test } from "node:test";
import type { Port } from "../../src/model/port.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { JsonPresenter } from "../../src/show/json-presenter.js";
import { journey, lostOffer } from "./journeys.js";
import { totals } from "./totals.js";

function createPort(name: string): Port {
	return {
		name: makeSafe(name),
		role: "tap",
		isInferred: true,
		isPromiscuous: null,
		drops: null,
		isContinuous: true,
		snapLength: 0,
		sources: new Set(),
	};
}

function createPresenter(ports: readonly Port[]) {
	const lines: string[] = [];
	const log = { sources: [], ports };
	const presenter = new JsonPresenter("1.2.3", log, (line) => lines.push(line));
	const typesOf = () => lines.map((line) => JSON.parse(line).type);
	return { lines, presenter, typesOf };
}

test("JsonPresenter writes a whole journey, times as strings", () => {
	const { lines, presenter } = createPresenter([]);
	presenter.showJourney(lostOffer());
	assert.ok(lines.every((line) => /^[^\n]+\n$/.test(line)));
	assert.deepEqual(JSON.parse(lines[1] ?? ""), {
		type: "journey",
		id: 2,
		revision: 0,
		protocol: "dhcp",
		message: "offer",
		summary: "DHCP OFFER 192.168.100.57 from 192.168.100.1",
		vm: null,
		mac: "52:54:00:cd:76:3a",
		source: "vm",
		destination: "router",
		ethernet: {
			source: "52:54:00:cd:76:3a",
			destination: "00:0d:b9:4a:1c:20",
		},
		addresses: { source: "192.168.100.99", destination: "192.168.100.1" },
		identifier: 7,
		sequence: 0,
		hops: ["ens3", "br0"].map((name) => ({
			interface: name,
			direction: "in",
			tsNs: "1795355042124456789",
			elapsedNs: 1_000_000,
			changed: [],
		})),
		expected: ["vnet0", "br0", "ens3"],
		copies: [],
		train: null,
		reflectionOf: null,
		outcome: "lost",
		lastSeen: "br0",
		firstMissing: "vnet0",
		reason: null,
	});
});

test("JsonPresenter begins with meta, once, and ends with summary", () => {
	const { presenter, typesOf } = createPresenter([createPort("vnet0")]);
	presenter.showJourney(journey());
	presenter.showJourney(journey());
	presenter.showTotals(totals());
	assert.deepEqual(typesOf(), ["meta", "journey", "journey", "summary"]);
});

test("JsonPresenter begins with meta even when there is nothing else", () => {
	const { presenter, typesOf } = createPresenter([]);
	presenter.showTotals(totals());
	assert.deepEqual(typesOf(), ["meta", "summary"]);
});

test("JsonPresenter writes meta again when a port came up, or changed by the end", () => {
	const ports = [createPort("vnet0")];
	const { lines, presenter, typesOf } = createPresenter(ports);
	presenter.showJourney(journey());
	ports.push(createPort("vnet1"));
	presenter.showJourney(journey());
	for (const port of ports) {
		port.drops = 3;
	}
	presenter.showJourney(journey());
	presenter.showTotals(totals());
	assert.deepEqual(typesOf(), [
		"meta",
		"journey",
		"meta",
		"journey",
		"journey",
		"meta",
		"summary",
	]);
	const { interfaces } = JSON.parse(lines[5] ?? "");
	assert.deepEqual(
		interfaces.map(({ name, drops }: Port) => [name, drops]),
		[
			["vnet0", 3],
			["vnet1", 3],
		],
	);
});
