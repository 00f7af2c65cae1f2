#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addDoctor } from "./cli/doctor.js";
import { addRecord } from "./cli/record.js";
import { addReplay } from "./cli/replay.js";
import { addTopology } from "./cli/topology.js";
import { addVerify } from "./cli/verify.js";
import { addWatch } from "./cli/watch.js";
import { Failure } from "./commands/failure.js";
import { tell } from "./commands/output.js";
import { guardStandardStreams } from "./commands/standard-streams.js";
import { makeSafe } from "./model/safe-text.js";

const exitCannotTell = 3;

function readVersion(): string {
	const url = new URL("../../package.json", import.meta.url);
	return JSON.parse(readFileSync(url, "utf8")).version;
}

function createProgram(version: string): Command {
	const program = new Command("vmpath")
		.description(
			"Shows the real path of ARP, DHCP and ICMP frames between a KVM guest and its gateway, and where they were lost.",
		)
		.version(version)
		.exitOverride()
		.configureOutput({ outputError: () => {} });
	addWatch(program, version);
	addReplay(program, version);
	addRecord(program, version);
	addVerify(program);
	addTopology(program);
	addDoctor(program);
	return program;
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

guardStandardStreams();
try {
	await createProgram(readVersion()).parseAsync();
} catch (error) {
	process.exitCode = explain(error);
}
