import { setMaxListeners } from "node:events";
import type { LogTime } from "../model/capture.js";
import type { HostDocument } from "../model/host-document.js";
import type { HostOptions } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";
import { TapLoss } from "./lost-taps.js";
import {
	type ReadableType,
	readableTypes,
	readHostDocument,
} from "./read-document.js";
import { isSameDocument } from "./same-document.js";
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
	/** From now on those that changed are handed on, too: links at once. */
	watch(): void;
	/** Ends all; nothing is handed on afterwards. */
	stop(): Promise<void>;
}

/** Documents read at a time: enough to hide that virsh is slow. */
const atOnce = 4;

/** Milliseconds between two readings of one subject, at least. */
const restMs = 50;

/** Makes a reader of this host. It starts nothing before it is asked to. */
export function createHostReader(options: HostReaderOptions): HostReader {
	const subjects = new Map<ReadableType, Subject>();
	let watch: HostWatch | null = null;
	const abort = new AbortController();
	const { signal } = abort;
	setMaxListeners(0, signal);
	const host = { ...options, signal };
	const subject = (type: ReadableType): Subject => {
		const found = subjects.get(type) ?? {
			last: null,
			running: null,
			isStale: false,
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
			return { last, isRunning: running !== null };
		};
		const isOver = () => of.isStale || signal.aborted;
		return loss.over(of.last, links, reading, isOver);
	};
	const readOnce = async (type: ReadableType) => {
		const of = subject(type);
		of.isStale = false;
		const readAt = now();
		const document = await readHostDocument(type, host);
		const isLate = type === "host-links" && !(await isSound(document));
		const isKnown = of.last !== null && isSameDocument(of.last, document);
		if (!isLate && !isKnown && !signal.aborted) {
			of.last = document;
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
		watch: () => {
			watch ??= watchHost(host, (types) => {
				for (const type of types) {
					refresh(type);
				}
			});
		},
		stop: async () => {
			abort.abort();
			await watch?.stop();
			await Promise.all([...subjects.values()].map(({ running }) => running));
		},
	};
}

interface Subject {
	last: HostDocument | null;
	running: Promise<void> | null;
	/** It may have changed since it was last read. */
	isStale: boolean;
}

function now(): LogTime {
	const ms = Date.now();
	const seconds = Math.floor(ms / 1000);
	return { seconds, nanos: (ms - seconds * 1000) * 1e6 };
}
