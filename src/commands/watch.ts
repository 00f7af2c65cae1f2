import { NotACaptureError } from "../capture-file/sink.js";
import { checkFilters } from "./filters.js";
import { type LiveLog, type LiveOptions, startLiveLog } from "./live-log.js";
import { LogRun, type LogRunOptions } from "./log-run.js";
import { Output } from "./output.js";

/** What `vmpath watch` was asked for. */
export interface WatchOptions extends LogRunOptions, LiveOptions {}

/** How often it is looked whether the recorder still is alive. */
const checkMs = 500;
/** A reader of standard output that takes nothing for so long is given up. */
const patienceMs = 3000;

/**
 * Watches this host: a recorder captures, with the privileges for it, and everything else
 * is a replay of what it writes.
 *
 * @throws {Failure} when it cannot begin, or the recorder fails
 */
export async function watch(options: WatchOptions): Promise<void> {
	checkFilters(options.filters);
	const output = new Output(() => {});
	const log = await startLiveLog(options, (message) => output.tell(message));
	await new Watch(options, log, output).run();
}

/** One watch over the log of a recorder that was just started. */
class Watch {
	readonly #log: LiveLog;
	readonly #output: Output;
	readonly #run: LogRun;
	#isBegun = false;
	#isAsked = false;

	constructor(options: WatchOptions, log: LiveLog, output: Output) {
		this.#log = log;
		this.#output = output;
		const links = { indexNames: new Map(), hostMacs: new Map() };
		this.#run = new LogRun([log.file], links, options, output);
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
			this.#output.flush();
			await this.#log.close();
		}
		if (this.#isAsked) {
			this.#output.endWithin(patienceMs);
		}
		await this.#log.checkEnd();
	}

	#check(): void {
		if (!this.#output.isHeldUp) {
			this.#log.check();
		}
		const { portNames } = this.#run;
		if (!this.#isBegun && portNames.length > 0) {
			this.#isBegun = true;
			this.#output.tell(`watching ${portNames.join(", ")} (Ctrl-C ends it)`);
		}
	}

	/** The recorder ends, and with it the log: all that is open is judged and shown. */
	#stop(): void {
		this.#isAsked = true;
		this.#run.setReason("interrupted");
		this.#log.stop();
	}
}
