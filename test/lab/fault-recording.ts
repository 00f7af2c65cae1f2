import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cli } from "../commands/program.js";
import { startChild } from "./child.js";
import type { Command } from "./command.js";
import type { HostSays } from "./fault-log.js";
import { readHost } from "./fault-log.js";
import type { Teardown } from "./teardown.js";
import { waitFor } from "./wait.js";

/** `vmpath record` into a file, while it runs. */
export interface Recording {
	readonly path: string;
	/** Waits until what the host said last holds. */
	told(what: string, holds: (host: HostSays) => boolean): Promise<void>;
	/** Ends it. Throws when it lost frames or says that something is wrong. */
	stop(): Promise<void>;
}

/** Services are read every 30 s. */
const toldMs = 50_000;

/**
 * Starts `vmpath record`, and waits until every port is captured.
 *
 * @param inside makes a command run on the KVM host
 */
export async function startRecording(
	inside: (command: Command) => Command,
	directory: string,
	teardown: Teardown,
): Promise<Recording> {
	const path = join(directory, "log.pcapng");
	const child = startChild(
		inside([process.execPath, cli, "record", "-w", path]),
	);
	teardown.add(() => child.stop("SIGINT"));
	const told: Recording["told"] = async (what, holds) => {
		await waitFor(`the recording to tell ${what}`, toldMs, async () => {
			const log = await readFile(path).catch(() => Buffer.alloc(0));
			return holds(readHost(log)) ? true : undefined;
		});
	};
	await told("of the capture", (host) => host.text("capture") !== '""');
	return {
		path,
		told,
		stop: async () => {
			const said = await child.stop("SIGINT");
			if (
				!/^(vmpath: (waiting for|recording) [^\n]*\n)*vmpath: [\d,]+ frames? recorded, 0 lost by the capture\s*$/.test(
					said,
				)
			) {
				throw new Error(`the recording is not whole: ${said}`);
			}
		},
	};
}
