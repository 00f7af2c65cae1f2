import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elapsedNs, formatTimeNs } from "../../src/model/capture.js";
import type { Hop, Journey } from "../../src/model/journey.js";
import {
	cutAt,
	isForwarded,
	portNames,
	rename,
	renaming,
	replaceMacs,
	shiftClock,
	shuffle,
	subsets,
} from "./changed-recordings.js";
import {
	inOrder,
	keepFrames,
	loadScenarios,
	mapTimes,
	namedRecordings,
	play,
	portNameOf,
	type Recording,
	type Scenario,
} from "./recording.js";

const scenarios = await loadScenarios();
const healthy = scenarios.filter(({ truth }) => truth.fault === null);

describe("no frame of a healthy capture is lost", () => {
	forEach(healthy, "in any stretch from its begin", (recording) => {
		const { frames } = inOrder(recording);
		for (let length = 1; length < frames.length; length += 2) {
			expectNoLost({ ...recording, frames: frames.slice(0, length) });
		}
	});

	forEach(healthy, "in any stretch to its end", (recording) => {
		const { frames } = inOrder(recording);
		for (let start = 1; start < frames.length; start += 3) {
			expectNoLost({ ...recording, frames: frames.slice(start) });
		}
	});

	forEach(healthy, "in the records of a file that was cut", (recording) => {
		const { frames } = recording;
		for (let length = 1; length < frames.length; length += 3) {
			expectNoLost({ ...recording, frames: frames.slice(0, length) });
		}
	});

	forEach(healthy, "seen by any of its interfaces", (recording) => {
		for (const names of subsets(portNames(recording))) {
			const seen = keepFrames(inOrder(recording), (frame) =>
				names.includes(portNameOf(recording, frame) ?? ""),
			);
			expectNoLost(seen);
		}
	});

	forEach(healthy, "with times of milliseconds", (recording) => {
		const coarse = mapTimes(recording, ({ seconds, nanos }) => ({
			seconds,
			nanos: nanos - (nanos % 1e6),
		}));
		expectNoLost(coarse);
	});

	forEach(healthy, "with a bridge that is not promiscuous", (recording) => {
		expectNoLost(keepFrames(recording, (frame) => !isForwarded(frame)));
	});

	for (const shift of [5e6, -5e6, 8e8, -8e8, 3e9, -3e9, 50e9, -50e9]) {
		test(`with one clock ${shift / 1e9} s ahead`, () => {
			for (const { perInterface } of healthy) {
				for (const source of perInterface.sources.keys()) {
					expectNoLost(shiftClock(perInterface, source, shift));
				}
			}
		});
	}

	for (const length of [20, 40, 60, 96]) {
		forEach(healthy, `cut at ${length} bytes at one port`, (recording) => {
			for (const name of portNames(recording)) {
				expectNoLost(cutAt(recording, name, length, true));
				expectNoLost(cutAt(recording, name, length, false));
			}
		});
	}
});

describe("what is found out does not depend on", () => {
	forEach(scenarios, "times below a microsecond", (recording) => {
		const rounded = mapTimes(recording, ({ seconds, nanos }) => ({
			seconds,
			nanos: nanos - (nanos % 1000),
		}));
		assert.deepEqual(outcomes(rounded, 3), outcomes(recording, 3));
	});

	test("which MAC addresses the cards have", () => {
		for (const scenario of scenarios) {
			const { vms, host, router } = scenario.truth;
			const cards = [...vms, host, router].map(({ mac }) => mac);
			const macs = new Map(
				cards.map((mac, at) => [mac, `02:00:5e:10:20:${at + 10}`]),
			);
			const translate = (line: string) =>
				cards.reduce(
					(text, mac) => text.replace(mac, macs.get(mac) ?? mac),
					line,
				);
			for (const recording of namedRecordings(scenario)) {
				const replaced = replaceMacs(recording, macs);
				const expected = outcomes(recording).map(translate).sort();
				assert.deepEqual(outcomes(replaced), expected, recording.name);
			}
		}
	});

	forEach(scenarios, "the order in which frames arrive", (recording) => {
		const expected = outcomes(recording);
		for (const seed of [1, 2, 3, 4, 5]) {
			assert.deepEqual(outcomes(shuffle(recording, seed)), expected);
		}
	});
});

describe("interfaces with names that tell nothing", () => {
	for (const naming of [
		["web-lan", "db-lan", "lan", "wlp3s0"],
		["web-lan", "db-lan", "lan", "outside"],
		["z", "y", "a", "b"],
		["a", "b", "z", "y"],
	]) {
		forEach(scenarios, naming.join(" "), (recording) => {
			const names = renaming(portNames(recording), naming);
			const renamed = rename(recording, names);
			const known = new Map(
				play(inOrder(recording)).journeys.map((j) => [keyOf(j), j]),
			);
			for (const journey of play(inOrder(renamed)).journeys) {
				const before = known.get(keyOf(journey));
				if (journey.outcome === "lost") {
					assert.equal(before?.outcome, "lost", describeJourney(journey));
				}
			}
			expectDirections(renamed, recording, names);
		});
	}
});

// Where the bridge answers itself, frames of the same bytes come from nowhere.
const passing = healthy.filter(({ truth }) => truth.name !== "proxied-arp");

describe("an egress that is missing", () => {
	forEach(passing, "is a loss there, or a doubt, and nothing else", (one) => {
		const recording = inOrder(one);
		const before = play(recording).journeys;
		for (const journey of before.filter(isDelivered)) {
			const rest = dropEgress(recording, journey);
			assert.equal(rest.frames.length, recording.frames.length - 1);
			expectOnlyChange(before, play(rest).journeys, journey);
		}
	});
});

describe("two egresses that are missing", () => {
	test("are losses or doubts of their own, each at its port", () => {
		for (const { pcapng, sll2 } of passing) {
			for (const recording of [inOrder(pcapng), inOrder(sll2)]) {
				const before = play(recording).journeys.filter(isDelivered);
				const [first, ...others] = before;
				const second = others.find(({ message }) => message !== first?.message);
				assert.ok(first && second);
				const rest = [first, second].reduce(dropEgress, recording);
				const found = new Map(
					play(rest).journeys.map((journey) => [keyOf(journey), journey]),
				);
				for (const journey of [first, second]) {
					const now = found.get(keyOf(journey));
					assert.ok(now, describeJourney(journey));
					assert.notEqual(now.outcome, "delivered", describeJourney(now));
					const missing = journey.hops.at(-1)?.interface;
					assert.ok(now.outcome !== "lost" || now.firstMissing === missing);
				}
			}
		}
	});
});

/** Leaves out the record of where a journey ended. */
function dropEgress(recording: Recording, { hops }: Journey): Recording {
	const egress = hops.at(-1);
	return keepFrames(
		recording,
		(frame) =>
			portNameOf(recording, frame) !== egress?.interface ||
			frame.time === null ||
			elapsedNs(frame.time, egress.time) !== 0,
	);
}

/** Where a name told nothing, the direction is the same as with names, or null. */
function expectDirections(
	renamed: Recording,
	recording: Recording,
	names: ReadonlyMap<string, string>,
): void {
	const known = new Map(
		allHops(recording).map((hop) => [
			`${names.get(hop.interface ?? "")} ${formatTimeNs(hop.time)}`,
			hop.direction,
		]),
	);
	for (const hop of allHops(renamed)) {
		const key = `${hop.interface} ${formatTimeNs(hop.time)}`;
		const told = known.get(key) ?? null;
		if (told !== null && hop.direction !== null) {
			assert.equal(hop.direction, told, key);
		}
	}
}

function allHops(recording: Recording): Hop[] {
	const { journeys } = play(inOrder(recording));
	return journeys.flatMap(({ hops, copies }) => [...hops, ...copies]);
}

function forEach(
	all: readonly Scenario[],
	what: string,
	check: (recording: Recording) => void,
): void {
	test(what, () => {
		for (const scenario of all) {
			for (const recording of namedRecordings(scenario)) {
				try {
					check(recording);
				} catch (error) {
					(error as Error).message =
						`${recording.name}: ${(error as Error).message}`;
					throw error;
				}
			}
		}
	});
}

function expectNoLost(recording: Recording): void {
	for (const journey of play(recording).told) {
		assert.notEqual(journey.outcome, "lost", describeJourney(journey));
	}
}

function isDelivered({ outcome, hops }: Journey): boolean {
	return outcome === "delivered" && hops.at(-1)?.direction === "out";
}

/**
 * One journey is lost before the port it lacks now, or in doubt; all others are as they
 * were, or in doubt where the missing frame was what told something about them.
 */
function expectOnlyChange(
	before: readonly Journey[],
	after: readonly Journey[],
	journey: Journey,
): void {
	const found = new Map(after.map((other) => [keyOf(other), other]));
	for (const other of before) {
		const now = found.get(keyOf(other));
		assert.ok(now, `${describeJourney(other)} is not there any more`);
		if (other === journey) {
			assert.notEqual(now.outcome, "delivered", describeJourney(now));
			if (now.outcome === "lost") {
				assert.equal(now.firstMissing, journey.hops.at(-1)?.interface);
			}
		} else if (now.outcome !== "inconclusive") {
			assert.equal(now.outcome, other.outcome, describeJourney(now));
		}
	}
}

function outcomes(recording: Recording, digitsLess = 0): string[] {
	return play(recording)
		.journeys.map((journey) =>
			[
				keyOf(journey).slice(0, -digitsLess || undefined),
				journey.outcome,
				journey.lastSeen,
				journey.firstMissing,
				journey.reason,
				...journey.hops.map((hop) => `${hop.interface}${hop.direction}`),
				...journey.copies.map((hop) => `${hop.interface}${hop.direction}`),
			].join(" "),
		)
		.sort();
}

/** A journey by what it is and when it began. */
function keyOf({ summary, hops }: Journey): string {
	const times = hops.map(({ time }) => formatTimeNs(time)).sort();
	return `${summary} ${times[0]}`;
}

function describeJourney(journey: Journey): string {
	const hops = journey.hops.map((hop) => `${hop.interface} ${hop.direction}`);
	return `${journey.summary}: ${hops.join(", ")}: ${journey.outcome}, ${journey.lastSeen} to ${journey.firstMissing}: ${journey.reason}`;
}
