import assert from "node:assert/strict";
import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createGunzip } from "node:zlib";
import fc from "fast-check";
import { readLog } from "../../src/capture-file/read-log.js";
import type { CaptureSink } from "../../src/capture-file/sink.js";
import type { CapturedFrame } from "../../src/model/capture.js";
import type { Journey } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { Session } from "../../src/trace/session.js";
import { writeJourney } from "./notation.js";

/** One thing that a reader hands on. */
type Step =
	| { readonly kind: "frame"; readonly frame: CapturedFrame }
	| { readonly kind: "tick" | "other"; readonly play: Play };

type Play = (sink: CaptureSink) => void;

const root = "fixtures/faults";
/** Ticks come every 100 to 200 ms; what is later than five seconds finds its trip no more. */
const latestTicks = 24;
const name = makeSafe("log.pcapng");

/** All that is read of a log, in its order. */
async function loadSteps(directory: string): Promise<readonly Step[]> {
	const steps: Step[] = [];
	const other = (play: Play) => steps.push({ kind: "other", play });
	const sink: CaptureSink = {
		addInterface: (...told) => other((to) => to.addInterface(...told)),
		addFrame: (frame) =>
			steps.push({
				kind: "frame",
				frame: { ...frame, bytes: Uint8Array.from(frame.bytes) },
			}),
		setDrops: (...told) => other((to) => to.setDrops(...told)),
		addDocument: (...told) => other((to) => to.addDocument(...told)),
		addTick: (...told) =>
			steps.push({ kind: "tick", play: (to) => to.addTick(...told) }),
		addComment: () => {},
		addDamage: () => {},
		setProgress: (source, span, hasEnded) => {
			const then = { ...span };
			other((to) => to.setProgress(source, then, hasEnded));
		},
	};
	const path = join(root, directory, "log.pcapng.gz");
	const chunks = createReadStream(path).pipe(createGunzip());
	await readLog(
		[{ name, interfaceName: name, chunks }],
		sink,
		() => true,
		() => true,
	);
	return steps;
}

/** Each journey as often as it was told. */
function play(steps: readonly Step[]): Journey[] {
	const told: Journey[] = [];
	const session = new Session({
		sources: [name],
		indexNames: new Map(),
		hostMacs: new Map(),
		events: {
			onFrame: () => {},
			onComment: () => {},
			onNotice: () => {},
			onJourney: (journey) => told.push(journey),
			onExchange: () => {},
			onDocument: () => {},
			onTopology: () => {},
		},
	});
	for (const step of steps) {
		if (step.kind === "frame") {
			session.addFrame(step.frame);
		} else {
			step.play(session);
		}
	}
	session.finish();
	return told;
}

/** Puts frames behind a later tick. @param late by how many ticks, by the frames' places */
function delay(
	steps: readonly Step[],
	late: ReadonlyMap<number, number>,
): Step[] {
	const waiting: { step: Step; ticks: number }[] = [];
	const delayed: Step[] = [];
	let at = -1;
	for (const step of steps) {
		at += step.kind === "frame" ? 1 : 0;
		const ticks = step.kind === "frame" ? (late.get(at) ?? 0) : 0;
		if (ticks > 0) {
			waiting.push({ step, ticks });
			continue;
		}
		delayed.push(step);
		if (step.kind === "tick") {
			for (const each of waiting) {
				each.ticks -= 1;
			}
			for (const { step: due } of waiting.filter((one) => one.ticks === 0)) {
				delayed.push(due);
			}
			waiting.splice(
				0,
				waiting.length,
				...waiting.filter((one) => one.ticks > 0),
			);
		}
	}
	// The last thing of all is the end of the file.
	delayed.splice(-1, 0, ...waiting.map(({ step }) => step));
	return delayed;
}

function lostOf(told: readonly Journey[]): string[] {
	const latest = new Map(told.map((journey) => [journey.id, journey]));
	return [...latest.values()]
		.filter(({ outcome }) => outcome === "lost")
		.map(writeJourney);
}

type Late = [place: number, ticks: number][];

/** What once made something lost. */
const examples: Readonly<Record<string, Late>> = {
	"healthy-neigh-suppress": [
		[1, 8],
		[2, 1],
	],
};

const healthy = readdirSync(root).filter((one) => one.startsWith("healthy-"));

describe("frames of a healthy log that come behind a later tick", () => {
	for (const directory of healthy) {
		test(`make nothing lost: ${directory}`, async () => {
			const steps = await loadSteps(directory);
			const count = steps.filter(({ kind }) => kind === "frame").length;
			assert.ok(count > 20);
			assert.deepEqual(lostOf(play(steps)), []);
			const known = examples[directory];
			const places = fc.integer({ min: 0, max: count - 1 });
			const ticks = fc.integer({ min: 1, max: latestTicks });
			fc.assert(
				fc.property(
					fc.array(fc.tuple(places, ticks), { minLength: 1, maxLength: 12 }),
					(late) => {
						const told = play(delay(steps, new Map(late)));
						assert.deepEqual(lostOf(told).join("\n"), "");
					},
				),
				{ numRuns: 12, seed: 1, examples: known ? [[known]] : [] },
			);
		});
	}
});
