import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readLog } from "../../src/capture-file/read-log.js";
import { stretch, type TimeSpan } from "../../src/capture-file/sink.js";
import type { Mac } from "../../src/model/address.js";
import {
	type CapturedFrame,
	type CaptureInterface,
	elapsedNs,
	type LogTime,
} from "../../src/model/capture.js";
import type { Exchange } from "../../src/model/exchange.js";
import type { Journey } from "../../src/model/journey.js";
import type { Port } from "../../src/model/port.js";
import { makeSafe, type SafeText } from "../../src/model/safe-text.js";
import { parseBridgeMacs, parseLinks } from "../../src/topology/links.js";
import { Session } from "../../src/trace/session.js";
import type { Notice } from "../../src/trace/session-events.js";
import type { Truth } from "../lab/truth.js";

/** All that a log holds, to be played to a session as it is or changed. */
export interface Recording {
	readonly name: string;
	readonly sources: readonly SafeText[];
	readonly interfaces: readonly CaptureInterface[];
	/** Of all sources; in the order in which they are played. */
	readonly frames: readonly CapturedFrame[];
	/** How far each source may be out of order, in nanoseconds. */
	readonly disorderNs: readonly number[];
	readonly indexNames: ReadonlyMap<number, SafeText>;
	/** Known where the host's links were given; nothing is, in most tests. */
	readonly hostMacs: ReadonlyMap<SafeText, Mac>;
}

/** What a session made of a recording. */
export interface Played {
	/** Each as it was last told, in the order of their ids. */
	readonly journeys: readonly Journey[];
	/** Every journey as often as it was told. */
	readonly told: readonly Journey[];
	/** Each as it was last told, in the order of their ids. */
	readonly exchanges: readonly Exchange[];
	readonly ports: readonly Port[];
	readonly notices: readonly Notice[];
}

const root = "fixtures/scenarios";

/** A scenario as the lab recorded it. */
export interface Scenario {
	readonly truth: Truth;
	readonly perInterface: Recording;
	readonly pcapng: Recording;
	/** The same, and what `ip -o link` says of the host. */
	readonly pcapngLinks: Recording;
	readonly sll2: Recording;
	readonly sll: Recording | null;
}

let loaded: Promise<readonly Scenario[]> | null = null;

/** All scenarios, read once. */
export function loadScenarios(): Promise<readonly Scenario[]> {
	loaded ??= Promise.all(readdirSync(root).map(loadScenario));
	return loaded;
}

/** The ways in which a scenario was recorded, but for SLL, which names no port. */
export function namedRecordings(scenario: Scenario): readonly Recording[] {
	const { perInterface, pcapng, pcapngLinks, sll2 } = scenario;
	return [perInterface, pcapng, pcapngLinks, sll2];
}

async function loadScenario(name: string): Promise<Scenario> {
	const read = (file: string) => readFileSync(join(root, name, file), "utf8");
	const truth = JSON.parse(read("truth.json")) as Truth;
	const { perInterface, pcapng, sll2, sll, links } = truth.recordings;
	const load = (files: readonly string[]) =>
		loadRecording(
			files.map((file) => join(root, name, file)),
			parseLinks(read(links)),
		);
	const ports = await load([pcapng]);
	return {
		truth,
		perInterface: await load(perInterface),
		pcapng: ports,
		pcapngLinks: { ...ports, hostMacs: parseBridgeMacs(read(links)) },
		sll2: await load([sll2]),
		sll: sll === null ? null : await load([sll]),
	};
}

/** Reads files as `vmpath replay` does, every record of them. */
export async function loadRecording(
	paths: readonly string[],
	indexNames: ReadonlyMap<number, SafeText>,
): Promise<Recording> {
	const interfaces: CaptureInterface[] = [];
	const frames: CapturedFrame[] = [];
	const disorderNs: number[] = [];
	const files = paths.map((path) => ({
		name: makeSafe(basename(path)),
		interfaceName: makeSafe(basename(path, ".pcap")),
		chunks: createReadStream(path),
	}));
	const sink = {
		addInterface: (description: CaptureInterface) =>
			interfaces.push(description),
		addFrame: (frame: CapturedFrame) =>
			frames.push({ ...frame, bytes: Uint8Array.from(frame.bytes) }),
		setDrops: () => {},
		addDocument: () => {},
		addTick: () => {},
		addComment: () => {},
		addDamage: () => {},
		setProgress: (source: number, span: TimeSpan) => {
			disorderNs[source] = span.disorderNs;
		},
	};
	await readLog(
		files,
		sink,
		() => true,
		() => true,
	);
	return {
		name: paths.join(" "),
		sources: files.map(({ name }) => name),
		interfaces,
		frames,
		disorderNs,
		indexNames,
		hostMacs: new Map(),
	};
}

/** Plays a recording to a session, frame by frame, as a live log would come. */
export function play(recording: Recording): Played {
	const { sources, indexNames, hostMacs, interfaces, frames, disorderNs } =
		recording;
	const told: Journey[] = [];
	const exchanges: Exchange[] = [];
	const notices: Notice[] = [];
	const events = {
		onFrame: () => {},
		onComment: () => {},
		onJourney: (journey: Journey) => told.push(journey),
		onExchange: (exchange: Exchange) => exchanges.push(exchange),
		onDocument: () => {},
		onTopology: () => {},
		onNotice: (notice: Notice) => notices.push(notice),
	};
	const session = new Session({ sources, indexNames, hostMacs, events });
	const spans = disorderNs.map(
		(ns): TimeSpan => ({ first: null, latest: null, disorderNs: ns }),
	);
	for (const description of interfaces) {
		session.addInterface(description);
	}
	for (const frame of frames) {
		session.addFrame(frame);
		const { source } = frame.interface;
		const span = spans[source];
		if (span !== undefined && frame.time !== null) {
			stretch(span, frame.time);
			session.setProgress(source, span, false);
		}
	}
	for (const [source, span] of spans.entries()) {
		session.setProgress(source, span, true);
	}
	session.finish();
	return {
		journeys: latestOf(told),
		told,
		exchanges: latestOf(exchanges),
		ports: session.ports,
		notices,
	};
}

function latestOf<Item extends { readonly id: number }>(
	told: readonly Item[],
): Item[] {
	const latest = new Map(told.map((item) => [item.id, item]));
	return [...latest.values()].sort((a, b) => a.id - b.id);
}

/** The name of the port of a frame; null where the capture does not tell (SLL). */
export function portNameOf(
	recording: Recording,
	{ interface: { name, linkType }, bytes }: CapturedFrame,
): string | null {
	const sll2 = 276;
	const sll = 113;
	if (linkType === sll) {
		return null;
	}
	if (linkType === sll2) {
		const index = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
		return recording.indexNames.get(index) ?? `if${index}`;
	}
	return name;
}

/** Puts frames in order of time, as files read side by side come near to. */
export function inOrder(recording: Recording): Recording {
	const frames = [...recording.frames].sort((a, b) =>
		a.time && b.time ? elapsedNs(b.time, a.time) : 0,
	);
	return { ...recording, frames };
}

/** Leaves frames out. */
export function keepFrames(
	recording: Recording,
	isKept: (frame: CapturedFrame) => boolean,
): Recording {
	return { ...recording, frames: recording.frames.filter(isKept) };
}

/** Gives frames other times. */
export function mapTimes(
	recording: Recording,
	change: (time: LogTime, frame: CapturedFrame) => LogTime,
): Recording {
	const frames = recording.frames.map((frame) =>
		frame.time === null ? frame : { ...frame, time: change(frame.time, frame) },
	);
	return { ...recording, frames };
}
