import { NotACaptureError } from "../capture-file/sink.js";
import { Failure } from "./failure.js";
import { checkFilters } from "./filters.js";
import { readGivenTopology, type TopologyFiles } from "./given-topology.js";
import { type Input, openInputs, readLinks } from "./inputs.js";
import { LogRun, type LogRunOptions } from "./log-run.js";
import { Output } from "./output.js";
import { ProgressBar } from "./progress.js";

/** What `vmpath replay` was asked for. */
export interface ReplayOptions extends LogRunOptions, TopologyFiles {
	/** File with the output of `ip -o link`. */
	readonly links: string | null;
}

/**
 * Replays saved captures: shows the path of every frame of interest.
 *
 * @param args the captures, as named on the command line
 * @throws {Failure} when one cannot be read, or is none
 */
export async function replay(
	args: readonly string[],
	options: ReplayOptions,
): Promise<void> {
	checkFilters(options.filters);
	checkDrawn(options);
	const links = {
		...(await readLinks(options.links)),
		topology: await readGivenTopology(options),
	};
	const progress = new ProgressBar(process.stderr, performance.now());
	const inputs = await openInputs(args, (bytes) =>
		progress.add(bytes, performance.now()),
	);
	progress.setTotal(sumSizes(inputs));
	const output = new Output(() => progress.clear());
	const run = new LogRun(inputs, links, options, output);
	const close = () => {
		for (const input of inputs) {
			input.close();
		}
	};
	const interrupt = () => {
		run.interrupt();
		close();
	};
	process.once("SIGINT", interrupt);
	try {
		await run.read();
	} catch (error) {
		throw error instanceof NotACaptureError
			? new Failure(error.message)
			: error;
	} finally {
		process.off("SIGINT", interrupt);
		progress.clear();
		output.flush();
		close();
	}
}

/** @throws {Failure} when ids are given to what does not draw them */
function checkDrawn({ format, drawn }: ReplayOptions): void {
	const isChosen = drawn.journeys.length > 0 || drawn.exchange !== null;
	if (isChosen && format !== "mermaid") {
		throw new Failure(
			"--journey and --exchange choose what --format mermaid draws: give that as well",
		);
	}
}

/** Bytes to read in all; null when one of the inputs does not tell. */
function sumSizes(inputs: readonly Input[]): number | null {
	return inputs.reduce<number | null>(
		(sum, { size }) => (sum === null || size === null ? null : sum + size),
		0,
	);
}
