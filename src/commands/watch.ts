import { NotACaptureError } from "../capture-file/sink.js";
import { makeSafe } from "../model/safe-text.js";
import { type Chunks, readStream } from "./chunks.js";
import { Failure } from "./failure.js";
import { checkFilters } from "./filters.js";
import { LogRun, type LogRunOptions } from "./log-run.js";
import { Output } from "./output.js";
import { chooseElevation, readStanding } from "./privileges.js";
import type { CaptureOptions } from "./record.js";
import { type RecorderChild, startRecorder } from "./recorder-child.js";
import { StallWatch } from "./stall-watch.js";
import { openTee, type Tee } from "./tee.js";

/** What `vmpath watch` was asked for. */
export interface WatchOptions extends LogRunOptions {
	readonly capture: CaptureOptions;
	/** File that keeps the log; null: it is not kept. */
	readonly write: string | null;
	/** Capture through sudo, also where it cannot ask for a password. */
	readonly sudo: boolean;
}

/** How often it is looked whether the recorder still is alive. */
const checkMs = 500;
/** A recorder that was asked to end and goes on is not waited for any longer. */
const patienceMs = 3000;

/**
 * Watches this host: a recorder captures, with the privileges for it, and everything else
 * is a replay of what it writes.
 *
 * @throws {Failure} when it cannot begin, or the recorder fails
 */
export async function watch(options: WatchOptions): Promise<void> {
	checkFilters(options.filters);
	const elevation = chooseElevation(readStanding(options.sudo));
	const output = new Output(() => {});
	const tell = (message: string) => output.tell(message);
	const tee =
		options.write === null ? null : await openTee(options.write, tell);
	const recorder = startRecorder(options.capture, elevation, tell);
	await new Watch(options, recorder, output, tee).run();
}

/** One watch over the log of a recorder that was just started. */
class Watch {
	readonly #recorder: RecorderChild;
	readonly #log: Chunks;
	readonly #output: Output;
	readonly #tee: Tee | null;
	readonly #stall: StallWatch;
	readonly #run: LogRun;
	#isBegun = false;

	constructor(
		options: WatchOptions,
		recorder: RecorderChild,
		output: Output,
		tee: Tee | null,
	) {
		this.#recorder = recorder;
		this.#log = readStream(recorder.log);
		this.#output = output;
		this.#tee = tee;
		this.#stall = new StallWatch((message) => output.tell(message));
		const name = makeSafe("this host");
		const file = { name, interfaceName: null, chunks: this.#read() };
		const links = { indexNames: new Map(), hostMacs: new Map() };
		this.#run = new LogRun([file], links, options, output);
	}

	async run(): Promise<void> {
		const checking = setInterval(() => this.#check(), checkMs);
		const stop = () => this.#stop();
		process.on("SIGINT", stop);
		process.on("SIGTERM", stop);
		try {
			await this.#run.read();
		} catch (error) {
			// A recorder that could not begin writes nothing: it says why itself.
			if (!(error instanceof NotACaptureError)) {
				throw error;
			}
		} finally {
			clearInterval(checking);
			process.off("SIGINT", stop);
			process.off("SIGTERM", stop);
			this.#log.close();
			this.#output.flush();
			await this.#tee?.close();
		}
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
	}

	#check(): void {
		this.#stall.check(performance.now());
		const { portNames } = this.#run;
		if (!this.#isBegun && portNames.length > 0) {
			this.#isBegun = true;
			this.#output.tell(`watching ${portNames.join(", ")} (Ctrl-C ends it)`);
		}
	}

	/** The recorder ends, and with it the log: all that is open is judged and shown. */
	#stop(): void {
		this.#run.setReason("interrupted");
		this.#recorder.stop();
		const given = setTimeout(() => this.#log.close(), patienceMs);
		given.unref();
	}
}
