import { execa } from "execa";

/** How long a program took, and how much memory at the most. */
export interface Run {
	readonly seconds: number;
	/** Peak resident set, in MB; null where it was not measured. */
	readonly megabytes: number | null;
}

/** Runs a command to its end, its output thrown away. */
export async function time(command: readonly string[]): Promise<Run> {
	const [file = "", ...args] = command;
	const begun = performance.now();
	await execa(file, args, { stdout: "ignore", stderr: "ignore" });
	return { seconds: (performance.now() - begun) / 1000, megabytes: null };
}

/** Runs a script with Node, which tells its own peak of memory at exit. */
export async function timeNode(args: readonly string[]): Promise<Run> {
	const tell =
		"process.on('exit',()=>process.stderr.write('\\nPEAK '+process.resourceUsage().maxRSS))";
	const begun = performance.now();
	const { stderr } = await execa(
		process.execPath,
		["--import", `data:text/javascript,${encodeURIComponent(tell)}`, ...args],
		{ stdout: "ignore" },
	);
	const seconds = (performance.now() - begun) / 1000;
	const peak = /PEAK (\d+)/.exec(stderr)?.[1];
	return { seconds, megabytes: peak ? Number(peak) / 1024 : null };
}

/** The run in the middle of an odd number of them. */
export async function median(
	runs: number,
	run: () => Promise<Run>,
): Promise<Run> {
	const all: Run[] = [];
	for (let at = 0; at < runs; at += 1) {
		all.push(await run());
	}
	all.sort((a, b) => a.seconds - b.seconds);
	return all[Math.floor(runs / 2)] as Run;
}
