import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LogHandle } from "../../src/capture-file/event-log.js";
import { PcapngWriter } from "../../src/capture-file/pcapng-writer.js";
import {
	addNs,
	elapsedNs,
	formatTimeNs,
	type LogTime,
	linkType,
} from "../../src/model/capture.js";
import type { HostDocumentType, Json } from "../../src/model/host-document.js";
import {
	fateOfExchange,
	fateOfJourney,
	markVerdict,
} from "../accuracy/construction.js";
import type { Truth } from "../lab/truth.js";
import { playBytes, type Told } from "./event-log.js";
import { type HostPort, ipLink, virshDomains } from "./host.js";
import {
	inOrder,
	keepFrames,
	loadScenarios,
	play,
	type Recording,
	type Scenario,
} from "./recording.js";

const scenarios = await loadScenarios();
const tickNs = 100_000_000;
const uplinkGone = "uplink-not-in-bridge";

/** What a recorder would have written of a scenario, had it been there. */
function toEventLog(
	{ truth }: Scenario,
	recording: Recording,
	hasHost: boolean,
): Buffer {
	const log = new PcapngWriter({ application: "vmpath", system: null });
	const handles = new Map<string, LogHandle>();
	const frames = inOrder(recording).frames;
	const start = frames[0]?.time ?? { seconds: 0, nanos: 0 };
	const before = addNs(start, -1e9);
	const addDocument = (type: HostDocumentType, source: string, output: Json) =>
		log.addDocument({ type, statements: [{ source, output, gap: null }] }, now);
	let now: LogTime = before;
	addDocument("capture", "vmpath record", captureState(recording, before));
	if (hasHost) {
		addDocument("host-links", "ip -d -j link show", linksOf(truth, false));
		addDocument("host-domains", "virsh dumpxml", domainsOf(truth));
	}
	let isGone = false;
	const goOn = (until: LogTime) => {
		while (elapsedNs(now, until) > tickNs) {
			now = addNs(now, tickNs);
			const since = BigInt(truth.fault?.sinceNs ?? "0");
			const isDue = BigInt(formatTimeNs(now)) > since;
			if (hasHost && truth.fault?.cause === uplinkGone && isDue && !isGone) {
				isGone = true;
				addDocument("host-links", "ip -d -j link show", linksOf(truth, true));
			}
			const monotonic = { ...now, seconds: now.seconds - before.seconds };
			log.addTick({ until: now, dropsTotal: 0, monotonic });
		}
	};
	for (const { time, bytes, length, direction, interface: port } of frames) {
		const name = `${port.name}`;
		if (time !== null) {
			goOn(time);
			const handle =
				handles.get(name) ??
				log.addPort({
					name,
					description: null,
					linkType: linkType.ethernet,
					snapLength: 262_144,
					filter: null,
				});
			handles.set(name, handle);
			log.addFrame(handle, {
				...time,
				bytes: Buffer.from(bytes),
				start: 0,
				captured: bytes.length,
				length,
				flags: direction === null ? 0 : direction === "in" ? 1 : 2,
			});
		}
	}
	const last = frames.at(-1)?.time ?? start;
	goOn(addNs(last, tickNs * 2));
	return log.takeBytes();
}

function captureState({ interfaces }: Recording, since: LogTime): Json {
	return {
		engine: "packet",
		time: "kernel",
		countsDrops: true,
		filter: null,
		interfaces: interfaces.map(({ name }, index) => ({
			name: `${name}`,
			index,
			sinceNs: formatTimeNs(since),
			untilNs: null,
			isPromiscuous: false,
		})),
	};
}

function linksOf({ ports }: Truth, isUplinkGone: boolean): Json {
	const kinds = { tap: "tap", bridge: "bridge", uplink: "card" } as const;
	return ipLink(
		ports.map(
			({ name, role, bridge, mac }): HostPort => ({
				name,
				kind: kinds[role as keyof typeof kinds],
				master: role === "uplink" && isUplinkGone ? null : bridge,
				mac,
			}),
		),
	);
}

function domainsOf({ vms }: Truth): Json {
	return virshDomains(vms.map(({ name, mac, tap }) => [name, mac, tap]));
}

interface Marks {
	right: number;
	inconclusive: number;
	readonly wrong: string[];
}

function mark(
	truth: Truth,
	{ journeys, exchanges }: Pick<Told, "journeys" | "exchanges">,
): Marks {
	const marks: Marks = { right: 0, inconclusive: 0, wrong: [] };
	const verdicts = [
		...journeys.map((one) => ({ one, fate: fateOfJourney(truth, one) })),
		...exchanges.map((one) => ({ one, fate: fateOfExchange(truth, one) })),
	];
	for (const { one, fate } of verdicts) {
		const found = fate && markVerdict(one, fate);
		if (found === "wrong") {
			marks.wrong.push(`${one.summary}: ${one.outcome}, ${one.lastSeen}`);
		} else if (found) {
			marks[found] += 1;
		}
	}
	return marks;
}

describe("a live log of a healthy course", () => {
	test("loses nothing wherever it is cut, nor with any of its ports", async () => {
		for (const scenario of scenarios.filter(({ truth }) => !truth.fault)) {
			const whole = inOrder(scenario.pcapng);
			const { frames, interfaces } = whole;
			const parts = [
				...[0.1, 0.3, 0.5, 0.7, 0.9].flatMap((share) => {
					const at = Math.floor(frames.length * share);
					return [
						{ ...whole, frames: frames.slice(0, at) },
						{ ...whole, frames: frames.slice(at) },
					];
				}),
				...interfaces.map((port) => ({
					...keepFrames(whole, (frame) => frame.interface.id !== port.id),
					interfaces: interfaces.filter((other) => other !== port),
				})),
			];
			for (const recording of parts) {
				const bytes = toEventLog(scenario, recording, true);
				for (const end of [bytes.length, Math.floor(bytes.length * 0.8)]) {
					const { journeys } = await playBytes(bytes.subarray(0, end));
					for (const { outcome, summary } of journeys) {
						assert.notEqual(outcome, "lost", summary);
					}
				}
			}
		}
	});
});

for (const scenario of scenarios) {
	const { truth, pcapng, pcapngLinks } = scenario;
	describe(`${truth.name}, recorded live`, () => {
		test("is judged as a saved capture is", async () => {
			const played = await playBytes(toEventLog(scenario, pcapng, false));
			const marks = mark(truth, played);
			assert.deepEqual(marks.wrong, []);
			assert.deepEqual(marks, mark(truth, play(inOrder(pcapng))));
		});

		test("is judged no worse when the host says how it is made", async () => {
			const played = await playBytes(toEventLog(scenario, pcapng, true));
			const marks = mark(truth, played);
			assert.deepEqual(marks.wrong, []);
			const saved = mark(truth, play(inOrder(pcapngLinks)));
			// Around the time at which the uplink leaves its bridge, nothing can be told.
			const doubtful = truth.fault?.cause === uplinkGone ? 5 : 0;
			assert.ok(marks.right + doubtful >= saved.right);
			const names: readonly string[] = truth.vms.map(({ name }) => name);
			for (const { mac, vm } of played.journeys) {
				const isVm = truth.vms.some((each) => each.mac === mac);
				assert.equal(isVm, vm !== null && names.includes(vm));
			}
		});
	});
}
