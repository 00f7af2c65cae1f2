/** How the host is asked. */
export interface HostOptions {
	/** libvirt connection URI; null: virsh's own default, and `qemu:///system` without root. */
	readonly connect: string | null;
	/** Ask guests' agents for their addresses, which takes a connection that may write. */
	readonly asksAgents?: boolean;
	/** Directories of the tools, as in PATH; absent: PATH, and where root's tools are. */
	readonly path?: string;
	/** The directory that holds /etc, /proc, /run and /sys; absent: the root. */
	readonly root?: string;
	/** Ends commands that run, when nobody waits for their answer any more. */
	readonly signal?: AbortSignal;
	/** The programs that run just now; kept by whoever runs them. */
	readonly running?: Set<RunningProgram>;
}

/** A program that has not answered yet. */
export interface RunningProgram {
	readonly name: string;
}

/**
 * The environment of every tool: messages in English, times in UTC, nothing coloured, and
 * the directories in which Debian keeps the tools of root.
 */
export function environmentOf(options: HostOptions): Record<string, string> {
	const ours = process.env.PATH ?? "/usr/bin:/bin";
	const path = options.path ?? `${ours}:/usr/local/sbin:/usr/sbin:/sbin`;
	return { PATH: path, LC_ALL: "C", TZ: "UTC", NO_COLOR: "1" };
}

/** Where a file of the host is found. */
export function locate(path: string, options: HostOptions): string {
	return `${options.root ?? ""}${path}`;
}
