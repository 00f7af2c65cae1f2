import { access, readdir } from "node:fs/promises";
import type { HostStatement } from "../model/host-document.js";
import { readStart } from "./file.js";
import { gapOfFile } from "./gap.js";
import { type HostOptions, locate } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";

const configurations = "/etc/pve/qemu-server";
const running = "/run/qemu-server";
const domainLimit = 10_000;

/** What says how a VM is plugged in; not its disks, nor its cloud-init password. */
const kept = /^(name|net\d+|agent|template|lock|hostpci\d+|args):/;

/** Whether this is a Proxmox host. */
export async function hasProxmox(options: HostOptions): Promise<boolean> {
	return access(locate(configurations, options)).then(
		() => true,
		() => false,
	);
}

/** Reads Proxmox's own word of its VMs; nothing where there is no Proxmox. */
export async function readProxmox(
	options: HostOptions,
): Promise<HostStatement[]> {
	const names = await list(configurations, /^(\d+)\.conf$/, options);
	if ("gap" in names) {
		const { gap } = names;
		return gap ? [{ source: configurations, output: null, gap }] : [];
	}
	const statements = await mapInTurn(names.ids.slice(0, domainLimit), 8, (id) =>
		readConfiguration(`${configurations}/${id}.conf`, options),
	);
	const pids = await list(running, /^(\d+)\.pid$/, options);
	return [
		...statements,
		"gap" in pids
			? { source: running, output: pids.gap ? null : [], gap: pids.gap }
			: { source: running, output: pids.ids, gap: null },
	];
}

type Ids =
	| { readonly ids: readonly string[] }
	| { readonly gap: ReturnType<typeof gapOfFile> };

async function list(
	directory: string,
	pattern: RegExp,
	options: HostOptions,
): Promise<Ids> {
	try {
		const names = await readdir(locate(directory, options));
		const ids = names.flatMap((name) => pattern.exec(name)?.[1] ?? []);
		return { ids: ids.sort((a, b) => Number(a) - Number(b)) };
	} catch (error) {
		return { gap: gapOfFile(error) };
	}
}

async function readConfiguration(
	path: string,
	options: HostOptions,
): Promise<HostStatement> {
	try {
		const text = await readStart(path, options);
		// Snapshots follow the VM itself, each below its name in brackets.
		const [current = ""] = text.split(/^\[/m);
		const lines = current.split("\n").filter((line) => kept.test(line));
		return { source: path, output: lines.join("\n"), gap: null };
	} catch (error) {
		return { source: path, output: null, gap: gapOfFile(error) };
	}
}
