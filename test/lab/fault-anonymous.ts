import { readFile, writeFile } from "node:fs/promises";
import type { HostStatement, Json } from "../../src/model/host-document.js";
import { anonymizeCapture } from "./anonymize.js";
import { rewriteDocuments } from "./fault-log.js";

/** What stands for the machine that the lab is on. */
const machine: Readonly<Record<string, Json>> = {
	"/proc/sys/kernel/hostname": "kvmhost",
	"/proc/sys/kernel/osrelease": "6.1.0-32-amd64",
	"/etc/os-release":
		'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
	"systemd-detect-virt": "none",
};

/**
 * Makes a recording tell of the lab and of nothing else: name, kernel and kind of the
 * machine are replaced, processes in other network namespaces left out.
 *
 * @param directory of the lab: stands for a directory of the host
 */
export async function anonymizeLog(
	path: string,
	directory: string,
): Promise<void> {
	const log = rewriteDocuments(await readFile(path), (document) => ({
		...document,
		statements: document.statements.map((one) => forget(one, directory)),
	}));
	await writeFile(path, log);
	await anonymizeCapture(path);
}

/** Text without the names of the lab's namespaces and its directory. */
export function forgetNames(text: string, directory: string): string {
	return text
		.replaceAll(directory, "/var/lib/libvirt/images")
		.replaceAll(/vmpath-\d+-(?:libvirt)?\d+-/g, "");
}

function forget(statement: HostStatement, directory: string): HostStatement {
	const text = forgetNames(JSON.stringify(statement), directory);
	const { source, output, gap } = JSON.parse(text) as HostStatement;
	const known = machine[source];
	if (known !== undefined) {
		return { source, output: known, gap };
	}
	return { source, output: isProcessList(source) ? ours(output) : output, gap };
}

function isProcessList(source: string): boolean {
	return source === "/proc/*/cmdline";
}

function ours(processes: Json): Json {
	return Array.isArray(processes)
		? processes.filter((process) => process?.isInOurNetwork === true)
		: processes;
}
