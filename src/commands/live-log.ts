import type { LogFile } from "../capture-file/read-log.js";
import { makeSafe } from "../model/safe-text.js";
import { type Chunks, readStream } from "./chunks.js";
import { Failure } from "./failure.js";
import { chooseElevation, readStanding } from "./privileges.js";
import type { CaptureOptions } from "./record-options.js";
import { type RecorderChild, startRecorder } from "./recorder-child.js";
import { StallWatch } from "./stall-watch.js";
import { openTee, type Tee } from "./tee.js";

/** How this host is captured. */
export interface LiveOptions {
	readonly capture: CaptureOptions;
	/** File that keeps the log; null: it is not kept. */
	readonly write: string | null;
	/** Capture through sudo, also where it cannot ask for a password. */
	readonly sudo: boolean;
}

/** A recorder that was asked to end and goes on is not waited for any longer. */
const patienceMs = 3000;

/**
 * Starts a recorder on this host, with the privileges for it.
 *
 * @param tell takes one line
 * @throws {Failure} when it cannot begin
 */
export async function startLiveLog(
	{ capture, write, sudo }: LiveOptions,
	tell: (message: string) => void,
): Promise<LiveLog> {
	const elevation = chooseElevation(readStanding(sudo));
	const tee = write === null ? null : await openTee(write, tell);
	return new LiveLog(startRecorder(capture, elevation, tell), tee, tell);
}

/** The log of a recorder that runs beside us, as it grows. */
export class LiveLog {
	/** To be read once. */
	readonly file: LogFile;
	readonly #recorder: RecorderChild;
	readonly #log: Chunks;
	readonly #tee: Tee | null;
	readonly #stall: StallWatch;
	#isOver = false;

	constructor(
		recorder: RecorderChild,
		tee: Tee | null,
		tell: (message: string) => void,
	) {
		this.#recorder = recorder;
		this.#log = readStream(recorder.log);
		this.#tee = tee;
		this.#stall = new StallWatch(tell);
		const name = makeSafe("this host");
		this.file = { name, interfaceName: null, chunks: this.#read() };
	}

	/** Asked now and then: whether the recorder still is alive. */
	check(): void {
		if (!this.#isOver) {
			this.#stall.check(performance.now());
		}
	}

	/** Something was lost: what the host counts may tell by what. */
	askForCounters(): void {
		this.#recorder.askForCounters();
	}

	/** Asks the recorder to end, and with it the log. */
	stop(): void {
		this.#recorder.stop();
		const given = setTimeout(() => this.#log.close(), patienceMs);
		given.unref();
	}

	/** Nothing more of it is wanted. */
	async close(): Promise<void> {
		this.#log.close();
		await this.#tee?.close();
	}

	/** @throws {Failure} when the recorder failed, once it has ended */
	async checkEnd(): Promise<void> {
		const { isFailure, reason } = await this.#recorder.ended;
		if (isFailure) {
			throw new Failure(reason);
		}
	}

	async *#read(): AsyncGenerator<Buffer> {
		for await (const chunk of this.#log.chunks) {
			this.#stall.note(performance.now());
			await this.#tee?.keep(chunk);
			yield chunk;
		}
		this.#isOver = true;
	}
}
