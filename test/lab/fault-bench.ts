import { type Command, run } from "./command.js";
import type { Recording } from "./fault-recording.js";
import type { Bench, Evidence } from "./fault-scenario.js";

/** What was noted while a fault was made. */
export interface FaultNotes {
	/** When the fault was there: nanoseconds since the epoch; null: there is none. */
	readonly sinceNs: string | null;
	readonly evidence: readonly Evidence[];
}

/** A bench that tells what was noted on it. */
export interface NotingBench extends Bench {
	notes(): FaultNotes;
}

/**
 * Makes what faults are made with.
 *
 * @param inside makes a command run on the KVM host
 */
export function makeBench(
	inside: (command: Command) => Command,
	recording: Recording,
): NotingBench {
	const evidence: Evidence[] = [];
	let sinceNs: string | null = null;
	const host = (...command: Command) => run(inside(command));
	return {
		host,
		breakIt: async (make, isTold) => {
			await make();
			sinceNs = nowNs();
			if (isTold) {
				await recording.told("of the fault", isTold);
			}
		},
		prove: async (...command) => {
			const says = await host(...command);
			evidence.push({ command: command.join(" "), says });
		},
		notes: () => ({ sinceNs, evidence }),
	};
}

/** The time of the machine, whose clock also stamps the frames. */
function nowNs(): string {
	return `${BigInt(Date.now()) * 1_000_000n}`;
}
