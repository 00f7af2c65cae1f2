import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** USER_HZ is 100 on every architecture of Linux that Node runs on. */
const ticksPerSecond = 100;

/** The processor time a process has used, in seconds. From /proc/PID/stat. */
export async function readCpuSeconds(pid: number): Promise<number> {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8");
	// The name in parentheses may hold anything; utime and stime are fields 14 and 15.
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The share of a processor that a process uses while so long passes. */
export async function measureCpu(pid: number, ms: number): Promise<number> {
	const before = await readCpuSeconds(pid);
	const start = performance.now();
	await pause(ms);
	const seconds = (performance.now() - start) / 1000;
	return ((await readCpuSeconds(pid)) - before) / seconds;
}

/** The processes that a process has started and that still run. */
export async function findChildren(pid: number): Promise<readonly number[]> {
	const tasks = await readdir(`/proc/${pid}/task`);
	const lists = await Promise.all(
		tasks.map((task) =>
			readFile(`/proc/${pid}/task/${task}/children`, "utf8").catch(() => ""),
		),
	);
	return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}

/** The command line of a process, with spaces between its words. */
export async function readCommandLine(pid: number): Promise<string> {
	const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
	return text.split("\0").join(" ");
}

/** Whether a process is there. */
export async function isRunning(pid: number): Promise<boolean> {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
	return stat !== "" && !/\) [ZX] /.test(stat);
}
