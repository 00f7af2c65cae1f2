import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogTime } from "../model/capture.js";
import type { HostDocument } from "../model/host-document.js";
import {
	type HandedOn,
	isWorthTelling,
	type Occasion,
} from "./counted-document.js";
import type { HostOptions, RunningProgram } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";
import { TapLoss } from "./lost-taps.js";
import {
	type ReadableType,
	readableTypes,
	readHostDocument,
} from "./read-document.js";
import { type HostWatch, watchHost } from "./watch-host.js";

/** How the host is asked, and who is told. */
export interface HostReaderOptions extends HostOptions {
	/** Told of every document that is new. `readAt`: the real clock, before it was read. */
	readonly onDocument: (document: HostDocument, readAt: LogTime) => void;
}

/** Keeps the host's documents up to date. */
export interface HostReader {
	/** Reads everything; each document is handed to `onDocument` as soon as it is read. */
	readAll(): Promise<void>;
	/** Names of the programs that have not answered yet, each once. */
	readonly waitedFor: readonly string[];
	/** From now on those that changed are handed on, too: links at once. */
	watch(): void;
	/**
	 * Reads what counts frames that were taken away, and hands it on though it differs in
	 * counters only. What is not read within so many milliseconds is not waited for.
	 */
	readCounters(
		occasion: Exclude<Occasion, "watch">,
		withinMs: number,
	): Promise<void>;
	/** Ends all; nothing is handed on afterwards. */
	stop(): Promise<void>;
}

/** Documents read at a time: enough to hide that virsh is slow. */
const atOnce = 4;

/** Milliseconds between two readings of one subject, at least. */
const restMs = 50;

/** What counts, the quickest first. */
const counting = ["host-counters", "host-firewall"] as const;

/** Makes a reader of this host. It starts nothing before it is asked to. */
export function createHostReader(options: HostReaderOptions): HostReader {
	const subjects = new Map<ReadableType, Subject>();
	let watch: HostWatch | null = null;
	const abort = new AbortController();
	const { signal } = abort;
	setMaxListeners(0, signal);
	const running = new Set<RunningProgram>();
	const host = { ...options, signal, running };
	const subject = (type: ReadableType): Subject => {
		const found = subjects.get(type) ?? {
			last: null,
			running: null,
			isStale: false,
			occasion: "watch",
		};
		subjects.set(type, found);
		return found;
	};
	const loss = new TapLoss();
	signal.addEventListener("abort", () => loss.look());
	/** Whether links contradict nothing that libvirt may be about to take back. */
	const isSound = (links: HostDocument) => {
		const of = subject("host-links");
		const reading = () => {
			const { last, running } = subject("host-domains");
			return { last: last?.document ?? null, isRunning: running !== null };
		};
		const isOver = () => of.isStale || signal.aborted;
		return loss.over(of.last?.document ?? null, links, reading, isOver);
	};
	const readOnce = async (type: ReadableType) => {
		const of = subject(type);
		const { occasion } = of;
		of.isStale = false;
		of.occasion = "watch";
		const readAt = now();
		const atMs = performance.now();
		const document = await readHostDocument(type, host);
		const isLate = type === "host-links" && !(await isSound(document));
		const isNews = isWorthTelling(document, of.last, occasion, atMs);
		if (!isLate && isNews && !signal.aborted) {
			of.last = { document, atMs };
			options.onDocument(document, readAt);
			loss.look();
		}
	};
	const readUntilFresh = async (type: ReadableType) => {
		const of = subject(type);
		await readOnce(type);
		while (of.isStale && !signal.aborted) {
			await new Promise((resolve) => setTimeout(resolve, restMs));
			await readOnce(type);
		}
		of.running = null;
		loss.look();
	};
	/** A change that comes while it is being read may be in it or not: it is read again. */
	const refresh = (type: ReadableType): Promise<void> => {
		const of = subject(type);
		of.isStale = true;
		loss.look();
		of.running ??= readUntilFresh(type);
		return of.running;
	};

	return {
		readAll: async () => {
			await mapInTurn(readableTypes, atOnce, refresh);
		},
		get waitedFor() {
			return [...new Set(Array.from(running, ({ name }) => name))];
		},
		watch: () => {
			watch ??= watchHost(host, (types) => {
				for (const type of types) {
					refresh(type);
				}
			});
		},
		readCounters: async (occasion, withinMs) => {
			const read = counting.map((type) => {
				subject(type).occasion = occasion;
				return refresh(type);
			});
			await Promise.race([Promise.all(read), pause(withinMs, signal)]);
		},
		stop: async () => {
			abort.abort();
			await watch?.stop();
			await Promise.all([...subjects.values()].map(({ running }) => running));
		},
	};
}

interface Subject {
	last: HandedOn | null;
	running: Promise<void> | null;
	/** Why it is to be read next. */
	occasion: Occasion;
	/** It may have changed since it was last read. */
	isStale: boolean;
}

/** Resolves after so long, or at once when nobody waits any more. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
	await sleep(ms, undefined, { signal, ref: false }).catch(() => {});
}

function now(): LogTime {
	const ms = Date.now();
	const seconds = Math.floor(ms / 1000);
	return { seconds, nanos: (ms - seconds * 1000) * 1e6 };
}
