import type { HostFacts } from "../host/doctor-facts.js";
import type { CaptureFacts } from "./doctor-probe.js";

/** All that the checks are made of. */
export interface DoctorFacts {
	readonly host: HostFacts;
	readonly capture: CaptureFacts;
	/** process.version, process.execPath. */
	readonly nodeVersion: string;
	readonly nodePath: string;
	/** The script of the program that runs. */
	readonly programPath: string;
}

/** `failure`: it cannot be traced so; `warning`: it can, but less is seen or known. */
export type CheckStatus = "ok" | "warning" | "failure";

/** One thing that was looked at. */
export interface Check {
	readonly name: string;
	readonly status: CheckStatus;
	/** What was found, in words; safe to show. */
	readonly found: string;
	/** What to do, as a command wherever there is one; null: nothing, or nobody knows. */
	readonly fix: string | null;
	/** What to know about the fix; null: nothing. */
	readonly note: string | null;
}

/** A word of a shell command line. */
export function quote(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word)
		? word
		: `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command line that runs a command as root, for whoever runs this. */
export function asRoot({ host }: DoctorFacts, command: string): string {
	if (host.isRoot) {
		return command;
	}
	return host.hasSudo ? `sudo ${command}` : `su -c ${quote(command)}`;
}
