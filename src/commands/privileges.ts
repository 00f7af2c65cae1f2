import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Failure } from "./failure.js";

/** How the recorder gets the right to capture. */
export type Elevation = "none" | "sudo";

/** What that depends on. */
export interface Standing {
	/** Root, or with CAP_NET_RAW: children may capture. */
	readonly mayCapture: boolean;
	readonly hasSudo: boolean;
	/** sudo can ask for the password: there is a terminal. */
	readonly canAsk: boolean;
	/** `--sudo` was given. */
	readonly wantsSudo: boolean;
	/** What was run, for the advice: `vmpath watch web`. */
	readonly command: string;
}

/** Number of CAP_NET_RAW, from linux/capability.h. */
const capNetRaw = 13n;

/**
 * Root captures by itself; others through sudo, where it was asked for or there is a
 * terminal to ask on.
 *
 * @throws {Failure} that says exactly what to run
 */
export function chooseElevation(standing: Standing): Elevation {
	const { mayCapture, hasSudo, canAsk, wantsSudo, command } = standing;
	if (mayCapture) {
		return "none";
	}
	if (hasSudo && (wantsSudo || canAsk)) {
		return "sudo";
	}
	throw new Failure(
		hasSudo
			? `capturing needs root: run \`${command} --sudo\`, or \`sudo ${command}\``
			: `capturing needs root, and sudo is not installed: run \`${command}\` as root`,
	);
}

/** How things stand for this process. */
export function readStanding(wantsSudo: boolean): Standing {
	const { stdin, stderr, argv } = process;
	return {
		mayCapture: process.getuid?.() === 0 || hasCapNetRaw(),
		hasSudo: findSudo() !== null,
		canAsk: stdin.isTTY && stderr.isTTY,
		wantsSudo,
		command: ["vmpath", ...argv.slice(2)].join(" "),
	};
}

/** CapAmb is what a child of ours has, too. From /proc/self/status. */
function hasCapNetRaw(): boolean {
	try {
		const status = readFileSync("/proc/self/status", "utf8");
		const [, mask] = /^CapAmb:\s*([0-9a-f]+)$/m.exec(status) ?? [];
		return (
			mask !== undefined && ((BigInt(`0x${mask}`) >> capNetRaw) & 1n) === 1n
		);
	} catch {
		return false;
	}
}

function findSudo(): string | null {
	for (const directory of (process.env.PATH ?? "").split(delimiter)) {
		const path = join(directory, "sudo");
		try {
			accessSync(path, constants.X_OK);
			return path;
		} catch {
			// Not there: the next directory may have it.
		}
	}
	return null;
}
