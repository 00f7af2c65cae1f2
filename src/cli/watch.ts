import type { Command } from "commander";
import type { Protocol } from "../model/frame.js";
import {
	addCaptureOptions,
	collectProtocol,
	type ParsedCaptureOptions,
	parseCount,
	protocols,
	readCaptureOptions,
} from "./arguments.js";
import {
	addLineOptions,
	type ParsedLineOptions,
	readLineOptions,
} from "./print-options.js";

const formats = ["text", "jsonl"] as const;

interface ParsedOptions
	extends ParsedCaptureOptions,
		ParsedLineOptions<(typeof formats)[number]> {
	readonly protocol?: Protocol[];
	readonly problems?: boolean;
	readonly write?: string;
	readonly sudo?: boolean;
}

/** `vmpath watch`: captures on this host, and traces what passes as it passes. */
export function addWatch(program: Command, version: string): void {
	const command = program
		.command("watch")
		.description("trace what passes on this host, as it passes (needs root)")
		.argument(
			"[vm...]",
			"only these VMs: name, UUID, MAC, tap or IP address (default: all)",
		);
	addLineOptions(command, formats)
		.option("-w, --write <file>", "keep the recording as well")
		.option("--frames", "show every frame of interest, decoded")
		.option(
			"--protocol <protocol>",
			`show only this one of ${protocols.join(", ")} (repeatable)`,
			collectProtocol,
		)
		.option("--problems", "show only what was not plainly delivered")
		.option("--limit <count>", "end after so many results", parseCount)
		.option("--sudo", "capture through sudo, also without a terminal");
	addCaptureOptions(command).action(
		async (vms: string[], options: ParsedOptions) => {
			const { watch } = await import("../commands/watch.js");
			await watch({
				...readLineOptions(options),
				capture: readCaptureOptions(options, vms),
				version,
				drawn: { journeys: [], exchange: null },
				write: options.write ?? null,
				sudo: options.sudo ?? false,
				filters: {
					vms,
					protocols: options.protocol ?? [],
					interfaces: [],
					since: null,
					until: null,
					problems: options.problems ?? false,
				},
			});
		},
	);
}
