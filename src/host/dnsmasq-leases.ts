import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { HostStatement } from "../model/host-document.js";
import { gapOfFile } from "./gap.js";
import { type HostOptions, locate } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";
import type { HostProcess } from "./processes.js";

/** Where Debian's and Red Hat's dnsmasq keep leases when nobody says otherwise. */
const usualPaths = [
	"/var/lib/misc/dnsmasq.leases",
	"/var/lib/dnsmasq/dnsmasq.leases",
];

const fileLimit = 64;

/** In bytes; a lease takes some 80. */
const sizeLimit = 1 << 20;

/**
 * `1795370045 52:54:00:cd:76:3a 192.168.100.57 VM1 01:52:…`: when it ends, who, what. The
 * rest of the line, the name that a client gave itself, is left out.
 */
const lease = /^\d{1,12} [0-9a-f]{2}(?::[0-9a-f]{2}){5} [\d.]{7,15}(?= )/i;

/**
 * Reads the leases that dnsmasqs gave which are not libvirt's own.
 *
 * `dnsmasq leases /var/lib/misc/dnsmasq.leases`: `{"leases": "1795370045
 * 52:54:00:cd:76:3a 192.168.100.57\n…", "ranges": ["192.168.100.50,192.168.100.99,1h"],
 * "readAt": 1795368245}`. Times in seconds since the epoch, 0: for ever. `ranges` are
 * those of its servers' command lines.
 */
export async function readDnsmasqLeases(
	processes: readonly HostProcess[],
	options: HostOptions,
): Promise<HostStatement[]> {
	const ranges = new Map<string, string[]>();
	for (const { args } of processes.filter(givesLeases)) {
		const said = findValues(args, "--dhcp-leasefile", "-l");
		const path = said.find((value) => value.startsWith("/"));
		for (const each of path === undefined ? usualPaths : [path]) {
			const others = ranges.get(each) ?? [];
			ranges.set(each, [...others, ...findValues(args, "--dhcp-range", "-F")]);
		}
	}
	const statements = await mapInTurn(
		[...ranges].slice(0, fileLimit),
		4,
		([path, some]) => readLeaseFile(path, some, options),
	);
	return statements.filter((statement) => statement !== null);
}

/** libvirt's own dnsmasqs keep no file of leases: virsh tells of theirs. */
function givesLeases({ name, isInOurNetwork, args }: HostProcess): boolean {
	return (
		name === "dnsmasq" &&
		isInOurNetwork !== false &&
		!args.some((arg) => /^--leasefile-ro|\/libvirt\/dnsmasq\//.test(arg))
	);
}

/** `--option=value`, `--option value`, `-o value` or `-ovalue`. */
function findValues(
	args: readonly string[],
	option: string,
	letter: string,
): string[] {
	return args.flatMap((arg, at) => {
		if (arg === option || arg === letter) {
			return args[at + 1] ?? [];
		}
		return arg.startsWith(`${option}=`)
			? [arg.slice(option.length + 1)]
			: arg.startsWith(letter)
				? [arg.slice(letter.length)]
				: [];
	});
}

/**
 * Any user may call a process dnsmasq and name any file: only a plain file is opened, and
 * only leases are kept of it. Null: it is not there.
 */
async function readLeaseFile(
	path: string,
	ranges: readonly string[],
	options: HostOptions,
): Promise<HostStatement | null> {
	const source = `dnsmasq leases ${path}`;
	try {
		const readAt = Math.floor(Date.now() / 1000);
		const text = await readPlainFile(locate(path, options));
		const leases = text
			.split("\n")
			.flatMap((line) => lease.exec(line)?.[0] ?? [])
			.join("\n");
		return { source, output: { leases, ranges, readAt }, gap: null };
	} catch (error) {
		const gap = gapOfFile(error);
		return gap && { source, output: null, gap };
	}
}

async function readPlainFile(path: string): Promise<string> {
	// Opening a pipe would wait for its writer.
	const flags = constants.O_RDONLY | constants.O_NONBLOCK;
	const file = await open(path, flags);
	try {
		const stat = await file.stat();
		if (!stat.isFile()) {
			return "";
		}
		const bytes = Buffer.alloc(Math.min(stat.size, sizeLimit));
		const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
		return bytes.toString("latin1", 0, bytesRead);
	} finally {
		await file.close();
	}
}
