import type { Command } from "commander";
import { collect, connectOption } from "./arguments.js";
import { formatOption } from "./print-options.js";

const formats = ["text", "json", "mermaid"] as const;

interface ParsedOptions {
	readonly format: (typeof formats)[number];
	readonly connect?: string;
	readonly domainXml?: string[];
	readonly agent?: boolean;
}

/** `vmpath topology`: what is plugged into what. */
export function addTopology(program: Command): void {
	program
		.command("topology")
		.description("show what is plugged into what: VMs, taps, bridges, uplinks")
		.addOption(formatOption(formats))
		.addOption(connectOption())
		.option(
			"--domain-xml <file>",
			"a VM that libvirt here does not know, as `virsh dumpxml` prints it (repeatable)",
			collect,
		)
		.option(
			"--agent",
			"ask agents in guests for their addresses; libvirt allows that to those who may change VMs",
		)
		.action(async ({ format, connect, domainXml, agent }: ParsedOptions) => {
			const { showTopology } = await import("../commands/topology.js");
			await showTopology({
				format,
				connect: connect ?? null,
				domainXml: domainXml ?? [],
				asksAgents: agent ?? false,
			});
		});
}
