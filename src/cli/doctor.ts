import { type Command, Option } from "commander";
import { parseUri } from "./arguments.js";

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
		.addOption(
			new Option("--format <format>", "how it is printed")
				.choices(formats)
				.default("text"),
		)
		.option("--connect <uri>", "libvirt to ask (virsh --connect)", parseUri)
		.action(async ({ format, connect }: ParsedOptions) => {
			const { runDoctor } = await import("../commands/doctor.js");
			process.exitCode = await runDoctor({ format, connect: connect ?? null });
		});
}
