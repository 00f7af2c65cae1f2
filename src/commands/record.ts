import { Failure } from "./failure.js";
import { checkMayCapture } from "./privileges.js";
import type { RecordOptions } from "./record-options.js";
import { Recording } from "./recording.js";

/**
 * Records what passes on this host into an event log.
 *
 * @throws {Failure} when it cannot begin, or the log cannot be written to its end
 */
export async function record(options: RecordOptions): Promise<void> {
	if (options.isRestricted) {
		checkRestricted(options);
		// Who started it may be stopped with ctrl-Z: it goes on, as long as there is room.
		process.on("SIGTSTP", () => {});
	}
	checkMayCapture();
	await new Recording(options).run();
}

/** @throws {Failure} when more is asked for than `watch` ever does */
function checkRestricted({ write, rotation, connect }: RecordOptions): void {
	const isPlain = write === "-" && rotation === null;
	if (!isPlain || (connect !== null && !/^[\w+]+:\/\/\/\w*$/.test(connect))) {
		throw new Failure(
			"a recorder started with --restricted writes to standard output only (-w -), and asks this host's libvirt only",
		);
	}
}
