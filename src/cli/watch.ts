import { type Command, Option } from "commander";
import {
	addCaptureOptions,
	collectProtocol,
	type ParsedCaptureOptions,
	parseCount,
	protocols,
	readCaptureOptions,
	wantsLines,
} from "./arguments.js";

const formats = ["text", "jsonl"] as const;

interface ParsedOptions extends ParsedCaptureOptions {
	readonly format?: (typeof formats)[number];
	readonly lines?: boolean;
	readonly frames?: boolean;
	readonly protocol?: ("arp" | "dhcp" | "icmp")[];
	readonly problems?: boolean;
	readonly limit?: number;
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
		)
		.addOption(
			new Option(
				"--format <format>",
				"print results so, and open no screen (default: text, where there is no terminal)",
			).choices(formats),
		)
		.option(
			"--lines",
			"print lines, also on a terminal; so do --format, --frames and --limit",
		)
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
				capture: readCaptureOptions(options, vms),
				format: options.format ?? "text",
				lines: wantsLines(options),
				version,
				frames: options.frames ?? false,
				limit: options.limit ?? null,
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
