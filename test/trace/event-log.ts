import type { LogHandle } from "../../src/capture-file/event-log.js";
import { PcapngWriter } from "../../src/capture-file/pcapng-writer.js";
import { readLog } from "../../src/capture-file/read-log.js";
import { addNs, formatTimeNs, linkType } from "../../src/model/capture.js";
import type { Exchange } from "../../src/model/exchange.js";
import type {
	HostDocumentType,
	HostStatement,
	Json,
} from "../../src/model/host-document.js";
import type { Journey } from "../../src/model/journey.js";
import type { LetGo } from "../../src/model/let-go.js";
import type { Port } from "../../src/model/port.js";
import { makeSafe } from "../../src/model/safe-text.js";
import type { Topology } from "../../src/model/topology.js";
import { Session } from "../../src/trace/session.js";
import { begin, writeFrames, writeJourney } from "./notation.js";

/** A port of the recording; times are in milliseconds after the begin. */
export interface RecordedPort {
	readonly name: string;
	readonly sinceMs?: number;
	readonly untilMs?: number;
	readonly isPromiscuous?: boolean;
}

/** All that a session told of a log, in order, and what there was in the end. */
export interface Told {
	readonly events: readonly unknown[];
	/** Each as it was told last. */
	readonly journeys: readonly Journey[];
	readonly exchanges: readonly Exchange[];
	readonly notices: readonly string[];
	readonly topologies: readonly Topology[];
	readonly ports: readonly Port[];
	readonly letGo: LetGo;
}

const outward = 2;
const inward = 1;

/** Writes an event log as a recorder does, thing by thing; times are after the begin. */
export class EventLogScript {
	readonly #log = new PcapngWriter({ application: "vmpath", system: null });
	readonly #handles = new Map<string, LogHandle>();
	readonly #dropped = new Map<string, number>();
	/** What the monotonic clock has before the real one, in milliseconds. */
	#monotonicMs = 0;

	/** The recorder says what it captures. */
	capture(
		ports: readonly RecordedPort[],
		more: { countsDrops?: boolean; filter?: string } = {},
	): this {
		const at = (ms: number) => formatTimeNs(addNs(begin, ms * 1e6));
		const interfaces = ports.map(
			({ name, sinceMs = -100_000, untilMs, isPromiscuous = false }, at_) => ({
				name,
				index: at_ + 2,
				sinceNs: at(sinceMs),
				untilNs: untilMs === undefined ? null : at(untilMs),
				isPromiscuous,
			}),
		);
		const { countsDrops = true, filter = null } = more;
		const state = { engine: "packet", time: "kernel", countsDrops, filter };
		return this.document("capture", 0, "vmpath record", {
			...state,
			interfaces,
		});
	}

	/** The host says something, as its tool does. */
	document(
		type: HostDocumentType,
		atMs: number,
		source: string,
		output: Json,
	): this {
		return this.statements(type, atMs, [[source, output]]);
	}

	/** The same of several tools that one document has. */
	statements(
		type: HostDocumentType,
		atMs: number,
		said: readonly (readonly [source: string, output: Json])[],
	): this {
		const statements = said.map(
			([source, output]): HostStatement => ({ source, output, gap: null }),
		);
		this.#log.addDocument({ type, statements }, addNs(begin, atMs * 1e6));
		return this;
	}

	/** Frames in the notation's words, in the order in which they are written. */
	frames(text: string): this {
		for (const { port, direction, time, bytes } of writeFrames(text)) {
			this.#log.addFrame(this.#handleOf(port), {
				...time,
				bytes: Buffer.from(bytes),
				start: 0,
				captured: bytes.length,
				length: bytes.length,
				flags: direction === null ? 0 : direction === "out" ? outward : inward,
			});
		}
		return this;
	}

	/** All before a time was written. @param ms the real clock; the other one goes on with it */
	tick(ms: number): this {
		const counts = [...this.#dropped.values()];
		this.#log.addTick({
			until: addNs(begin, ms * 1e6),
			dropsTotal: counts.reduce((sum, count) => sum + count, 0),
			monotonic: addNs(
				{ seconds: 5000, nanos: 0 },
				(ms + this.#monotonicMs) * 1e6,
			),
		});
		return this;
	}

	/** Ticks every 100 ms. */
	ticks(fromMs: number, toMs: number): this {
		for (let ms = fromMs; ms <= toMs; ms += 100) {
			this.tick(ms);
		}
		return this;
	}

	/** The real clock is set by so much. */
	jump(ms: number): this {
		this.#monotonicMs -= ms;
		return this;
	}

	/** The kernel's counter of an interface was read. */
	drops(name: string, atMs: number, dropped: number): this {
		this.#dropped.set(name, dropped);
		this.#log.addStatistics(this.#handleOf(name), {
			at: addNs(begin, atMs * 1e6),
			received: dropped,
			dropped,
		});
		return this;
	}

	/** Frames are lost that no interface's counter has. */
	countAnywhere(count: number): this {
		this.#dropped.set("", count);
		return this;
	}

	/** What follows goes into another file. */
	rotate(): this {
		this.#log.beginSection();
		return this;
	}

	/** The bytes so far. */
	take(): Buffer {
		return this.#log.takeBytes();
	}

	/** What a session makes of the log. */
	play(chunkLength?: number): Promise<Told> {
		return playBytes(this.take(), chunkLength);
	}

	/** As `play`, one line of text a journey that began after the begin. */
	async trace(): Promise<string[]> {
		const { journeys } = await this.play();
		return journeys
			.filter(
				({ hops: [first] }) => (first?.time.seconds ?? 0) >= begin.seconds,
			)
			.map(writeJourney);
	}

	#handleOf(name: string): LogHandle {
		const handle =
			this.#handles.get(name) ??
			this.#log.addPort({
				name,
				description: null,
				linkType: linkType.ethernet,
				snapLength: 262_144,
				filter: null,
			});
		this.#handles.set(name, handle);
		return handle;
	}
}

/** Plays the bytes of a log to a session, in chunks of one length. */
export function playBytes(
	bytes: Buffer,
	chunkLength = bytes.length,
	topology: Topology | null = null,
): Promise<Told> {
	return playFiles([bytes], chunkLength, topology);
}

/** Plays several files to one session: `log.pcapng`, `log-1.pcapng`, … */
export async function playFiles(
	contents: readonly Buffer[],
	chunkLength: number,
	topology: Topology | null = null,
): Promise<Told> {
	const events: unknown[] = [];
	const journeys = new Map<number, Journey>();
	const exchanges = new Map<number, Exchange>();
	const notices: string[] = [];
	const topologies: Topology[] = [];
	const names = contents.map((_, index) =>
		makeSafe(index === 0 ? "log.pcapng" : `log-${index}.pcapng`),
	);
	const session = new Session({
		sources: names,
		indexNames: new Map(),
		hostMacs: new Map(),
		topology,
		events: {
			onFrame: () => {},
			onComment: () => {},
			onJourney: (journey) => {
				journeys.set(journey.id, journey);
				events.push(journey);
			},
			onExchange: (exchange) => {
				exchanges.set(exchange.id, exchange);
				events.push(exchange);
			},
			onDocument: () => {},
			onTopology: (found) => {
				topologies.push(found);
				events.push(found);
			},
			onNotice: ({ message }) => {
				notices.push(message);
				events.push(message);
			},
		},
	});
	async function* chunksOf(bytes: Buffer) {
		for (let at = 0; at < bytes.length; at += chunkLength) {
			yield Buffer.from(bytes.subarray(at, at + chunkLength));
		}
	}
	const files = contents.map((bytes, index) => ({
		name: names[index] ?? makeSafe(""),
		interfaceName: null,
		chunks: chunksOf(bytes),
	}));
	await readLog(
		files,
		session,
		() => true,
		() => true,
	);
	session.finish();
	return {
		events,
		journeys: [...journeys.values()],
		exchanges: [...exchanges.values()],
		notices,
		topologies,
		ports: session.ports,
		letGo: session.letGo,
	};
}
