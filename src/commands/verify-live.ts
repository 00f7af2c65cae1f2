import { NotACaptureError } from "../capture-file/sink.js";
import { makeSafe } from "../model/safe-text.js";
import { listNames } from "../topology/safe-template.js";
import { Failure } from "./failure.js";
import { type LiveLog, startLiveLog } from "./live-log.js";
import { Output } from "./output.js";
import type { VerifyCommandOptions } from "./verify.js";
import { VerifyProgress } from "./verify-progress.js";
import { VerifyRun } from "./verify-run.js";

/** How often the line of progress is drawn, and the recorder looked after. */
const checkMs = 500;

/**
 * Captures on this host until the verdict is settled, the time is up, or Ctrl-C.
 *
 * @throws {Failure} when it cannot begin, or the recorder fails
 */
export async function readLive(
	options: VerifyCommandOptions,
): Promise<VerifyRun> {
	const progress = new VerifyProgress(process.stderr);
	const output = new Output(() => progress.clear());
	const tell = (message: string) => output.tell(message);
	const log = await startLiveLog(options.live, tell);
	const links = { indexNames: new Map(), hostMacs: new Map() };
	const run = new VerifyRun([log.file], links, options, tell);
	try {
		await readUntilSettled(run, log, progress, options.timeoutMs, () => {
			if (!process.stderr.isTTY) {
				tell(describeBegin(run, options));
			}
		});
	} finally {
		progress.clear();
		await log.close();
	}
	await log.checkEnd();
	if (!run.hasBegun) {
		throw new Failure("ended before the capture began: nothing was seen");
	}
	return run;
}

async function readUntilSettled(
	run: VerifyRun,
	log: LiveLog,
	progress: VerifyProgress,
	timeoutMs: number,
	onBegin: () => void,
): Promise<void> {
	let isStopped = false;
	/** When the recorder wrote something first: before, a password may be asked for. */
	let begunMs: number | null = null;
	const stop = () => {
		if (!isStopped) {
			isStopped = true;
			log.stop();
		}
	};
	const check = () => {
		log.check();
		if (begunMs === null || isStopped) {
			return;
		}
		const leftMs = begunMs + timeoutMs - performance.now();
		if (leftMs <= 0) {
			progress.clear();
			stop();
		} else {
			progress.draw(() => run.describeProgress(), leftMs);
		}
	};
	const checking = setInterval(check, checkMs);
	// For good: a second Ctrl-C, while it ends, must not take the verdict away.
	for (const signal of ["SIGINT", "SIGTERM"] as const) {
		process.on(signal, stop);
	}
	try {
		await run.read(() => {
			if (begunMs === null && run.hasBegun) {
				begunMs = performance.now();
				onBegin();
			}
			if (!isStopped && run.isSettled()) {
				stop();
			}
			return true;
		});
	} catch (error) {
		// A recorder that could not begin writes nothing: it says why itself.
		if (!(error instanceof NotACaptureError)) {
			throw error;
		}
	} finally {
		clearInterval(checking);
	}
}

/** For those who script what is to be seen: from here on it is. */
function describeBegin(
	{ portNames }: VerifyRun,
	{ subject, vm }: VerifyCommandOptions,
): string {
	const what = subject === "dhcp" ? "DHCP" : "ARP and pings";
	const whose = vm === null ? "every VM" : makeSafe(vm);
	return `watching ${listNames(portNames)} for ${what} of ${whose}`;
}
