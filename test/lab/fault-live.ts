import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { VerdictSubject } from "../../src/model/verdict.js";
import { ping } from "./clients.js";
import { type Command, run } from "./command.js";
import { readHost } from "./fault-log.js";
import {
	type Bench,
	type FaultPlayed,
	type FaultScenario,
	fixedIp,
} from "./fault-scenario.js";
import { setStage } from "./fault-stage.js";
import { type Lab, withLab } from "./lab.js";
import { type Program, type Run, runProgram } from "./live-program.js";
import { startVerify, verifiedLog } from "./live-verify.js";
import { inNamespace, setSysctls } from "./namespaces.js";
import { router, vms } from "./plan.js";
import { waitFor } from "./wait.js";

/** A scenario, and what `vmpath verify` said of it. */
export interface VerifiedFault {
	readonly played: FaultPlayed;
	readonly live: Run;
	/** The same question, asked of the log that the live run wrote. */
	readonly replayed: Run;
}

/** Begins to watch before a fault is made, after and before what it takes for that. */
type Beginning = (lab: Lab, begin: () => Promise<void>) => Promise<void>;

/**
 * Faults that are made while verify watches already. Every other one is there before it
 * begins, as when somebody asks why a VM has no network.
 */
const madeWhileWatched: Readonly<Record<string, Beginning>> = {
	// The port forwards again after 8 s, of which a start may take too many.
	"stp-forward-delay": (_, begin) => begin(),
	"stp-forward-delay-patient-client": (_, begin) => begin(),
	// A bridge may be meant to have no uplink, and a tap that no VM is known to have may be
	// meant for no bridge: only that they had one tells.
	"uplink-not-in-bridge": (_, begin) => begin(),
	"tap-not-in-bridge": (_, begin) => begin(),
	// Whose the address is that the router asks for in vain, only the VM itself tells.
	"guest-silent": hearVm,
	"guest-not-reading": hearVm,
	"tap-down": hearVm,
};

/** The VM answers the host, which is no word with its gateway. */
async function hearVm(lab: Lab, begin: () => Promise<void>): Promise<void> {
	await begin();
	await ping(lab, "kvmhost", fixedIp, { count: 1 });
}

/** From a neighbour's first use until it is asked whether it still is there. */
const calmSeconds = 600;

/**
 * Keeps machines from asking of themselves for who was a neighbour before: that would be a
 * verdict before the fault, or tell one what the fault is to make it ask for.
 */
async function calmNeighbours({ namespaces }: Lab): Promise<void> {
	const cards = [
		...(["vm1", "vm2", "vm3"] as const).map((vm) => [vm, "eth0"] as const),
		["router", router.lan] as const,
	];
	for (const [host, card] of cards) {
		await setSysctls(namespaces[host], {
			[`net.ipv4.neigh.${card}.delay_first_probe_time`]: calmSeconds,
		});
	}
}

/** What the host says of its links is read as it changes. */
const toldMs = 10_000;

/**
 * Plays a scenario on a lab of its own under the eyes of `vmpath verify`. It sees nothing
 * of what went well before the fault: that must not settle the verdict.
 *
 * @param isThereBefore the fault is made before verify begins, whatever it is
 */
export async function verifyFault(
	scenario: FaultScenario,
	subject: VerdictSubject,
	isThereBefore = false,
): Promise<VerifiedFault> {
	return withLab(async (lab) => {
		await setStage(scenario, lab);
		await calmNeighbours(lab);
		const { mac, tap } = vms[scenario.vm];
		const question = ["verify", subject, mac, "--format", "json"];
		const watch = new Watch(() => startVerify(lab, question.slice(1), tap));
		if (scenario.cause === null) {
			await watch.begin();
		}
		const beginning = isThereBefore
			? undefined
			: madeWhileWatched[scenario.name];
		const bench = makeBench(beginning, lab, watch);
		const played = await scenario.play({ ...bench, lab });
		const live = await watch.end(scenario.quietSeconds * 1000);
		const log = ["--read", verifiedLog(lab)];
		const replayed = await runProgram(lab, [...question, ...log]);
		return { played, live, replayed };
	});
}

/** A run of verify that begins when the scenario has got so far. */
class Watch {
	readonly #start: () => Promise<Program>;
	#program: Program | null = null;

	constructor(start: () => Promise<Program>) {
		this.#start = start;
	}

	async begin(): Promise<void> {
		this.#program = await this.#start();
	}

	/** Ends it as an administrator does, unless it ends by itself so soon. */
	async end(withinMs: number): Promise<Run> {
		const program = this.#program;
		if (program === null) {
			throw new Error("the scenario made no fault");
		}
		const deadline = pause(withinMs, null, { ref: false });
		const ended = await Promise.race([program.ended, deadline]);
		return ended ?? program.stop("SIGINT");
	}
}

/** @param beginBefore undefined: verify begins when the fault is there */
function makeBench(
	beginBefore: Beginning | undefined,
	lab: Lab,
	watch: Watch,
): Bench {
	const isTold = async (tells: Parameters<Bench["breakIt"]>[1]) => {
		const log = await readFile(verifiedLog(lab));
		return tells === null || tells(readHost(log)) ? true : undefined;
	};
	return {
		host: (...command: Command) =>
			run(inNamespace(lab.namespaces.kvmhost, command)),
		breakIt: async (make, tells) => {
			if (beginBefore === undefined) {
				// The host says how it is before the capture begins.
				await make();
				await watch.begin();
				return;
			}
			await beginBefore(lab, () => watch.begin());
			await make();
			await waitFor("word of the fault", toldMs, () => isTold(tells));
		},
		prove: async () => undefined,
	};
}
