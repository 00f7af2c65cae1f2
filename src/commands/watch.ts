import { NotACaptureError } from "../capture-file/sink.js";
import { EndSignals } from "../terminal/end-signals.js";
import type { Keyboard } from "../terminal/keyboard.js";
import { checkFilters } from "./filters.js";
import type { HostLinks } from "./inputs.js";
import { type LiveLog, type LiveOptions, startLiveLog } from "./live-log.js";
import { LogRun, type LogRunOptions } from "./log-run.js";
import { Output } from "./output.js";
import { ScreenRun } from "./screen-run.js";
import { findKeyboard } from "./terminal-layout.js";

/** What `vmpath watch` was asked for. */
export interface WatchOptions extends LogRunOptions, LiveOptions {
	/** Print lines, also where a screen can be drawn. */
	readonly lines: boolean;
}

/** The log of a recorder says itself what it needs. */
const noLinks: HostLinks = { indexNames: new Map(), hostMacs: new Map() };
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
	const keyboard = options.lines ? null : findKeyboard(false);
	if (keyboard !== null) {
		await watchOnScreen(options, output, keyboard);
		return;
	}
	const log = await startLiveLog(options, (message) => output.tell(message));
	await new Watch(options, log, output).run();
}

/** What a recorder says before there is a screen stands above it when it is gone. */
async function watchOnScreen(
	options: WatchOptions,
	output: Output,
	keyboard: Keyboard,
): Promise<void> {
	const { version, filters } = options;
	let tell = (message: string) => output.tell(message);
	const log = await startLiveLog(options, (message) => tell(message));
	const run = new ScreenRun(
		[log.file],
		noLinks,
		{
			keyboard,
			version,
			filters,
			source: null,
			isLive: true,
			isPiped: false,
			onTrouble: () => log.askForCounters(),
		},
		output,
	);
	tell = (message) => run.tell(message);
	const checking = setInterval(() => log.check(), checkMs);
	try {
		await run.run({ checkEnd: () => log.checkEnd(), stop: () => log.stop() });
	} catch (error) {
		if (!(error instanceof NotACaptureError)) {
			throw error;
		}
	} finally {
		clearInterval(checking);
		await log.close();
	}
	await log.checkEnd();
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
		this.#run = new LogRun([log.file], noLinks, options, output, () =>
			log.askForCounters(),
		);
	}

	async run(): Promise<void> {
		const checking = setInterval(() => this.#check(), checkMs);
		const signals = new EndSignals(() => this.#stop());
		try {
			await this.#run.read();
		} catch (error) {
			// A recorder that could not begin writes nothing: it says why itself.
			if (!(error instanceof NotACaptureError)) {
				throw error;
			}
		} finally {
			clearInterval(checking);
			signals.close();
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
