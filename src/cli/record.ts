import { type Command, Option } from "commander";
import { Failure } from "../commands/failure.js";
import { tell } from "../commands/output.js";
import type { Rotation } from "../recorder/rotation.js";
import {
	addCaptureOptions,
	collect,
	dhcpSnapLength,
	type ParsedCaptureOptions,
	parseCount,
	parseRoom,
	parseSpan,
	readCaptureOptions,
} from "./arguments.js";

interface ParsedOptions extends ParsedCaptureOptions {
	readonly write: string;
	readonly vm?: string[];
	readonly rotateSize?: number;
	readonly rotateAge?: number;
	readonly files?: number;
	readonly restricted?: boolean;
}

/** `vmpath record`: captures into an event log. */
export function addRecord(program: Command, version: string): void {
	const command = program
		.command("record")
		.description(
			"capture ARP, DHCP and ICMP at taps, bridges and uplinks into a pcapng file (needs root)",
		)
		.requiredOption("-w, --write <file>", "where to; `-` is standard output")
		.option(
			"--vm <vm>",
			"capture on the path of this VM: name, UUID, MAC, tap or IP address (repeatable; default: all VMs)",
			collect,
		);
	addCaptureOptions(command)
		.option(
			"--rotate-size <size>",
			"begin a new file after 100M, 1G",
			parseRoom,
		)
		.option("--rotate-age <time>", "begin a new file after 10m, 1h", parseSpan)
		.option(
			"--files <count>",
			"of the files begun so, keep the latest",
			parseCount,
		)
		.addOption(new Option("--restricted").hideHelp())
		.action(async (options: ParsedOptions) => {
			if (options.snaplen < dhcpSnapLength) {
				tell(
					`DHCP cannot be decoded of --snaplen ${options.snaplen} where its messages are longer: they have up to ${dhcpSnapLength} bytes and more`,
				);
			}
			const { record } = await import("../commands/record.js");
			await record({
				...readCaptureOptions(options, options.vm ?? []),
				write: options.write,
				rotation: readRotation(options),
				isRestricted: options.restricted ?? false,
				version,
			});
		});
}

function readRotation({
	rotateSize,
	rotateAge,
	files,
}: ParsedOptions): Rotation | null {
	const isRotated = rotateSize !== undefined || rotateAge !== undefined;
	if (files !== undefined && !isRotated) {
		throw new Failure(
			"--files keeps the latest of several files: say with --rotate-size or --rotate-age when a new one begins",
		);
	}
	return isRotated
		? {
				bytes: rotateSize ?? null,
				ageMs: rotateAge ?? null,
				files: files ?? null,
			}
		: null;
}
