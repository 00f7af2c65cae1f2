import assert from "node:assert/strict";
import { test } from "node:test";
import {
	checkFilters,
	type Filters,
	ResultFilter,
} from "../../src/commands/filters.js";
import { addNs } from "../../src/model/capture.js";
import type { Frame } from "../../src/model/frame.js";
import type { Journey } from "../../src/model/journey.js";
import { hop, journey, start } from "../show/journeys.js";
import { vm1Mac, vm2Mac } from "../topology/hosts.js";
import { dora, exchangeOf, hostTopology, vmIp } from "../verify/build.js";
import { fixture, replayJson } from "./program.js";

const none: Filters = {
	vms: [],
	protocols: [],
	interfaces: [],
	since: null,
	until: null,
	problems: false,
};

function isWanted(filters: Partial<Filters>, of: Journey = journey()): boolean {
	return new ResultFilter({ ...none, ...filters }).isJourneyWanted(of);
}

test("isJourneyWanted() without filters is true", () => {
	assert.ok(isWanted({}));
});

test("isJourneyWanted() goes by protocol, of which there may be several", () => {
	assert.ok(isWanted({ protocols: ["icmp"] }));
	assert.ok(isWanted({ protocols: ["arp", "icmp"] }));
	assert.ok(!isWanted({ protocols: ["arp"] }));
});

test("isJourneyWanted() leaves what was delivered when problems are wanted", () => {
	assert.ok(!isWanted({ problems: true }));
	assert.ok(isWanted({ problems: true }, journey({ outcome: "lost" })));
	assert.ok(isWanted({ problems: true }, journey({ outcome: "inconclusive" })));
});

test("isJourneyWanted() goes by interface, copies included", () => {
	assert.ok(isWanted({ interfaces: ["br0"] }));
	assert.ok(isWanted({ interfaces: ["vnet7", "ens3"] }));
	assert.ok(!isWanted({ interfaces: ["vnet7"] }));
	const copied = journey({ copies: [hop("vnet7", "out", 1)] });
	assert.ok(isWanted({ interfaces: ["vnet7"] }, copied));
});

test("isJourneyWanted() goes by MAC address of sender or receiver, tap or IP address", () => {
	for (const vm of [
		"52:54:00:cd:76:3a",
		"52-54-00-CD-76-3A",
		"525400cd763a",
		"00:0d:b9:4a:1c:20",
		"vnet0",
		"192.168.100.99",
	]) {
		assert.ok(isWanted({ vms: [vm] }), vm);
	}
	for (const vm of ["52:54:00:cd:76:3b", "vnet1", "192.168.100.9", "vnet"]) {
		assert.ok(!isWanted({ vms: [vm] }), vm);
	}
});

/** Ids of what is shown of an attempt, journeys first, by how its VM was named. */
function shownOf(vm: string, filters: Partial<Filters>, isTold: boolean) {
	const all = [
		dora(0),
		exchangeOf([{ message: "offer", atMs: 90, outcome: "lost" }], {
			outcome: "lost",
		}),
		exchangeOf([{ message: "discover", atMs: 100 }], { outcome: "unanswered" }),
		exchangeOf(
			[{ message: "discover", atMs: 200, path: ["vnet1", "br0", "ens3"] }],
			{ mac: vm2Mac },
		),
	];
	const filter = new ResultFilter({ ...none, ...filters, vms: [vm] });
	if (isTold) {
		filter.noteTopology(hostTopology());
	}
	return all.flatMap(({ journeys, exchange }, index) => [
		...journeys.map((one) => filter.isJourneyWanted(one)),
		`${index} ${filter.isExchangeWanted(exchange)}`,
	]);
}

test("ResultFilter chooses the same of a VM however it is named", () => {
	const [domain] = hostTopology().domains;
	const names = ["VM1", `${domain?.uuid}`, vm1Mac, "vnet0", vmIp];
	for (const filters of [{}, { problems: true }]) {
		const [first, ...others] = names.map((vm) => shownOf(vm, filters, true));
		for (const other of others) {
			assert.deepEqual(other, first);
		}
		assert.deepEqual(
			first?.filter((one) => typeof one === "string"),
			[`0 ${!("problems" in filters)}`, "1 true", "2 true", "3 false"],
		);
	}
});

test("ResultFilter learns from what a VM sends which tap it is behind", () => {
	assert.deepEqual(
		shownOf("vnet0", { problems: true }, false),
		shownOf(vm1Mac, { problems: true }, false),
	);
});

test("ResultFilter shows an exchange whose journeys passed the interface", () => {
	const filter = new ResultFilter({ ...none, interfaces: ["vnet0"] });
	const asked = exchangeOf([{ message: "discover", atMs: 0 }], {
		outcome: "unanswered",
	});
	assert.equal(asked.exchange.lastSeen, "ens3");
	assert.ok(!filter.isExchangeWanted(asked.exchange));
	assert.ok(asked.journeys.every((one) => filter.isJourneyWanted(one)));
	assert.ok(filter.isExchangeWanted(asked.exchange));
});

test("ResultFilter knows what nothing is called by", () => {
	const filter = new ResultFilter({
		...none,
		vms: ["VM1", "vnet7", "nobody"],
		interfaces: ["br0", "eth9"],
	});
	filter.noteTopology(hostTopology());
	assert.deepEqual(filter.unknown, {
		vms: ["vnet7", "nobody"],
		interfaces: ["eth9"],
	});
	filter.isJourneyWanted(journey({ copies: [hop("eth9", "out", 1)] }));
	assert.deepEqual(filter.unknown.interfaces, []);
});

test("isJourneyWanted() takes the first and the last nanosecond", () => {
	assert.ok(isWanted({ since: start, until: start }));
	assert.ok(!isWanted({ since: addNs(start, 1) }));
	assert.ok(!isWanted({ until: addNs(start, -1) }));
});

test("isJourneyWanted() wants all that is asked for at once", () => {
	assert.ok(!isWanted({ protocols: ["icmp"], interfaces: ["vnet7"] }));
	assert.ok(isWanted({ protocols: ["icmp"], interfaces: ["vnet0"] }));
});

test("checkFilters() refuses an end before the beginning", () => {
	checkFilters({ ...none, since: start, until: start });
	const until = addNs(start, -1);
	assert.throws(() => checkFilters({ ...none, since: start, until }), {
		name: "Failure",
		message: "--since is later than --until: nothing lies between",
	});
});

const question: Frame = {
	protocol: "arp",
	direction: null,
	interfaceIndex: null,
	ethernet: { source: "52:54:00:cd:76:3a", destination: "ff:ff:ff:ff:ff:ff" },
	vlans: [],
	arp: {
		operation: 1,
		senderMac: "52:54:00:cd:76:3a",
		senderIp: "192.168.100.99",
		targetMac: "00:00:00:00:00:00",
		targetIp: "192.168.100.1",
	},
	ipv4: null,
	udp: null,
	icmp: null,
	dhcp: null,
	bodyStart: 14,
	bodyEnd: 42,
	problem: null,
};

test("isFrameWanted() goes by what the frame and its interface say", () => {
	const isFrame = (filters: Partial<Filters>) =>
		new ResultFilter({ ...none, ...filters }).isFrameWanted(
			question,
			start,
			"vnet0",
		);
	assert.ok(isFrame({}));
	assert.ok(isFrame({ protocols: ["arp"] }));
	assert.ok(!isFrame({ protocols: ["dhcp", "icmp"] }));
	assert.ok(isFrame({ interfaces: ["vnet0"] }));
	assert.ok(!isFrame({ interfaces: ["br0"] }));
	for (const vm of ["5254.00cd.763a", "vnet0", "192.168.100.1"]) {
		assert.ok(isFrame({ vms: [vm] }), vm);
	}
	assert.ok(!isFrame({ vms: ["192.168.100.2"] }));
});

test("isFrameWanted() leaves a frame without a time out of a span of time", () => {
	const isFrame = (filters: Partial<Filters>) =>
		new ResultFilter({ ...none, ...filters }).isFrameWanted(
			question,
			null,
			null,
		);
	assert.ok(isFrame({}));
	assert.ok(!isFrame({ since: start }));
	assert.ok(!isFrame({ until: start }));
});

const file = fixture("two-dhcp-clients", "ports.pcapng");
type Objects = readonly Record<string, unknown>[];
const journeysOf = (objects: Objects) =>
	objects.filter(({ type }) => type === "journey");

/** The same options choose from the same journeys: ids and outcomes stay what they are. */
test("filters choose what is shown, never what is traced", async () => {
	const all = await replayJson(file);
	const journeys = journeysOf(all);
	const chosen: readonly (readonly [string[], (of: Objects[0]) => boolean])[] =
		[
			[["--protocol", "dhcp"], ({ protocol }) => protocol === "dhcp"],
			[
				["--protocol", "arp", "--protocol", "icmp"],
				({ protocol }) => protocol !== "dhcp",
			],
			[
				["--interface", "vnet0"],
				({ hops, copies }) => /"vnet0"/.test(JSON.stringify([hops, copies])),
			],
		];
	for (const [options, isChosen] of chosen) {
		const objects = await replayJson(...options, file);
		const expected = journeys.filter(isChosen);
		assert.deepEqual(journeysOf(objects), expected);
		assert.ok(expected.length > 0 && expected.length < journeys.length);
		assert.deepEqual(objects.at(-1), all.at(-1));
	}
});

test("--since and --until cut where the journeys begin", async () => {
	const journeys = journeysOf(await replayJson(file));
	const begun = ({ hops }: Objects[0]) =>
		BigInt((hops as { tsNs: string }[])[0]?.tsNs ?? "");
	const middle = journeys[Math.floor(journeys.length / 2)];
	assert.ok(middle);
	const at = begun(middle);
	const digits = String(at).padStart(10, "0");
	const time = `${digits.slice(0, -9)}.${digits.slice(-9)}`;
	assert.deepEqual(
		journeysOf(await replayJson("--since", time, file)),
		journeys.filter((journey) => begun(journey) >= at),
	);
	assert.deepEqual(
		journeysOf(await replayJson("--until", time, file)),
		journeys.filter((journey) => begun(journey) <= at),
	);
});

test("--limit shows the first results, and says that it ended there", async () => {
	const all = await replayJson("--protocol", "icmp", file);
	const results = ({ type }: Objects[0]) =>
		type !== "meta" && type !== "summary";
	for (const limit of [1, 3]) {
		const some = await replayJson(
			"--protocol",
			"icmp",
			"--limit",
			String(limit),
			file,
		);
		assert.deepEqual(some.filter(results), all.filter(results).slice(0, limit));
		assert.equal(some.at(-1)?.reason, "limit reached");
	}
	assert.equal(all.at(-1)?.reason, "end of capture");
});
