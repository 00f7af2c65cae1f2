import type { Command } from "commander";
import { connectOption } from "./arguments.js";
import { formatOption } from "./print-options.js";

const formats = ["text", "json"] as const;

interface ParsedOptions {
	readonly format: (typeof formats)[number];
	readonly connect?: string;
}

/** `vmpath doctor`: whether this host can be traced. */
export function addDoctor(program: Command): void {
	program
		.command("doctor")
		.description(
			"say whether this host can be traced, and how to mend what is not",
		)
		.addOption(formatOption(formats))
		.addOption(connectOption())
		.action(async ({ format, connect }: ParsedOptions) => {
			const { runDoctor } = await import("../commands/doctor.js");
			process.exitCode = await runDoctor({ format, connect: connect ?? null });
		});
}
