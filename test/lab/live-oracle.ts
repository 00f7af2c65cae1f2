import { join } from "node:path";
import { captureFilter } from "./capture.js";
import { type Child, startChild } from "./child.js";
import { type Command, run } from "./command.js";
import type { Lab } from "./lab.js";
import { inNamespace } from "./namespaces.js";

/** What tcpdump captures at each port, beside the program. */
export interface PortDumps {
	/** Ends them all. Returns the file of each port; throws when one lost a frame. */
	stop(): Promise<ReadonlyMap<string, string>>;
}

/** Starts a tcpdump at each port, and waits until each captures. */
export async function startPortDumps(
	lab: Lab,
	ports: readonly string[],
): Promise<PortDumps> {
	const dumps = new Map<string, Child>();
	const fileOf = (port: string) => join(lab.directory, `${port}.pcap`);
	for (const port of ports) {
		const command: Command = [
			"tcpdump",
			...["-n", "-U", "--immediate-mode", "-s", "2048", "-B", "16384"],
			...["-Z", "root"],
			...["--time-stamp-precision=nano", "-i", port, "-w", fileOf(port)],
			captureFilter,
		];
		const dump = startChild(inNamespace(lab.namespaces.kvmhost, command));
		lab.teardown.add(() => dump.stop("SIGINT"));
		dumps.set(port, dump);
	}
	const all = [...dumps.values()];
	await Promise.all(all.map((dump) => dump.saying(/listening on/)));
	return {
		stop: async () => {
			const said = await Promise.all(all.map((dump) => dump.stop("SIGINT")));
			for (const words of said) {
				if (!/^0 packets dropped by kernel/m.test(words)) {
					throw new Error(`tcpdump lost frames: ${words}`);
				}
			}
			return new Map(ports.map((port) => [port, fileOf(port)]));
		},
	};
}

/** A frame as tcpdump prints it: its time first, to the nanosecond, then all its bytes. */
export interface PrintedFrame {
	/** Seconds since the epoch. */
	readonly seconds: number;
	readonly text: string;
}

/** Reads a capture file with tcpdump. */
export async function printFrames(
	path: string,
): Promise<readonly PrintedFrame[]> {
	const printed = await run([
		"tcpdump",
		...["-n", "-e", "-tt", "-xx", "--time-stamp-precision=nano"],
		...["-r", path],
	]);
	return printed
		.split(/\n(?=\d)/)
		.filter((text) => text !== "")
		.map((text) => ({ seconds: Number.parseFloat(text), text }));
}

/** Copies the frames of one interface of a log into a file, in their order, with tshark. */
export async function pickInterface(
	log: string,
	name: string,
	into: string,
): Promise<void> {
	const filter = `frame.interface_name == "${name}"`;
	await run(["tshark", "-n", "-r", log, "-Y", filter, "-w", into]);
}

/** Fields of the frames of a log, as tshark reads them; not of host documents. */
export async function readFields(
	log: string,
	fields: readonly string[],
	filter = "frame",
): Promise<readonly (readonly string[])[]> {
	const printed = await run([
		"tshark",
		...["-n", "-r", log, "-T", "fields", "-E", "occurrence=f"],
		...["-Y", `(${filter}) && frame.interface_name != "vmpath:host"`],
		...fields.flatMap((field) => ["-e", field]),
	]);
	return printed
		.split("\n")
		.filter((row) => row !== "")
		.map((row) => row.split("\t"));
}
