import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatTimeNs } from "../../src/model/capture.js";
import type { Journey } from "../../src/model/journey.js";
import {
	fateOfExchange,
	fateOfJourney,
	markVerdict,
} from "../accuracy/construction.js";
import type { Truth } from "../lab/truth.js";
import {
	inOrder,
	loadScenarios,
	namedRecordings,
	type Played,
	play,
	type Recording,
	type Scenario,
} from "./recording.js";

const scenarios = await loadScenarios();

for (const scenario of scenarios) {
	const { truth } = scenario;
	describe(`${truth.name}: ${truth.what}`, () => {
		for (const recording of namedRecordings(scenario)) {
			const played = play(recording);
			test(`${recording.sources[0]}: nothing is lost but by the fault`, () => {
				for (const journey of played.told) {
					assert.ok(isByFault(journey, truth), describeJourney(journey));
				}
			});

			test(`${recording.sources[0]}: what VMs send and get is delivered`, () => {
				checkDelivered(played, truth);
			});

			test(`${recording.sources[0]}: each frame is in one journey, once`, () => {
				checkFrames(played, recording);
			});

			if (truth.fault !== null) {
				test(`${recording.sources[0]}: the fault shows where it is`, () => {
					checkFault(played, truth);
				});
			}
		}
	});
}

test("a capture without interfaces loses nothing and sees nothing twice", () => {
	const recordings = scenarios.flatMap(({ sll }) => sll ?? []);
	assert.ok(recordings.length > 0);
	for (const recording of recordings) {
		const { journeys } = play(recording);
		assert.deepEqual(
			new Set(journeys.map(({ reason }) => reason)),
			new Set(["the capture does not name its interfaces (SLL)"]),
		);
		const summaries = journeys.map(({ summary, hops }) => [
			summary,
			hops[0]?.time.seconds,
		]);
		assert.equal(
			new Set(summaries.map(String)).size,
			journeys.length,
			"one journey a frame",
		);
	}
});

test("all recordings of one course together lose nothing", () => {
	for (const scenario of scenarios.filter(({ truth }) => !truth.fault)) {
		const { journeys } = play(inOrder(together(scenario)));
		for (const journey of journeys) {
			assert.notEqual(journey.outcome, "lost", describeJourney(journey));
		}
	}
});

function isByFault(journey: Journey, { fault }: Truth): boolean {
	if (journey.outcome !== "lost") {
		return true;
	}
	return (
		fault !== null &&
		journey.firstMissing !== null &&
		startNs(journey) >= BigInt(fault.sinceNs)
	);
}

/** How many frames nothing in the capture can tell of, delivered as they were. */
function doubtful({ name }: Truth): number {
	switch (name) {
		case "proxied-arp":
			// The bridge answered: whether the question would have got out is not told.
			return 1;
		case "nat-errors":
			// SLL2 has no destination MAC address, and nothing was routed before.
			return 2;
		default:
			return 0;
	}
}

function describeAll(journeys: readonly Journey[]): string {
	return journeys.map(describeJourney).join("\n");
}

/** Without directions, the host is not told from a machine behind another port. */
function checkDelivered({ journeys }: Played, truth: Truth): void {
	const since = BigInt(truth.fault?.sinceNs ?? "9999999999999999999");
	const macs = truth.vms.map(({ mac }) => mac);
	const own = journeys.filter(
		(journey) =>
			macs.includes(journey.mac ?? "") &&
			startNs(journey) < since &&
			!truth.host.ips.includes(journey.addresses.destination ?? ""),
	);
	assert.ok(own.length > 2 || truth.name === "server-silent");
	const unsure = own.filter(({ outcome }) => outcome === "inconclusive");
	assert.ok(unsure.length <= doubtful(truth), describeAll(unsure));
	for (const journey of own.filter((each) => !unsure.includes(each))) {
		assert.equal(journey.outcome, "delivered", describeJourney(journey));
	}
}

function checkFrames({ journeys }: Played, recording: Recording): void {
	const hops = journeys.flatMap((journey) => [
		...journey.hops,
		...journey.copies,
	]);
	assert.equal(hops.length, recording.frames.length);
}

/** What is said is what the construction has, and the fault is among it. */
function checkFault({ journeys, exchanges }: Played, truth: Truth): void {
	const verdicts = [
		...journeys.map((one) => ({ one, fate: fateOfJourney(truth, one) })),
		...exchanges.map((one) => ({ one, fate: fateOfExchange(truth, one) })),
	];
	let found = 0;
	for (const { one, fate } of verdicts) {
		const mark = fate && markVerdict(one, fate);
		assert.notEqual(mark, "wrong", `${one.summary}: ${one.outcome}`);
		const isFault = fate !== null && fate.outcome !== "delivered";
		found += isFault && mark === "right" ? 1 : 0;
	}
	assert.ok(found > 0, "the fault was not found");
}

/** The files of a scenario as if they were all named on one command line. */
function together(scenario: Scenario): Recording {
	const all = namedRecordings(scenario);
	const first = all[0] as Recording;
	let merged: Recording = {
		...first,
		interfaces: [],
		frames: [],
		sources: [],
		disorderNs: [],
	};
	for (const recording of all) {
		const sourceBase = merged.sources.length;
		const idBase = merged.interfaces.length;
		const interfaces = recording.interfaces.map((description) => ({
			...description,
			id: description.id + idBase,
			source: description.source + sourceBase,
		}));
		merged = {
			...merged,
			sources: [...merged.sources, ...recording.sources],
			disorderNs: [...merged.disorderNs, ...recording.disorderNs],
			interfaces: [...merged.interfaces, ...interfaces],
			frames: [
				...merged.frames,
				...recording.frames.map((frame) => ({
					...frame,
					interface: interfaces[frame.interface.id] ?? frame.interface,
				})),
			],
		};
	}
	return merged;
}

function startNs({ hops }: Journey): bigint {
	const times = hops.map(({ time }) => formatTimeNs(time)).sort();
	return BigInt(times[0] ?? 0);
}

function describeJourney(journey: Journey): string {
	const hops = journey.hops.map((hop) => `${hop.interface} ${hop.direction}`);
	return `${journey.summary}: ${hops.join(", ")}: ${journey.outcome}, ${journey.lastSeen} to ${journey.firstMissing}: ${journey.reason}`;
}
