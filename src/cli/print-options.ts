import { type Command, Option } from "commander";

/** Options of `watch` and `replay`: how results are printed, and whether a screen opens. */
export function addLineOptions(
	command: Command,
	formats: readonly string[],
): Command {
	return command
		.addOption(
			new Option(
				"--format <format>",
				"print results so, and open no screen (default: text, where there is no terminal)",
			).choices(formats),
		)
		.option(
			"--lines",
			"print lines, also on a terminal; so do --format, --frames and --limit",
		);
}

/** What decides how results are printed: `addLineOptions`, `--frames` and `--limit`. */
export interface ParsedLineOptions<Format> {
	readonly format?: Format;
	readonly lines?: boolean;
	readonly frames?: boolean;
	readonly limit?: number;
}

/** Lines are for what is printed line by line: a screen has no use for it. */
export function readLineOptions<Format>({
	format,
	lines,
	frames,
	limit,
}: ParsedLineOptions<Format>) {
	return {
		format: format ?? ("text" as const),
		lines: [lines, format, frames, limit].some((one) => one !== undefined),
		frames: frames ?? false,
		limit: limit ?? null,
	};
}

/** `--format` of a command that prints one thing, as text unless it is said. */
export function formatOption(
	formats: readonly string[],
	printed = "it",
): Option {
	return new Option("--format <format>", `how ${printed} is printed`)
		.choices(formats)
		.default("text");
}
