import { readFile } from "node:fs/promises";
import { run } from "../lab/command.js";
import type { LibvirtHost } from "./libvirt-host.js";

/** A process, by what cannot be another's: its number, and when it started. */
type Process = `${string}@${string}`;

/** What a host consists of while it is there. */
export interface Parts {
	readonly processes: readonly Process[];
	readonly namespaces: readonly string[];
}

/** Lists the processes in the namespaces of a host. */
export async function listParts({ namespaces }: LibvirtHost): Promise<Parts> {
	const names = Object.values(namespaces);
	const processes: Process[] = [];
	for (const name of names) {
		const pids = await run(["ip", "netns", "pids", name]);
		for (const pid of pids.split("\n").filter(Boolean)) {
			const startTime = await readStartTime(pid);
			if (startTime !== null) {
				processes.push(`${pid}@${startTime}`);
			}
		}
	}
	return { processes, namespaces: names };
}

/** Those parts of a host that are still there. */
export async function findLeftovers(parts: Parts): Promise<readonly string[]> {
	const left: string[] = [];
	for (const process of parts.processes) {
		const [pid = "", startTime] = process.split("@");
		if ((await readStartTime(pid)) === startTime) {
			left.push(`process ${pid}`);
		}
	}
	const names = (await run(["ip", "netns", "list"])).split(/\s+/);
	left.push(...parts.namespaces.filter((name) => names.includes(name)));
	return left;
}

/** What is mounted, in this process's eyes, where libvirtd has mounts of its own. */
export async function listLibvirtMounts(): Promise<readonly string[]> {
	const text = await readFile("/proc/self/mountinfo", "utf8");
	const points = /^\/run$|^\/etc\/(resolv\.conf|hosts)$|\/libvirt(\/|$)/;
	return text
		.split("\n")
		.filter((line) => points.test(line.split(" ")[4] ?? ""));
}

/**
 * Field 22 of /proc/PID/stat; null when it has ended. Its name may hold spaces and
 * parentheses. A zombie has ended: it waits only for init to look.
 */
async function readStartTime(pid: string): Promise<string | null> {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
	const [state, ...fields] =
		stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
	return state === "Z" ? null : (fields[18] ?? null);
}
