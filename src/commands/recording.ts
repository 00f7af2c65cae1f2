import { release, type } from "node:os";
import { PcapngWriter } from "../capture-file/pcapng-writer.js";
import { createHostReader, type HostReader } from "../host/host-reader.js";
import type { LogTime } from "../model/capture.js";
import type { HostDocument } from "../model/host-document.js";
import { makeSafe } from "../model/safe-text.js";
import type { ChosenPort } from "../recorder/capture-history.js";
import type { CaptureEngine } from "../recorder/engine.js";
import type { LogOutput } from "../recorder/log-output.js";
import { machineClock } from "../recorder/real-clock.js";
import { Recorder, type StopReason } from "../recorder/recorder.js";
import { formatCount } from "../show/units.js";
import { chooseEngine } from "./choose-engine.js";
import { Failure } from "./failure.js";
import { describeWait, FirstReading } from "./first-reading.js";
import { openOutput } from "./open-output.js";
import { tell } from "./output.js";
import { findLinksGap, PortPlanner } from "./port-planner.js";
import type { RecordOptions } from "./record-options.js";
import { describeRecording, RecordStatus } from "./record-status.js";
import { takeRequests } from "./recorder-requests.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The end of a recording waits so long at most for what the host still says. */
const lastReadingMs = 1500;

/** One recording: the engine, the log and what the host says, joined. */
export class Recording {
	readonly #options: RecordOptions;
	readonly #planner: PortPlanner;
	readonly #engine: CaptureEngine;
	readonly #host: HostReader;
	readonly #status: RecordStatus;
	/** What the host said before the recording began. */
	readonly #documents: (readonly [HostDocument, LogTime])[] = [];
	#recorder: Recorder | null = null;
	#reading: FirstReading | null = null;
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
		if (this.#options.isRestricted) {
			this.#takeRequests();
		}
		this.#reading = this.#readHost();
		try {
			await this.#record(this.#reading);
		} finally {
			this.#status.clear();
			this.#reading.end();
			await this.#host.stop();
			// Last, as it takes the kernel milliseconds a port.
			await this.#engine.stop();
			for (const signal of signals) {
				process.off(signal, stop);
			}
		}
	}

	#readHost(): FirstReading {
		return new FirstReading(this.#host, {
			onWhole: () => {
				this.#planner.settle();
				this.#choosePorts();
			},
			onSlow: (programs) =>
				this.#tell(describeWait(programs, this.#recorder !== null)),
		});
	}

	/**
	 * Captures as soon as the ports are known, and begins the log once the host has said
	 * all: frames wait in the kernel meanwhile. Slow tools are not waited for.
	 */
	async #record(reading: FirstReading): Promise<void> {
		const found = await this.#findPorts(reading);
		const { write, rotation } = this.#options;
		const output = await openOutput(write, rotation);
		const recorder = this.#begin(output);
		// More may have been said meanwhile.
		const { ports, problems } = this.#planner.plan();
		await recorder.setPorts(problems.length === 0 ? ports : found);
		checkCaptured(recorder);
		if (write !== "-") {
			this.#tell(describeRecording(recorder));
		}
		await reading.wholeOrSlow();
		this.#host.watch();
		this.#conclude(await this.#runUntilStopped(recorder), recorder, output);
	}

	/** @throws {Failure} when they are not all known once the host has said all */
	async #findPorts(reading: FirstReading): Promise<readonly ChosenPort[]> {
		for (;;) {
			const { ports, problems } = this.#planner.plan();
			if (this.#isAskedToEnd) {
				throw new Failure(
					"ended before the capture began: nothing is recorded",
				);
			}
			if (problems[0] === undefined) {
				return ports;
			}
			if (reading.isOver || this.#planner.linksGap !== null) {
				throw new Failure(problems[0]);
			}
			await reading.next();
		}
	}

	#takeRequests(): void {
		takeRequests(process.stdin, {
			counters: () => void this.#host.readCounters("suspicion", 0),
			end: () => this.#stop(),
		});
	}

	/** Before there is a recording, nobody waits for what the host says any more. */
	#stop(): void {
		this.#isAskedToEnd = true;
		this.#reading?.end();
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
			beforeEnd: () => this.#host.readCounters("end", lastReadingMs),
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
		this.#reading?.note();
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
			this.#choosePorts();
		}
	}

	/** What cannot be found among what was said so far may be in what is still to come. */
	#choosePorts(): void {
		if (this.#recorder !== null) {
			const { ports, problems } = this.#planner.plan();
			if (problems.length === 0 || this.#planner.isSettled) {
				void this.#recorder.setPorts(ports);
			}
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
