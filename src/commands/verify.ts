import { NotACaptureError } from "../capture-file/sink.js";
import { type Verdict, type VerdictExit, worstExit } from "../model/verdict.js";
import { formatCount } from "../show/units.js";
import { verdictsToJson, verdictToJson } from "../show/verdict-json.js";
import { showVerdicts } from "../show/verdict-table.js";
import { showVerdict } from "../show/verdict-text.js";
import { Failure } from "./failure.js";
import { readGivenTopology, type TopologyFiles } from "./given-topology.js";
import { openInputs, readLinks } from "./inputs.js";
import type { LiveOptions } from "./live-log.js";
import { Output } from "./output.js";
import { ProgressBar } from "./progress.js";
import { chooseLayout } from "./terminal-layout.js";
import { readLive } from "./verify-live.js";
import { type VerifyQuestion, VerifyRun } from "./verify-run.js";

/** What `vmpath verify` was asked for. */
export interface VerifyCommandOptions extends VerifyQuestion {
	/** Recordings; null: this host, live. */
	readonly read: readonly string[] | null;
	readonly files: TopologyFiles & { readonly links: string | null };
	readonly live: LiveOptions;
	readonly timeoutMs: number;
	readonly format: "text" | "json";
	readonly hasPerfdata: boolean;
}

/**
 * Gives the verdict on a VM, or on every running one: from recordings or, live, as soon
 * as it is settled.
 *
 * @returns the exit code
 * @throws {Failure} when it cannot begin, there is no such VM, or the recorder fails
 */
export async function runVerify(
	options: VerifyCommandOptions,
): Promise<VerdictExit> {
	const run =
		options.read === null
			? await readLive(options)
			: await readRecordings(options, options.read);
	const verdicts = run.judge();
	const output = new Output(() => {});
	const nameless = run.tellNameless(options.read !== null);
	if (options.vm === null && nameless !== null) {
		output.tell(nameless);
	}
	output.write(format(verdicts, options));
	output.flush();
	adviseIfLossy(verdicts, run.dropped, output);
	return worstExit(verdicts.map(({ exit }) => exit));
}

async function readRecordings(
	options: VerifyCommandOptions,
	paths: readonly string[],
): Promise<VerifyRun> {
	const links = {
		...(await readLinks(options.files.links)),
		topology: await readGivenTopology(options.files),
	};
	const progress = new ProgressBar(process.stderr, performance.now());
	const inputs = await openInputs(paths, (bytes) =>
		progress.add(bytes, performance.now()),
	);
	progress.setTotal(
		inputs.reduce((sum, { size }) => (sum ?? 0) + (size ?? 0), 0),
	);
	const output = new Output(() => progress.clear());
	const run = new VerifyRun(inputs, links, options, (message) =>
		output.tell(message),
	);
	let isInterrupted = false;
	const close = () => {
		for (const input of inputs) {
			input.close();
		}
	};
	const interrupt = () => {
		isInterrupted = true;
		close();
	};
	process.once("SIGINT", interrupt);
	try {
		await run.read(() => !isInterrupted);
	} catch (error) {
		throw error instanceof NotACaptureError
			? new Failure(error.message)
			: error;
	} finally {
		process.off("SIGINT", interrupt);
		progress.clear();
		close();
	}
	return run;
}

function format(
	verdicts: readonly Verdict[],
	{ format, hasPerfdata, subject, vm }: VerifyCommandOptions,
): string {
	const [only] = verdicts;
	const isOne = vm !== null && only !== undefined;
	if (format === "json") {
		const object = isOne
			? verdictToJson(only)
			: verdictsToJson(subject, verdicts);
		return `${JSON.stringify(object)}\n`;
	}
	const layout = { ...chooseLayout(), hasPerfdata };
	return isOne
		? showVerdict(only, layout)
		: showVerdicts(subject, verdicts, layout);
}

/** What the capture lost may be what was looked for. */
function adviseIfLossy(
	verdicts: readonly Verdict[],
	dropped: number,
	output: Output,
): void {
	if (dropped > 0 && verdicts.some(({ exit }) => exit === 3)) {
		output.tell(
			`the capture lost ${formatCount(dropped, "frame")}: give it more room with --buffer 128M, and try again`,
		);
	}
}
