import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { makeSafe } from "../model/safe-text.js";
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
	const { stdin, stderr } = process;
	return {
		mayCapture: process.getuid?.() === 0 || hasCapNetRaw("CapAmb") === true,
		hasSudo: findSudo() !== null,
		canAsk: stdin.isTTY && stderr.isTTY,
		wantsSudo,
		command: readCommand(),
	};
}

/** @throws {Failure} where the kernel would refuse this process every engine */
export function checkMayCapture(): void {
	if (hasCapNetRaw("CapEff") === false) {
		throw new Failure(
			`capturing needs root, or CAP_NET_RAW: run \`sudo ${readCommand()}\``,
		);
	}
}

/**
 * From /proc/self/status; null: that cannot be read.
 *
 * @param set CapEff: of this process; CapAmb: of its children, too
 */
function hasCapNetRaw(set: "CapEff" | "CapAmb"): boolean | null {
	try {
		const status = readFileSync("/proc/self/status", "utf8");
		const [, mask] =
			new RegExp(`^${set}:\\s*([0-9a-f]+)$`, "m").exec(status) ?? [];
		return mask === undefined
			? null
			: ((BigInt(`0x${mask}`) >> capNetRaw) & 1n) === 1n;
	} catch {
		return null;
	}
}

/** What was run, as a shell takes it. */
function readCommand(): string {
	const words = process.argv.slice(2).map((word) => {
		const isPlain = /^[\w@%+=:,./-]+$/.test(word);
		return isPlain ? word : `'${word.replaceAll("'", "'\\''")}'`;
	});
	return makeSafe(["vmpath", ...words].join(" "));
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
