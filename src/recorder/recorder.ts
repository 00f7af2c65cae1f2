import type { EventLog } from "../capture-file/event-log.js";
import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import type { HostDocument } from "../model/host-document.js";
import type { ChosenPort } from "./capture-history.js";
import type { CaptureEngine, EngineFrame, PortFailure } from "./engine.js";
import { HeldUp } from "./held-up.js";
import type { LogOutput } from "./log-output.js";
import { PortSet } from "./port-set.js";
import type { ClockReading, MachineClock } from "./real-clock.js";

/** A tick comes so often while frames do, and so often while none do. */
const busyTickMs = 100;
const idleTickMs = 200;
/** A pause after frames were read, so that the next are read by the hundred; and at the end. */
const batchMs = 5;
/** On a busy host a frame is stamped so long before it can be read. */
const stampMarginNs = 100_000_000;

/** Why a recording ended. */
export type StopReason =
	| "asked"
	| "duration"
	| "count"
	| "output closed"
	| "output failed";

export interface RecorderOptions {
	readonly engine: CaptureEngine;
	readonly log: EventLog;
	readonly output: LogOutput;
	readonly clock: MachineClock;
	/** pcap-filter expression on top of the built-in one, for the log; null: none. */
	readonly filter: string | null;
	readonly snapLength: number;
	/** Ends after so long, or so many frames; null: it does not. */
	readonly durationMs: number | null;
	readonly count: number | null;
	/** Told what the user should know; one line. */
	readonly onNotice: (message: string) => void;
	/** Awaited before the log is ended: what the host says then still comes into it. */
	readonly beforeEnd?: () => Promise<void>;
}

/**
 * Records: hands what the engine captures to the log, with ticks, counters and documents,
 * and the log to its output. It never waits for the output: while that takes nothing,
 * frames stay in the kernel, which counts those it has no room for.
 */
export class Recorder {
	readonly #options: RecorderOptions;
	readonly #ports: PortSet;
	/** Ports are captured from about then on, and `run` may be called a little later. */
	readonly #begunMs: number;
	#frames = 0;
	#stop: StopReason | null = null;
	/** Of the last tick: when it was made, and after how many frames. */
	#tickedFrames = 0;
	#tickedMs = Number.NEGATIVE_INFINITY;
	readonly #heldUp: HeldUp;

	constructor(options: RecorderOptions) {
		this.#options = options;
		this.#ports = new PortSet(options);
		this.#heldUp = new HeldUp(options.onNotice);
		this.#begunMs = options.clock.elapsedMs();
	}

	/** Frames recorded so far. */
	get frames(): number {
		return this.#frames;
	}

	/** Frames lost by the capture so far; null where the engine does not count. */
	get dropped(): number | null {
		return this.#ports.dropped;
	}

	/** Names of the ports that are being captured. */
	get portNames(): readonly string[] {
		return this.#ports.names;
	}

	/** From now on these are captured, and no others. Those that cannot be are told. */
	async setPorts(ports: readonly ChosenPort[]): Promise<void> {
		await this.#ports.choose(ports);
	}

	/** A port's capture ended by itself. */
	endPort(failure: PortFailure): void {
		this.#ports.end(failure);
	}

	/** What the host says; stands in the log before any frame that comes later. */
	addDocument(document: HostDocument, readAt: LogTime): void {
		this.#options.log.addDocument(document, readAt);
	}

	/** Ends the recording soon: what waits is still written. */
	stop(reason: StopReason): void {
		this.#stop ??= reason;
	}

	/** Records until it is stopped; the engine still is to be. @returns why it ended */
	async run(): Promise<StopReason> {
		const { engine, clock, durationMs, output } = this.#options;
		const endMs = this.#begunMs + (durationMs ?? Number.POSITIVE_INFINITY);
		while (this.#stop === null) {
			const leftMs = endMs - clock.elapsedMs();
			if (leftMs <= 0) {
				this.stop("duration");
			} else if (output.isFull) {
				this.#heldUp.set(true, clock.elapsedMs());
				await output.drained(Math.min(idleTickMs, leftMs));
			} else {
				this.#heldUp.set(false, clock.elapsedMs());
				await engine.wait(Math.min(this.#dueInMs(), leftMs));
				await this.#step(this.#stop);
			}
			this.#watchOutput();
		}
		await this.#prepareEnd();
		this.#finish();
		await output.end();
		this.#watchOutput();
		return this.#stop;
	}

	/** What is still to come into the log may take a while: frames and ticks go on. */
	async #prepareEnd(): Promise<void> {
		const { beforeEnd, engine, output } = this.#options;
		if (beforeEnd === undefined || output.failure !== null) {
			return;
		}
		let isOver = false;
		const prepared = beforeEnd().finally(() => {
			isOver = true;
		});
		while (!isOver && this.#stop !== "count" && !output.isFull) {
			await engine.wait(Math.min(this.#dueInMs(), batchMs));
			this.#pump();
		}
		await prepared;
	}

	/** Takes what waits; more than a little of it makes a pause worth while. */
	async #step(stop: StopReason | null): Promise<void> {
		if (stop !== null) {
			return;
		}
		const before = this.#frames;
		this.#pump();
		if (this.#frames > before && this.#stop === null) {
			await this.#options.clock.pause(batchMs);
		}
	}

	#pump(): void {
		const { clock, output, log } = this.#options;
		const reading = clock.read();
		const isWhole = this.#drain(reading.real);
		if (isWhole && this.#dueInMs() <= 0) {
			this.#tick(reading);
		}
		output.write(log.takeBytes());
		if (output.isDue(clock.elapsedMs())) {
			this.#rotate();
		}
	}

	#drain(until: LogTime): boolean {
		const { engine, count } = this.#options;
		return engine.drain(until, (frame) => this.#take(frame, count));
	}

	/** @returns whether more is wanted */
	#take(frame: EngineFrame, count: number | null): boolean {
		const { log } = this.#options;
		const handle = this.#ports.handleOf(frame.port);
		if (handle === null) {
			return true;
		}
		log.addFrame(handle, frame);
		this.#frames += 1;
		if (count !== null && this.#frames >= count) {
			this.stop("count");
			return false;
		}
		return true;
	}

	/** Counters first: what a tick settles must know of frames lost before it. */
	#tick({ real, monotonic }: ClockReading): void {
		const { log, clock } = this.#options;
		this.#ports.addStatistics(false);
		const until = addNs(real, -stampMarginNs);
		log.addTick({
			until,
			dropsTotal: this.#ports.dropped,
			// Of the same moment: a tick without the margin ends the log.
			monotonic: addNs(monotonic, -stampMarginNs),
		});
		this.#tickedMs = clock.elapsedMs();
		this.#tickedFrames = this.#frames;
		this.#ports.noteRead(until);
	}

	#dueInMs(): number {
		const isBusy = this.#frames !== this.#tickedFrames;
		const dueMs = this.#tickedMs + (isBusy ? busyTickMs : idleTickMs);
		return Math.max(0, dueMs - this.#options.clock.elapsedMs());
	}

	#rotate(): void {
		const { output, log, clock } = this.#options;
		this.#ports.addStatistics(true);
		output.write(log.takeBytes());
		output.rotate(clock.elapsedMs());
		log.beginSection();
		this.#ports.beginSection();
	}

	/** The last frames, and the counters of every port. */
	#finish(): void {
		const { clock, engine, output, log } = this.#options;
		const { real, monotonic } = clock.read();
		if (this.#stop !== "count") {
			engine.drain(real, (frame) => {
				const handle = this.#ports.handleOf(frame.port);
				if (handle !== null && elapsedNs(frame, real) >= 0) {
					log.addFrame(handle, frame);
					this.#frames += 1;
				}
				return handle === null || elapsedNs(frame, real) >= 0;
			});
		}
		this.#ports.addStatistics(true);
		log.addTick({ until: real, dropsTotal: this.#ports.dropped, monotonic });
		output.write(log.takeBytes());
	}

	#watchOutput(): void {
		const { failure } = this.#options.output;
		if (failure !== null) {
			this.#stop = failure.isClosed ? "output closed" : "output failed";
		}
	}
}
