#!/usr/bin/env node
import { readFileSync } from "node:fs";
import {
	Command,
	CommanderError,
	InvalidArgumentError,
	Option,
} from "commander";
import { Failure } from "./commands/failure.js";
import { parseTime } from "./commands/filters.js";
import { formats, tell } from "./commands/output.js";
import { makeSafe } from "./model/safe-text.js";

const exitCannotTell = 3;
const protocols = ["arp", "dhcp", "icmp"] as const;

function readVersion(): string {
	const url = new URL("../../package.json", import.meta.url);
	return JSON.parse(readFileSync(url, "utf8")).version;
}

function parseCount(text: string): number {
	const count = Number(text);
	if (!Number.isSafeInteger(count) || count < 1) {
		throw new InvalidArgumentError("It takes a whole number from 1 on.");
	}
	return count;
}

function collect(text: string, previous: readonly string[] = []): string[] {
	return [...previous, text];
}

function collectProtocol(text: string, previous: readonly string[] = []) {
	if (!protocols.some((protocol) => protocol === text)) {
		throw new InvalidArgumentError(`It is one of ${protocols.join(", ")}.`);
	}
	return collect(text, previous);
}

function createProgram(version: string): Command {
	const program = new Command("vmpath")
		.description(
			"Shows the real path of ARP, DHCP and ICMP frames between a KVM guest and its gateway, and where they were lost.",
		)
		.version(version)
		.exitOverride()
		.configureOutput({ outputError: () => {} });
	addReplay(program, version);
	return program;
}

function addReplay(program: Command, version: string): void {
	program
		.command("replay")
		.description("trace the frames of saved captures")
		.argument(
			"<capture...>",
			"pcap or pcapng, gzip or not; `-` for standard input; `vnet0=FILE` names the interface of a file that does not",
		)
		.addOption(
			new Option("--format <format>", "how results are printed")
				.choices(formats)
				.default("text"),
		)
		.option("--frames", "show every frame of interest, decoded")
		.option(
			"--links <file>",
			"output of `ip -o link`: names for the interface numbers of an SLL2 capture",
		)
		.option("--vm <vm>", "only this VM: MAC address, tap or IP address")
		.option(
			"--protocol <protocol>",
			`only this one of ${protocols.join(", ")} (repeatable)`,
			collectProtocol,
		)
		.option("--interface <name>", "only what passed it (repeatable)", collect)
		.option("--since <time>", "only from this time on: ISO 8601 or epoch")
		.option("--until <time>", "only up to this time")
		.option("--limit <count>", "end after so many results", parseCount)
		.action(async (captures: string[], options) => {
			const { replay } = await import("./commands/replay.js");
			await replay(captures, {
				format: options.format,
				frames: options.frames ?? false,
				links: options.links ?? null,
				limit: options.limit ?? null,
				version,
				filters: {
					vm: options.vm ?? null,
					protocols: options.protocol ?? [],
					interfaces: options.interface ?? [],
					since: parseOptionalTime(options.since, "--since"),
					until: parseOptionalTime(options.until, "--until"),
				},
			});
		});
}

function parseOptionalTime(text: string | undefined, option: string) {
	return text === undefined ? null : parseTime(text, option);
}

/** Puts what went wrong into one line; returns the exit code. */
function explain(error: unknown): number {
	if (error instanceof CommanderError) {
		if (error.exitCode === 0) {
			return 0;
		}
		tell(makeSafe(error.message.replace(/^error: /, "")));
		return exitCannotTell;
	}
	if (error instanceof Failure) {
		tell(error.message);
	} else {
		tell(
			`internal error: ${makeSafe(String(error))} (VMPATH_DEBUG=1 shows where)`,
		);
	}
	if (process.env.VMPATH_DEBUG) {
		console.error(error);
	}
	return exitCannotTell;
}

/** Whoever reads our output has gone: that is no error. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	process.exit(error.code === "EPIPE" ? 0 : explain(error));
});

try {
	await createProgram(readVersion()).parseAsync();
} catch (error) {
	process.exitCode = explain(error);
}
