import { release, type } from "node:os";
import { PcapngWriter } from "../capture-file/pcapng-writer.js";
import { createHostReader, type HostReader } from "../host/host-reader.js";
import type { LogTime } from "../model/capture.js";
import type { HostDocument } from "../model/host-document.js";
import { makeSafe } from "../model/safe-text.js";
import type { CaptureEngine } from "../recorder/engine.js";
import type { LogOutput } from "../recorder/log-output.js";
import { machineClock } from "../recorder/real-clock.js";
import { Recorder, type StopReason } from "../recorder/recorder.js";
import type { Rotation } from "../recorder/rotation.js";
import { formatCount } from "../show/units.js";
import type { CaptureSelection } from "../topology/capture-plan.js";
import { chooseEngine, type EngineName } from "./choose-engine.js";
import { Failure } from "./failure.js";
import { openOutput } from "./open-output.js";
import { tell } from "./output.js";
import { findLinksGap, PortPlanner } from "./port-planner.js";
import { checkMayCapture } from "./privileges.js";
import { RecordStatus } from "./record-status.js";

/** What is captured, and how: the options that `watch` hands on to its recorder. */
export interface CaptureOptions extends CaptureSelection {
	/** Null: the best one that can start. */
	readonly engine: EngineName | null;
	readonly durationMs: number | null;
	/** Ends after so many frames. */
	readonly count: number | null;
	readonly snapLength: number;
	/** Of the kernel, an interface. */
	readonly bufferBytes: number;
	/** pcap-filter expression on top of the built-in one. */
	readonly filter: string | null;
	/** libvirt connection URI; null: virsh's own choice. */
	readonly connect: string | null;
}

/** What `vmpath record` was asked for. */
export interface RecordOptions extends CaptureOptions {
	/** File, or `-`. */
	readonly write: string;
	readonly rotation: Rotation | null;
	/** Refuse what a recorder that was started for `watch` does not need. */
	readonly isRestricted: boolean;
	readonly version: string;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Records what passes on this host into an event log.
 *
 * @throws {Failure} when it cannot begin, or the log cannot be written to its end
 */
export async function record(options: RecordOptions): Promise<void> {
	if (options.isRestricted) {
		checkRestricted(options);
	}
	checkMayCapture();
	await new Recording(options).run();
}

/** @throws {Failure} when more is asked for than `watch` ever does */
function checkRestricted({ write, rotation, connect }: RecordOptions): void {
	const isPlain = write === "-" && rotation === null;
	if (!isPlain || (connect !== null && !/^[\w+]+:\/\/\/\w*$/.test(connect))) {
		throw new Failure(
			"a recorder started with --restricted writes to standard output only (-w -), and asks this host's libvirt only",
		);
	}
}

/** One recording: the engine, the log and what the host says, joined. */
class Recording {
	readonly #options: RecordOptions;
	readonly #planner: PortPlanner;
	readonly #engine: CaptureEngine;
	readonly #host: HostReader;
	readonly #status: RecordStatus;
	/** What the host said before the recording began. */
	readonly #documents: (readonly [HostDocument, LogTime])[] = [];
	#recorder: Recorder | null = null;
	#isAskedToEnd = false;

	/** @throws {Failure} when nothing can be captured with */
	constructor(options: RecordOptions) {
		this.#options = options;
		this.#planner = new PortPlanner(options);
		this.#status = new RecordStatus(
			options.write === "-" ? null : process.stderr,
		);
		this.#engine = chooseEngine(options.engine, {
			snapLength: options.snapLength,
			bufferBytes: options.bufferBytes,
			filter: options.filter,
			onPortEnd: (failure) => this.#recorder?.endPort(failure),
			onNotice: (message) => this.#tell(message),
		});
		this.#host = createHostReader({
			connect: options.connect,
			onDocument: (document, readAt) => this.#take(document, readAt),
		});
	}

	async run(): Promise<void> {
		// From the start on, else one that comes between two commands that are run is lost.
		const stop = () => this.#stop();
		for (const signal of signals) {
			process.on(signal, stop);
		}
		try {
			await this.#host.readAll();
			if (this.#isAskedToEnd) {
				throw new Failure(
					"ended before the capture began: nothing is recorded",
				);
			}
			await this.#record();
		} finally {
			this.#status.clear();
			await this.#engine.stop();
			await this.#host.stop();
			for (const signal of signals) {
				process.off(signal, stop);
			}
		}
	}

	async #record(): Promise<void> {
		const { ports, problems } = this.#planner.plan();
		if (problems[0] !== undefined) {
			throw new Failure(problems[0]);
		}
		const { write, rotation } = this.#options;
		const output = await openOutput(write, rotation);
		const recorder = this.#begin(output);
		await recorder.setPorts(ports);
		checkCaptured(recorder);
		this.#host.watch();
		this.#conclude(await this.#runUntilStopped(recorder), recorder, output);
	}

	/** Before there is a recording, nobody waits for what the host says any more. */
	#stop(): void {
		this.#isAskedToEnd = true;
		if (this.#recorder === null) {
			void this.#host.stop();
		} else {
			this.#recorder.stop("asked");
		}
	}

	/** The log begins with all that the host has said so far. */
	#begin(output: LogOutput): Recorder {
		const { version, filter, snapLength, durationMs, count } = this.#options;
		const log = new PcapngWriter({
			application: `vmpath ${version}`,
			system: `${type()} ${release()}`,
		});
		const recorder = new Recorder({
			engine: this.#engine,
			log,
			output,
			clock: machineClock,
			filter,
			snapLength,
			durationMs,
			count,
			onNotice: (message) => this.#tell(message),
		});
		for (const [document, readAt] of this.#documents.splice(0)) {
			recorder.addDocument(document, readAt);
		}
		this.#recorder = recorder;
		return recorder;
	}

	async #runUntilStopped(recorder: Recorder): Promise<StopReason> {
		if (this.#isAskedToEnd) {
			recorder.stop("asked");
		}
		const drawing = this.#status.start(() => recorder);
		try {
			return await recorder.run();
		} finally {
			clearInterval(drawing);
		}
	}

	/** The host says something: other ports may have to be captured now. */
	#take(document: HostDocument, readAt: LogTime): void {
		const mayChangePorts = this.#planner.add(document);
		if (this.#recorder === null) {
			this.#documents.push([document, readAt]);
			return;
		}
		this.#recorder.addDocument(document, readAt);
		const gap = findLinksGap(document);
		if (gap !== null) {
			this.#status.clear();
			tell(`interfaces that come up now are not captured: ${gap}`);
		}
		if (mayChangePorts) {
			void this.#recorder.setPorts(this.#planner.plan().ports);
		}
	}

	#conclude(reason: StopReason, recorder: Recorder, output: LogOutput): void {
		this.#status.clear();
		const { frames, dropped } = recorder;
		const lost = dropped === null ? "not known how many" : `${dropped}`;
		const said = `${formatCount(frames, "frame")} recorded, ${lost} lost by the capture`;
		if (reason === "output failed") {
			throw new Failure(
				`${output.failure?.message}; it is complete up to there: ${said}`,
			);
		}
		if (this.#options.write !== "-") {
			this.#tell(said);
		}
	}

	#tell(message: string): void {
		this.#status.clear();
		tell(makeSafe(message));
	}
}

/** @throws {Failure} when no port could be opened; why was told of each */
function checkCaptured({ portNames }: Recorder): void {
	if (portNames.length === 0) {
		throw new Failure(
			"no interface can be captured: `vmpath doctor` says what to do",
		);
	}
}
