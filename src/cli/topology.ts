import { type Command, Option } from "commander";
import { collect, parseUri } from "./arguments.js";

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
		.addOption(
			new Option("--format <format>", "how it is printed")
				.choices(formats)
				.default("text"),
		)
		.option("--connect <uri>", "libvirt to ask (virsh --connect)", parseUri)
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
