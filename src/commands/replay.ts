import { basename } from "node:path";
import { NotACaptureError } from "../capture-file/sink.js";
import type { SafeText } from "../model/safe-text.js";
import type { Keyboard } from "../terminal/keyboard.js";
import { Failure } from "./failure.js";
import { checkFilters } from "./filters.js";
import { readGivenTopology, type TopologyFiles } from "./given-topology.js";
import { type HostLinks, type Input, openInputs, readLinks } from "./inputs.js";
import { LogRun, type LogRunOptions } from "./log-run.js";
import { Output } from "./output.js";
import { ProgressBar } from "./progress.js";
import { ScreenRun } from "./screen-run.js";
import { findKeyboard } from "./terminal-layout.js";

/** What `vmpath replay` was asked for. */
export interface ReplayOptions extends LogRunOptions, TopologyFiles {
	/** File with the output of `ip -o link`. */
	readonly links: string | null;
	/** Print lines, also where a screen can be drawn. */
	readonly lines: boolean;
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
	const links: HostLinks = {
		...(await readLinks(options.links)),
		topology: await readGivenTopology(options),
	};
	const keyboard = options.lines ? null : findKeyboard(args.includes("-"));
	if (keyboard !== null) {
		await replayOnScreen(args, links, options, keyboard);
		return;
	}
	const progress = new ProgressBar(process.stderr, performance.now());
	const inputs = await openInputs(args, (bytes) =>
		progress.add(bytes, performance.now()),
	);
	progress.setTotal(sumSizes(inputs));
	const output = new Output(() => progress.clear());
	const run = new LogRun(inputs, links, options, output);
	const interrupt = () => {
		run.interrupt();
		closeAll(inputs);
	};
	process.once("SIGINT", interrupt);
	try {
		await run.read();
	} catch (error) {
		throw explain(error);
	} finally {
		process.off("SIGINT", interrupt);
		progress.clear();
		output.flush();
		closeAll(inputs);
	}
}

async function replayOnScreen(
	args: readonly string[],
	links: HostLinks,
	{ version, filters }: ReplayOptions,
	keyboard: Keyboard,
): Promise<void> {
	const inputs = await openInputs(args, () => {});
	const names = inputs.map(({ name }) => basename(name));
	const run = new ScreenRun(
		inputs,
		links,
		{
			keyboard,
			version,
			filters,
			// What is put together of safe names is safe: again, escapes would be doubled.
			source: names.join(", ") as SafeText,
			isLive: false,
			isPiped: args.includes("-"),
			onTrouble: () => {},
		},
		new Output(() => {}),
	);
	try {
		await run.run({
			checkEnd: async () => {},
			stop: () => closeAll(inputs),
		});
	} catch (error) {
		throw explain(error);
	}
}

function closeAll(inputs: readonly Input[]): void {
	for (const input of inputs) {
		input.close();
	}
}

function explain(error: unknown): unknown {
	return error instanceof NotACaptureError ? new Failure(error.message) : error;
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
