import { readFileSync } from "node:fs";
import { readdir, readlink, stat } from "node:fs/promises";
import type { Json } from "../model/host-document.js";
import { tryReadStart } from "./file.js";
import { type HostOptions, locate } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";

/** A process of the host. */
export interface HostProcess {
	readonly pid: number;
	readonly uid: number | null;
	/** From comm: the program's name, cut to 15 bytes. */
	readonly name: string;
	readonly args: readonly string[];
	/** Whether it is in vmpath's own network namespace; null: that may not be read. */
	readonly isInOurNetwork: boolean | null;
}

const processLimit = 4096;

/** Finds processes by name, in order of their ids. */
export async function findProcesses(
	isWanted: (name: string) => boolean,
	options: HostOptions,
): Promise<HostProcess[]> {
	const names = await readdir(locate("/proc", options)).catch(() => []);
	const pids = names
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.sort((a, b) => a - b);
	const ourNetwork = await readNetwork("self", options);
	const wanted = pids.flatMap((pid) => {
		const name = readName(pid, options);
		return name !== null && isWanted(name) ? [{ pid, name }] : [];
	});
	return mapInTurn(wanted.slice(0, processLimit), 8, ({ pid, name }) =>
		describeProcess(pid, name, ourNetwork, options),
	);
}

/** Not by promises: of thousands they take ten times as long, and this 10 us each. */
function readName(pid: number, options: HostOptions): string | null {
	try {
		return readFileSync(locate(`/proc/${pid}/comm`, options), "utf8").trimEnd();
	} catch {
		return null;
	}
}

async function describeProcess(
	pid: number,
	name: string,
	ourNetwork: string | null,
	options: HostOptions,
): Promise<HostProcess> {
	const commandLine = await tryReadStart(`/proc/${pid}/cmdline`, options);
	const network = await readNetwork(String(pid), options);
	const owner = await stat(locate(`/proc/${pid}`, options)).catch(() => null);
	return {
		pid,
		uid: owner?.uid ?? null,
		name,
		args: (commandLine ?? "").split("\0").filter((arg) => arg !== ""),
		isInOurNetwork: network && ourNetwork ? network === ourNetwork : null,
	};
}

/** `net:[4026531840]`: which network namespace a process is in. */
async function readNetwork(
	pid: string,
	options: HostOptions,
): Promise<string | null> {
	return readlink(locate(`/proc/${pid}/ns/net`, options)).catch(() => null);
}

/** A process as documents have it. */
export function processToJson(process: HostProcess): Json {
	return { ...process };
}
