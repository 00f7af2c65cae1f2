import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";

/** Standard streams that were terminals when this process began. */
const terminals = [0, 1, 2].filter((fd) => isatty(fd));

/** Whether a terminal of this process is gone: its window was closed, or its connection. */
export function isTerminalLost(): boolean {
	return terminals.some((fd) => !isatty(fd));
}

/**
 * Its terminal is gone, which the kernel tells only whom the terminal controls: others
 * find it out as they read or write, and do the same then.
 */
export function hangUp(): void {
	// At once: the terminal may have been all that kept this process from ending.
	const isHeard = process.emit("SIGHUP", "SIGHUP");
	if (!isHeard) {
		process.kill(process.pid, "SIGHUP");
	}
}

/**
 * To be done when this process ends. Node sets terminals back to how they were, and where
 * one is gone it aborts, with a core dump (nodejs/node issue 51519; not any more from 24
 * on). What was opened anew since it began it leaves alone.
 */
export function letGoOfLostTerminals(): void {
	for (const fd of terminals) {
		if (!isatty(fd)) {
			closeSync(fd);
			openSync("/dev/null", "r+");
		}
	}
}
