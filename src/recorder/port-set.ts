import type { EventLog, LogHandle } from "../capture-file/event-log.js";
import { formatTimeNs, type LogTime } from "../model/capture.js";
import { CaptureHistory, type ChosenPort } from "./capture-history.js";
import type { CaptureEngine, EnginePort, PortFailure } from "./engine.js";
import {
	createOpenPort,
	isRenamed,
	keyOf,
	type OpenPort,
} from "./open-port.js";
import type { MachineClock } from "./real-clock.js";

export interface PortSetOptions {
	readonly engine: CaptureEngine;
	readonly log: EventLog;
	readonly clock: MachineClock;
	readonly filter: string | null;
	readonly snapLength: number;
	readonly onNotice: (message: string) => void;
}

/** The ports that are being captured: keeps engine and log in step, and says so in it. */
export class PortSet {
	readonly #options: PortSetOptions;
	readonly #open = new Map<number, OpenPort>();
	/** Closed, but what waits there is still to be handed on. */
	readonly #closing = new Map<number, LogHandle>();
	/** Could not be opened as they are: not tried again until they change. */
	readonly #refused = new Set<string>();
	readonly #history: CaptureHistory;
	#droppedByEnded = 0;
	#readUntil: LogTime | null = null;
	#isChoosing: Promise<void> = Promise.resolve();

	constructor(options: PortSetOptions) {
		this.#options = options;
		this.#history = new CaptureHistory(options.engine, options.filter);
	}

	get names(): readonly string[] {
		return Array.from(this.#open.values(), ({ chosen }) => chosen.name);
	}

	/** Lost so far; null where the engine does not count. */
	get dropped(): number | null {
		if (!this.#options.engine.countsDrops) {
			return null;
		}
		let sum = this.#droppedByEnded;
		for (const { dropped, droppedBefore } of this.#open.values()) {
			sum += dropped + droppedBefore;
		}
		return sum;
	}

	handleOf({ index }: EnginePort): LogHandle | null {
		return this.#open.get(index)?.handle ?? this.#closing.get(index) ?? null;
	}

	/** Opens and closes ports until these, and no others, are open. */
	choose(ports: readonly ChosenPort[]): Promise<void> {
		const next = this.#isChoosing.then(() => this.#choose(ports));
		this.#isChoosing = next;
		return next;
	}

	/** A port ended by itself: it is gone, or its link is. */
	end({ port, reason }: PortFailure): void {
		if (this.#open.has(port.index)) {
			this.#options.onNotice(`${port.name}: ${reason}`);
			this.#close(port.index);
			this.#describe();
		}
	}

	/** All that passed before this time was read, and every open port was there. */
	noteRead(time: LogTime): void {
		this.#readUntil = time;
		for (const handle of this.#closing.values()) {
			this.#options.log.endPort(handle);
		}
		this.#closing.clear();
	}

	/** The log goes on in a new file: counters start at zero there. */
	beginSection(): void {
		for (const port of this.#open.values()) {
			port.droppedBefore += port.dropped;
			port.receivedBefore += port.received;
			port.dropped = 0;
			port.received = 0;
		}
	}

	/** @param isAll write them for every port, not only where frames were lost since */
	addStatistics(isAll: boolean): void {
		const { engine, log, clock } = this.#options;
		if (!engine.countsDrops) {
			return;
		}
		const all = engine.readDrops();
		const at = clock.read().real;
		for (const counted of all) {
			const port = this.#open.get(counted.port.index);
			const dropped = counted.dropped - (port?.droppedBefore ?? 0);
			if (port && (isAll || dropped !== port.dropped)) {
				port.dropped = dropped;
				port.received = counted.received - port.receivedBefore;
				log.addStatistics(port.handle, {
					at,
					received: port.received,
					dropped,
				});
			}
		}
	}

	async #choose(ports: readonly ChosenPort[]): Promise<void> {
		const wanted = new Map(ports.map((port) => [port.index, port]));
		let hasChanged = false;
		for (const [index, { chosen }] of this.#open) {
			const same = wanted.get(index);
			if (same !== undefined && isRenamed(same, chosen)) {
				this.#rename(index, same);
				hasChanged = true;
			} else if (same === undefined || keyOf(same) !== keyOf(chosen)) {
				this.#close(index);
				this.#tellLater(`${chosen.name} is not captured any more`);
				hasChanged = true;
			}
		}
		const news = ports.filter(
			(port) => !this.#open.has(port.index) && !this.#refused.has(keyOf(port)),
		);
		const opened = await Promise.all(news.map((port) => this.#openPort(port)));
		hasChanged ||= opened.includes(true);
		this.#forgetRefused(ports);
		if (hasChanged) {
			this.#describe();
		}
	}

	/** Tells of a change; what is captured from the start on is none. */
	#tellLater(change: string): void {
		if (this.#readUntil !== null) {
			this.#options.onNotice(change);
		}
	}

	/** @returns whether it could be opened */
	async #openPort(port: ChosenPort): Promise<boolean> {
		const { engine, log, clock, onNotice } = this.#options;
		const opening = createOpenPort(port, this.#addToLog(port));
		this.#open.set(port.index, opening);
		const failure = await engine.open(port);
		if (failure === null) {
			opening.sinceNs = formatTimeNs(clock.read().real);
			this.#tellLater(`${port.name} is captured from now on`);
			return true;
		}
		this.#open.delete(port.index);
		log.endPort(opening.handle);
		this.#refused.add(keyOf(port));
		onNotice(`${port.name} cannot be captured: ${failure.reason}`);
		return false;
	}

	#addToLog({ name, description, linkType }: ChosenPort): LogHandle {
		const { log, snapLength, filter } = this.#options;
		return log.addPort({ name, description, linkType, snapLength, filter });
	}

	/** The capture goes on, under another name in the log. */
	#rename(index: number, chosen: ChosenPort): void {
		const port = this.#open.get(index);
		if (port === undefined) {
			return;
		}
		const { clock, log } = this.#options;
		this.#tellLater(`${port.chosen.name} is now called ${chosen.name}`);
		this.addStatistics(false);
		log.endPort(port.handle);
		this.#history.noteEnd(port, this.#readUntil);
		const renamed = createOpenPort(chosen, this.#addToLog(chosen));
		renamed.sinceNs = formatTimeNs(clock.read().real);
		renamed.droppedBefore = port.dropped + port.droppedBefore;
		renamed.receivedBefore = port.received + port.receivedBefore;
		this.#open.set(index, renamed);
	}

	#close(index: number): void {
		const port = this.#open.get(index);
		if (port === undefined) {
			return;
		}
		this.addStatistics(false);
		this.#options.engine.close(port.chosen);
		this.#droppedByEnded += port.dropped + port.droppedBefore;
		this.#open.delete(index);
		this.#closing.set(index, port.handle);
		this.#history.noteEnd(port, this.#readUntil);
	}

	/** Says in the log what is captured from now on. */
	#describe(): void {
		const { clock, log } = this.#options;
		const document = this.#history.describe([...this.#open.values()]);
		log.addDocument(document, clock.read().real);
	}

	#forgetRefused(ports: readonly ChosenPort[]): void {
		const keys = new Set(ports.map(keyOf));
		for (const key of this.#refused) {
			if (!keys.has(key)) {
				this.#refused.delete(key);
			}
		}
	}
}
