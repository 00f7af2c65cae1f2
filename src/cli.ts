#!/usr/bin/env node
import { readFileSync } from "node:fs";
import {
	Command,
	CommanderError,
	InvalidArgumentError,
	Option,
} from "commander";
import { Failure } from "./commands/failure.js";

import { formats, tell } from "./commands/output.js";
import { parseTime } from "./commands/parse-time.js";
import { makeSafe } from "./model/safe-text.js";

const exitCannotTell = 3;
const protocols = ["arp", "dhcp", "icmp"] as const;

function readVersion(): string {
	const url = new URL("../../package.json", import.meta.url);
	return JSON.parse(readFileSync(url, "utf8")).version;
}

function parseCount(text: string): number {
	const count = Number(text);
	if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < 1) {
		throw new InvalidArgumentError("It takes a whole number from 1 on.");
	}
	return count;
}

function collect(text: string, previous: readonly string[] = []): string[] {
	return [...previous, text];
}

function collectId(text: string, previous: readonly number[] = []): number[] {
	return [...previous, parseCount(text)];
}

function collectProtocol(text: string, previous: readonly string[] = []) {
	const name = text.toLowerCase();
	if (!protocols.some((protocol) => protocol === name)) {
		throw new InvalidArgumentError(`It is one of ${protocols.join(", ")}.`);
	}
	return collect(name, previous);
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
			"output of `ip -o link` on the captured host: what is the host's own, and names for the interface numbers of an SLL2 capture",
		)
		.option("--vm <vm>", "only this VM: MAC address, tap or IP address")
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
		.action(async (captures: string[], options) => {
			const { replay } = await import("./commands/replay.js");
			await replay(captures, {
				format: options.format,
				frames: options.frames ?? false,
				links: options.links ?? null,
				limit: options.limit ?? null,
				version,
				drawn: {
					journeys: options.journey ?? [],
					exchange: options.exchange ?? null,
				},
				filters: {
					vm: options.vm ?? null,
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

/** Puts what went wrong into one line; returns the exit code. */
function explain(error: unknown): number {
	if (error instanceof CommanderError) {
		return explainUsage(error);
	}
	tell(
		error instanceof Failure
			? error.message
			: `internal error: ${makeSafe(String(error))} (VMPATH_DEBUG=1 shows where)`,
	);
	if (process.env.VMPATH_DEBUG) {
		process.stderr.write(formatStack(error));
	}
	return exitCannotTell;
}

/** Help that was asked for is no error; without a command, commander shows it too. */
function explainUsage({ code, exitCode, message }: CommanderError): number {
	if (code !== "commander.help" && exitCode !== 0) {
		const line = message.replace(/^error: /, "").replaceAll("\n", " ");
		tell(`${makeSafe(line)} (see \`vmpath --help\`)`);
	}
	return exitCode === 0 ? 0 : exitCannotTell;
}

/** The stacks of an error and of what caused it; their messages may hold anything. */
function formatStack(error: unknown): string {
	const { stack, cause } = error instanceof Error ? error : new Error();
	const lines = (stack ?? "").split("\n").map((line) => `${makeSafe(line)}\n`);
	return lines.join("") + (cause instanceof Error ? formatStack(cause) : "");
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	// Whoever reads our output has gone: that is no error.
	if (error.code === "EPIPE") {
		process.exit(0);
	}
	tell(`cannot write to standard output: ${makeSafe(error.message)}`);
	process.exit(exitCannotTell);
});
process.stderr.on("error", () => {
	// Nobody reads our messages: the exit code says it.
});

try {
	await createProgram(readVersion()).parseAsync();
} catch (error) {
	process.exitCode = explain(error);
}
