import { type Command, Option } from "commander";
import type { VerdictSubject } from "../model/verdict.js";
import {
	collect,
	connectOption,
	defaultSnapLength,
	engines,
	type ParsedCaptureOptions,
	type ParsedHostFiles,
	parseBuffer,
	parseSpan,
	readCaptureOptions,
	readHostFiles,
} from "./arguments.js";
import { formatOption } from "./print-options.js";

const formats = ["text", "json"] as const;
const defaultTimeout = "120s";

interface ParsedOptions
	extends ParsedHostFiles,
		Pick<ParsedCaptureOptions, "connect" | "engine" | "buffer"> {
	readonly format: (typeof formats)[number];
	readonly all?: boolean;
	readonly read?: string[];
	readonly server?: string[];
	readonly gateway?: string;
	readonly timeout?: number;
	readonly perfdata?: boolean;
	readonly write?: string;
	readonly sudo?: boolean;
}

/** `vmpath verify`: one sentence, one exit code. */
export function addVerify(program: Command): void {
	const verify = program
		.command("verify")
		.description(
			"say in one sentence, and by the exit code, whether it works: 0 yes, 1 degraded, 2 no, 3 cannot tell",
		);
	const dhcp = verify
		.command("dhcp")
		.description("does DHCP reach this VM, and if not, where is it lost?")
		.option(
			"--server <ip...>",
			"the DHCP servers that are expected: an answer of another one is a finding",
		);
	const gateway = verify
		.command("gateway")
		.description(
			"does this VM reach its gateway and, behind NAT, get out by the uplink?",
		)
		.option(
			"--gateway <ip>",
			"the VM's gateway (default: as its lease, the host or its traffic tell)",
		);
	addOptions(dhcp, "dhcp");
	addOptions(gateway, "gateway");
}

function addOptions(command: Command, subject: VerdictSubject): void {
	command
		.argument("[vm]", "name, UUID, MAC address, tap or IP address of the VM")
		.option("--all", "every running VM: a table")
		.option(
			"--read <file...>",
			"from recordings (pcapng, pcap; `-`: standard input) instead of live",
		)
		.option(
			"--timeout <time>",
			`live: give up after 30s, 5m (default: ${defaultTimeout})`,
			parseSpan,
		)
		.addOption(formatOption(formats, "the verdict"))
		.option("--perfdata", "performance data behind the sentence, after `|`")
		.option("-w, --write <file>", "live: keep the recording as well")
		.option("--links <file>", "with --read: as for `vmpath replay`")
		.option("--topology <file>", "with --read: as for `vmpath replay`")
		.option(
			"--domain-xml <file>",
			"with --read: output of `virsh dumpxml` (repeatable)",
			collect,
		)
		.option("--sudo", "live: capture through sudo, also without a terminal")
		.addOption(connectOption("live: "))
		.option("--buffer <size>", "live: as for `vmpath watch`", parseBuffer)
		.addOption(
			new Option("--engine <engine>", "live: as for `vmpath watch`").choices(
				engines,
			),
		)
		.action(async (vm: string | undefined, options: ParsedOptions) => {
			process.exitCode = await run(subject, vm ?? null, options);
		});
}

async function run(
	subject: VerdictSubject,
	named: string | null,
	options: ParsedOptions,
): Promise<number> {
	const { runVerify } = await import("../commands/verify.js");
	const { checkQuestion, takeVm } = await import(
		"../commands/verify-question.js"
	);
	const question = takeVm(
		{
			subject,
			vm: named,
			read: options.read ?? null,
			servers: options.server ?? [],
			gateway: options.gateway ?? null,
		},
		options.all ?? false,
	);
	checkQuestion(question, options.all ?? false);
	const { vm } = question;
	const capture = { ...options, snaplen: defaultSnapLength };
	return runVerify({
		...question,
		files: readHostFiles(options),
		live: {
			capture: readCaptureOptions(capture, vm === null ? [] : [vm]),
			write: options.write ?? null,
			sudo: options.sudo ?? false,
		},
		timeoutMs: options.timeout ?? parseSpan(defaultTimeout),
		format: options.format,
		hasPerfdata: options.perfdata ?? false,
	});
}
