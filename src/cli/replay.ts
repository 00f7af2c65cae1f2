import type { Command } from "commander";
import { type Format, formats } from "../commands/output.js";
import { parseTime } from "../commands/parse-time.js";
import type { Protocol } from "../model/frame.js";
import {
	collect,
	collectId,
	collectProtocol,
	type ParsedHostFiles,
	parseCount,
	protocols,
	readHostFiles,
} from "./arguments.js";
import {
	addLineOptions,
	type ParsedLineOptions,
	readLineOptions,
} from "./print-options.js";

interface ParsedOptions extends ParsedHostFiles, ParsedLineOptions<Format> {
	readonly vm?: string[];
	readonly protocol?: Protocol[];
	readonly interface?: string[];
	readonly problems?: boolean;
	readonly since?: string;
	readonly until?: string;
	readonly journey?: number[];
	readonly exchange?: number;
}

/** `vmpath replay`: traces saved captures. */
export function addReplay(program: Command, version: string): void {
	const command = program
		.command("replay")
		.description("trace the frames of saved captures")
		.argument(
			"<capture...>",
			"pcap or pcapng, gzip or not; `-` for standard input; `vnet0=FILE` names the interface of a file that does not",
		);
	addLineOptions(command, formats)
		.option("--frames", "show every frame of interest, decoded")
		.option(
			"--links <file>",
			"output of `ip -o link` on the captured host: what is the host's own, and names for the interface numbers of an SLL2 capture",
		)
		.option(
			"--topology <file>",
			"output of `vmpath topology --format json` on the captured host: roles, bridges, VMs",
		)
		.option(
			"--domain-xml <file>",
			"output of `virsh dumpxml`: names a VM by its MAC address (repeatable)",
			collect,
		)
		.option(
			"--vm <vm>",
			"only this VM: name, MAC address, tap or IP address (repeatable)",
			collect,
		)
		.option(
			"--protocol <protocol>",
			`only this one of ${protocols.join(", ")} (repeatable)`,
			collectProtocol,
		)
		.option("--interface <name>", "only what passed it (repeatable)", collect)
		.option("--problems", "only what was not plainly delivered")
		.option("--since <time>", "only from this time on: ISO 8601 or epoch")
		.option("--until <time>", "only up to this time")
		.option(
			"--journey <id>",
			"with --format mermaid: only this journey (repeatable)",
			collectId,
		)
		.option(
			"--exchange <id>",
			"with --format mermaid: only this exchange",
			parseCount,
		)
		.option("--limit <count>", "end after so many results", parseCount)
		.action(async (captures: string[], options: ParsedOptions) => {
			const { replay } = await import("../commands/replay.js");
			await replay(captures, {
				...readLineOptions(options),
				...readHostFiles(options),
				version,
				drawn: {
					journeys: options.journey ?? [],
					exchange: options.exchange ?? null,
				},
				filters: {
					vms: options.vm ?? [],
					protocols: options.protocol ?? [],
					interfaces: options.interface ?? [],
					since: parseOptionalTime(options.since, "--since"),
					until: parseOptionalTime(options.until, "--until"),
					problems: options.problems ?? false,
				},
			});
		});
}

function parseOptionalTime(text: string | undefined, option: string) {
	return text === undefined ? null : parseTime(text, option);
}
